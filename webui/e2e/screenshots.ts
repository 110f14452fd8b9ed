// Makes docs/screenshots: each screen in dark and light, and on a phone, of runs of the example shop. `npm run screenshots`.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type Browser } from "@playwright/test";
import type { Form, Runs } from "../src/types";
import { Program, REPOSITORY } from "./fixtures/program";
import { SlowSite } from "./fixtures/slow_site";
import { Ui } from "./fixtures/ui";

const FOLDER = join(REPOSITORY, "docs", "screenshots");
const LARGE = { width: 1440, height: 900 };
const LOOKS = [
  { as: "dark", colorScheme: "dark", viewport: LARGE },
  { as: "light", colorScheme: "light", viewport: LARGE },
  { as: "phone", colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const;

/** Opens the page in each look, one after the other, for pictures of what is there. */
async function looks(
  browser: Browser,
  url: string,
  show: (ui: Ui, shoot: (screen: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const { as, ...look } of LOOKS) {
    const context = await browser.newContext({ ...look, deviceScaleFactor: 1 });
    const ui = new Ui(await context.newPage(), url);
    await ui.open();
    await show(ui, async (screen) => {
      const path = join(FOLDER, `${screen}-${as}.png`);
      await ui.page.screenshot({ path, animations: "disabled", caret: "hide" });
    });
    await context.close();
  }
}

/** With a palette, where the tool for that is installed. */
function shrink(): void {
  const files = readdirSync(FOLDER).map((file) => join(FOLDER, file));
  try {
    execFileSync("pngquant", ["--force", "--ext", ".png", "--strip", "--speed", "1", "--", ...files]);
  } catch (error) {
    process.stderr.write(`the files stay as large as they are: ${String(error)}\n`);
  }
}

test("screenshots", async ({ browser }) => {
  test.setTimeout(900_000);
  mkdirSync(FOLDER, { recursive: true });
  const demo = await Program.cargoSwarm("-p", "shop", "--demo");
  const { entered } = JSON.parse(await demo.get("form")) as Form;
  const site = await SlowSite.before(entered.options["host"] ?? "");
  const history = mkdtempSync(join(tmpdir(), "swarm-screenshots-"));
  const program = await Program.cargoSwarm("-p", "shop", "--host", site.url, "--history", history);

  await looks(browser, program.url, async (ui, shoot) => {
    await ui.page.getByRole("radio", { name: "Stages" }).check();
    await ui.field("Stages").fill("30@10s, 30@15s, 90@15s, 90@20s, 0@10s");
    await ui.field("Thresholds").fill("p95 < 250ms, failures < 1%");
    await ui.openPicker();
    await ui
      .classPart("AuthenticatedUser")
      .getByLabel("Weight of AuthenticatedUser", { exact: true })
      .fill("2");
    await ui.page.evaluate(() => {
      scrollTo(0, 0);
    });
    await shoot("start");
  });

  const page = await browser.newPage();
  const ui = new Ui(page, program.url);
  await ui.open();
  await ui.page.getByRole("radio", { name: "Stages" }).check();
  await ui.field("Stages").fill("30@10s, 30@15s, 90@15s, 90@5m");
  await ui.field("Thresholds").fill("p95 < 250ms, failures < 1%");
  await ui.start();
  await ui.figure("elapsed").getByText(/^1:0/).waitFor({ timeout: 120_000 });
  await looks(browser, program.url, async (each, shoot) => {
    await each.row("Requests", "/checkout").waitFor();
    await shoot("statistics");
    await each.row("Requests", "/checkout").getByRole("link").click();
    await each.page.getByRole("figure").first().waitFor();
    await shoot("entry");
    for (const screen of ["Charts", "Failures", "Exceptions", "Classes", "Logs", "Downloads"]) {
      await each.tab(screen);
      await each.page.getByRole("tabpanel", { name: new RegExp(screen) }).waitFor();
      await shoot(screen.toLowerCase());
    }
  });
  await ui.stop();

  await ui.button("New test").click();
  await ui.page.getByRole("radio", { name: "Search for the limit" }).check();
  await ui.field("What has to hold").fill("p95 < 1s");
  await ui.start();
  await ui.stopped(600_000);
  await looks(browser, program.url, async (each, shoot) => {
    await each.tab("Capacity");
    await each.page.getByRole("figure").first().waitFor();
    await shoot("capacity");
  });

  for (const name of ["with the old cache", "with the new cache"]) {
    await ui.button("New test").click();
    await ui.page.getByRole("radio", { name: "Users", exact: true }).check();
    if (!(await ui.field("Run name").isVisible())) await ui.page.getByText("Advanced options").click();
    await ui.field("Run name").fill(name);
    await ui.start({ users: 40, spawnRate: 40, runTime: "30s" });
    await ui.stopped(60_000);
  }
  const { runs } = JSON.parse(await program.get("runs")) as Runs;
  const [after, before] = runs.map(({ id }) => id);
  await looks(browser, program.url, async (each, shoot) => {
    await each.page.getByRole("link", { name: "History" }).click();
    await each.page.getByRole("link", { name: "with the old cache" }).waitFor();
    await shoot("history");
    await each.page.goto(`${program.url}/#/compare?before=${before}&after=${after}`);
    await each.page.getByRole("figure").first().waitFor();
    await shoot("compare");
  });

  await page.close();
  await program.end();
  site.end();
  await demo.end();
  rmSync(history, { recursive: true });
  shrink();
});
