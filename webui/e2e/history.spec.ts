// Finished runs: listed, named, opened, compared, deleted; as the program and its command line know them.
import AxeBuilder from "@axe-core/playwright";
import type { Locator } from "@playwright/test";
import { execFile } from "node:child_process";
import type { Comparison, Runs } from "../src/types";
import { LOAD_TEST, type Program } from "./fixtures/program";
import { expect, test } from "./fixtures/test";
import type { Ui } from "./fixtures/ui";

// How busy this machine is, is not the matter here.
const CALM = ["--validity", "suspect=1000%,invalid=1000%"];
test.use({ args: ["--class", "Visitor", "--history", "runs", ...CALM] });

async function runOnce(ui: Ui, runTime: string): Promise<void> {
  if (await ui.button("New test").isVisible()) await ui.button("New test").click();
  await ui.start({ users: 6, spawnRate: 100, runTime });
  await ui.stopped();
}

async function openHistory(ui: Ui, runs: number): Promise<void> {
  await ui.page.getByRole("link", { name: "History" }).click();
  await expect(ui.page.getByTestId("runs-count")).toHaveText(`${runs} ${runs === 1 ? "run" : "runs"}`);
}

/** The row of a run, by what it is called. */
function rowOf(ui: Ui, name: string): Locator {
  const table = ui.page.getByRole("table", { name: "Finished runs" });
  return table.getByRole("row").filter({ has: ui.page.getByRole("link", { name, exact: true }) });
}

async function kept(program: Program): Promise<Runs> {
  return JSON.parse(await program.get("runs")) as Runs;
}

/** What the command line says. */
async function compare(...args: string[]): Promise<Comparison> {
  return new Promise((resolve) => {
    // That something is worse is an exit code of its own.
    execFile(LOAD_TEST, ["compare", "--format", "json", ...args], (_error, stdout) => {
      resolve(JSON.parse(stdout) as Comparison);
    });
  });
}

