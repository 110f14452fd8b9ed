// The result in one file: opened from a disk, without a network.
import AxeBuilder from "@axe-core/playwright";
import type { Page, TestInfo } from "@playwright/test";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { pathToFileURL } from "node:url";
import type { Report } from "../src/types";
import { LOAD_TEST, PASSWORD } from "./fixtures/program";
import { expect, test } from "./fixtures/test";
import { Ui } from "./fixtures/ui";

const run = promisify(execFile);

type Opened = { ui: Ui; report: Report; wrong: string[] };

/** Runs without a page, and opens what is left of it. */
async function headless(page: Page, info: TestInfo, host: string, ...args: string[]): Promise<Opened> {
  const [html, json] = [info.outputPath("report-{u}.html"), info.outputPath("report.json")];
  const files = ["--html", html, "--json-file", json];
  const options = ["--headless", "--only-summary", "--host", host, "--users", "6", "--spawn-rate", "100"];
  // Failures are an exit code of their own.
  await run(LOAD_TEST, [...options, ...files, "--member-password", PASSWORD, ...args]).catch(() => undefined);
  const report = JSON.parse(await readFile(json, "utf8")) as Report;
  return { ...(await open(page, html.replace("{u}", "6"))), report };
}

/** The tables of which something is not seen. */
async function cut(page: Page): Promise<string[]> {
  return page
    .locator(".table-box")
    .evaluateAll((boxes) =>
      boxes
        .filter((it) => it.scrollHeight > it.clientHeight + 1 || it.scrollWidth > it.clientWidth + 1)
        .map((it) => it.getAttribute("aria-label") ?? ""),
    );
}

async function open(page: Page, file: string): Promise<{ ui: Ui; wrong: string[] }> {
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => wrong.push(message.text()));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) wrong.push(request.url());
  });
  await page.context().setOffline(true);
  const ui = new Ui(page, pathToFileURL(file).href);
  await ui.open();
  return { ui, wrong };
}

test("it shows the figures of the JSON file, charts, and each entry", async ({ page, target }, info) => {
  const { ui, report, wrong } = await headless(
    page,
    info,
    target.url,
    ...["--class", "Visitor,snake_user,Clumsy", "--run-time", "3s", "--threshold", "p95 < 0.001ms"],
  );
  expect(report.totals.requests).toBe(target.total);
  await expect(ui.state).toHaveText("stopped");
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(report.totals.requests);
  for (const { name, requests, failures } of report.requests) {
    expect(await ui.count("Requests", name, "Requests"), name).toBe(requests);
    expect(await ui.count("Requests", name, "Failures"), name).toBe(failures);
  }
  for (const reason of report.outcome.reasons) {
    await expect(page.locator(".reasons").getByText(reason, { exact: true })).toBeVisible();
  }
  await expect(ui.row("Thresholds", "p95 < 0.001ms")).toContainText("failed");
  await expect(page.locator(".facts").getByText(String(report.run.seed), { exact: true })).toBeVisible();
  await expect(page.locator(".facts").getByText(target.url)).toBeVisible();
  await expect(page.locator(".plot canvas")).toHaveCount(5);
  for (const { class: of, task, runs } of report.tasks) {
    const card = page.locator(".card", { has: page.getByRole("heading", { name: of, exact: true }) });
    const row = card.locator("li", { has: page.getByText(task.split("::").at(-1) ?? task, { exact: true }) });
    await expect(row).toContainText(`${runs.toLocaleString("en-US")} runs`);
  }
  for (const name of ["Stop", "Reset", "Edit load", "New test"]) await expect(ui.button(name)).toHaveCount(0);
  await ui.row("Requests", "/browse").getByRole("link").click();
  await expect(page.getByRole("heading", { name: "/browse" })).toBeVisible();
  await expect(page.locator(".plot canvas")).toHaveCount(3);
  await expect(page.getByText("No response times yet.")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  expect(wrong).toEqual([]);
});

for (const colorScheme of ["dark", "light"] as const) {
  test(`it has no serious barrier, ${colorScheme}`, async ({ page, target }, info) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const classes = ["--class", "Visitor,snake_user,Clumsy", "--run-time", "2s", "--threshold", "rps > 1"];
    const { wrong } = await headless(page, info, target.url, ...classes);
    expect(wrong).toEqual([]);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ""}`)).toEqual([]);
  });
}

test("it prints all of it: light, and no table cut", async ({ page, target }, info) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const options = ["--class", "Collector", "--iterations", "300", "--run-time", "20s"];
  const { ui, report, wrong } = await headless(page, info, target.url, ...options);
  expect(report.requests).toHaveLength(300);
  const rows = page.getByRole("table", { name: "Requests", exact: true }).locator("tbody tr:not(.space)");
  expect(await rows.count()).toBeLessThan(100);
  await page.evaluate(() => {
    addEventListener("beforeprint", () => {
      // Behind what the page itself does about it.
      queueMicrotask(() => {
        queueMicrotask(() => {
          Reflect.set(window, "printed", {
            rows: document.querySelectorAll("table[aria-label=Requests] tbody tr:not(.space)").length,
            ground: getComputedStyle(document.body).backgroundColor,
            charts: document.querySelectorAll(".plot canvas").length,
          });
        });
      });
    });
  });
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  const printed = await page.evaluate(() => Reflect.get(window, "printed") as unknown);
  expect(printed).toEqual({ rows: 300, ground: "rgb(245, 246, 248)", charts: 5 });
  await writeFile(info.outputPath("report.pdf"), pdf);
  await expect.poll(async () => rows.count()).toBeLessThan(100);
  await page.emulateMedia({ media: "print" });
  expect(await cut(page)).toEqual([]);
  await expect(ui.page.getByLabel("Search requests")).toBeHidden();
  expect(wrong).toEqual([]);
});

test("names with markup are text", async ({ page, target }, info) => {
  const { ui, report, wrong } = await headless(
    page,
    info,
    target.url,
    "--class",
    "Hostile",
    "--run-time",
    "2s",
  );
  expect(report.requests.length).toBeGreaterThan(5);
  await expect(ui.row("Requests", "</script><script>window.executed = 'name'</script>")).toBeVisible();
  await expect(page.locator("img")).toHaveCount(0);
  await expect(page.locator("script")).toHaveCount(2);
  expect(await page.evaluate(() => Reflect.get(window, "executed") as unknown)).toBeUndefined();
  await page.setViewportSize({ width: 1040, height: 720 });
  await page.emulateMedia({ media: "print" });
  expect(await cut(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

test("the page of a run offers it too", async ({ ui, page, context }, info) => {
  await ui.start({ users: 2, spawnRate: 100, runTime: "2s", classes: ["Visitor"] });
  await ui.stopped();
  await ui.tab("Downloads");
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "report.html" }).click();
  const file = info.outputPath("downloaded.html");
  await (await saving).saveAs(file);
  await ui.tab("Statistics");
  const counted = await ui.count("Requests", "All requests", "Requests");
  const report = await open(await context.newPage(), file);
  expect(await report.ui.count("Requests", "All requests", "Requests")).toBe(counted);
  expect(report.wrong).toEqual([]);
  await context.setOffline(false);
});