async function serious(ui: Ui): Promise<string[]> {
  const checker = new AxeBuilder({ page: ui.page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await checker.analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n")}`);
}

test("two runs are listed, one is named, and both are compared as the command line does", async ({
  ui,
  program,
}) => {
  test.slow();
  await runOnce(ui, "6s");
  await runOnce(ui, "6s");
  const { totals } = await program.report();
  await openHistory(ui, 2);
  const { runs, folder } = await kept(program);
  const [after, before] = runs.map(({ id }) => id);
  if (after === undefined || before === undefined || folder === null) throw new Error("two runs are kept");
  expect(runs[0]?.run).toMatchObject({ requests: totals.requests, failures: totals.failures });
  await expect(rowOf(ui, after)).toContainText(totals.requests.toLocaleString("en-US"));

  const hostile = '<img src=x onerror="alert(1)"> before';
  await ui.button(`Edit ${before}`).click();
  const dialog = ui.page.getByRole("dialog", { name: "Name and notes" });
  await dialog.getByLabel("Name").fill(hostile);
  await dialog.getByLabel("Notes").fill("without\nthe cache");
  expect(await serious(ui)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(rowOf(ui, hostile)).toBeVisible();
  expect((await kept(program)).runs[1]?.run).toMatchObject({ name: hostile, notes: "without\nthe cache" });
  expect(await serious(ui)).toEqual([]);

  await expect(ui.page.getByRole("button", { name: /^Compare/ })).toBeDisabled();
  await rowOf(ui, hostile).getByRole("checkbox").check();
  await rowOf(ui, after).getByRole("checkbox").check();
  await ui.button("Compare 2").click();
  const said = await compare("--history", folder, hostile, "last");
  expect(JSON.parse(await program.get(`compare?before=${before}&after=${after}`))).toEqual(said);
  expect(said.not_comparable).toEqual([]);
  const rows = ui.page.getByRole("table", { name: "Changes" }).locator("tbody tr");
  await expect(rows).toHaveCount(said.entries.length);
  for (const { name, changes, verdict } of said.entries) {
    const row = rows.filter({ has: ui.page.getByRole("rowheader", { name, exact: true }) });
    await expect(row.locator("td").nth(1)).toHaveText(verdict.replaceAll("_", " "));
    // What is behind the rounding is the same number.
    const shown = Number((await row.locator("td").nth(2).innerText()).replaceAll(",", ""));
    const rps = changes.find(({ measure }) => measure === "rps")?.before ?? Number.NaN;
    expect(Math.abs(shown - rps)).toBeLessThan(0.06 + rps / 100);
  }
  await expect(ui.page.getByRole("figure", { name: /^Rate/ })).toContainText(`${after} (after)`);
  await expect(ui.page.getByRole("figure", { name: /^95th percentile/ })).toContainText("before (before)");
  expect(await serious(ui)).toEqual([]);

  await ui.button("Swap").click();
  const swapped = `compare?before=${after}&after=${before}`;
  await expect(ui.page).toHaveURL(new RegExp(swapped.replace("?", "\\?")));
  await ui.page.reload();
  await expect(rows).toHaveCount(said.entries.length);
});

test("an earlier run is opened while another one goes on, and deleted after being asked", async ({
  ui,
  target,
  program,
}) => {
  await runOnce(ui, "1s");
  const requests = target.total;
  const [id = ""] = (await kept(program)).runs.map((run) => run.id);
  await ui.button("New test").click();
  await ui.start({ users: 1, spawnRate: 1, runTime: "10m" });
  await expect(ui.state).toHaveText("running");
  await openHistory(ui, 1);
  await rowOf(ui, id).getByRole("link").press("Enter");
  const head = ui.page.getByRole("complementary", { name: "An earlier run" });
  await expect(head).toContainText(id);
  await expect(ui.state).toHaveText("stopped");
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(requests);
  expect(await serious(ui)).toEqual([]);
  await ui.row("Requests", "/browse").getByRole("link").click();
  await expect(ui.page.getByRole("heading", { name: "/browse" })).toBeVisible();
  await ui.page.keyboard.press("Escape");
  await expect(ui.row("Requests", "All requests")).toBeVisible();
  const download = ui.page.waitForEvent("download");
  await ui.page.getByRole("link", { name: /requests.csv/ }).click();
  expect((await download).url()).toContain(`runs/${id}/files/requests.csv`);
  await ui.page.reload();
  await expect(head).toContainText(id);

  await head.getByRole("button", { name: "Name and notes" }).click();
  const dialog = ui.page.getByRole("dialog", { name: "Name and notes" });
  await dialog.getByRole("button", { name: "Delete…" }).click();
  await expect(dialog.getByRole("alert")).toContainText("for good?");
  expect((await kept(program)).runs).toHaveLength(1);
  await dialog.getByRole("button", { name: "Yes, delete it" }).click();
  await expect(ui.page.getByTestId("runs-count")).toHaveText("0 runs");
  expect((await kept(program)).runs).toHaveLength(0);
  await ui.page.getByRole("link", { name: "To the current run" }).click();
  await expect(ui.state).toHaveText("running");
  await ui.stop();
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total - requests);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 780 } });

  test("the history is there before the first run, and says what to do", async ({ ui, program }) => {
    await openHistory(ui, 0);
    await expect(ui.page.getByText("No run has finished yet")).toBeVisible();
    expect(await serious(ui)).toEqual([]);
    await ui.page.goBack();
    await runOnce(ui, "1s");
    await openHistory(ui, 1);
    const [id = ""] = (await kept(program)).runs.map((run) => run.id);
    await expect(rowOf(ui, id).getByRole("checkbox")).toBeVisible();
    const wide = await ui.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await rowOf(ui, id).getByRole("link").click();
    await expect(ui.page.getByRole("complementary", { name: "An earlier run" })).toContainText(id);
    const opened = await ui.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(opened).toBeLessThanOrEqual(0);
  });
});
