// What is observed of the target stands beside the run's own figures.
import { readFile } from "node:fs/promises";
import { devices } from "@playwright/test";
import { test as base, expect } from "./fixtures/test";
import { Program } from "./fixtures/program";
import { Prometheus } from "./fixtures/prometheus";

const QUERY = 'sum by (job, instance) (rate(cpu_seconds_total{mode!="idle"}[30s]))';

const test = base.extend<{ prometheus: Prometheus }>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what is needed
  prometheus: async ({}, provide) => {
    const prometheus = await Prometheus.start();
    await provide(prometheus);
    await prometheus.end();
  },
  program: async ({ target, prometheus }, provide) => {
    const observe = ["--observe", prometheus.url, "--observe-query", `CPU=${QUERY}`];
    const program = await Program.loadTest("--host", target.url, "--class", "Visitor", ...observe);
    await provide(program);
    await program.end();
  },
});

test("a query has a chart with its series, on the time axis of the others, and a row of figures", async ({
  ui,
  program,
  prometheus,
}) => {
  const { page } = ui;
  await ui.start({ users: 2, spawnRate: 2 });
  await ui.tab("Charts");
  const chart = page.getByRole("figure", { name: /^Observed: CPU/ });
  await expect(chart.getByRole("button", { name: /^machine-1/ })).toBeVisible();
  await expect(chart.getByText(QUERY)).toBeVisible();
  await expect(chart.locator("canvas")).toBeVisible();
  await chart.getByRole("button", { name: /^machine-2/ }).click();
  await expect(chart.getByRole("button", { name: /^machine-2/ })).toHaveAttribute("aria-pressed", "false");
  await ui.stop();
  const { observed, run } = await program.report();
  expect(observed.map(({ name, labels }) => [name, labels["instance"]])).toEqual([
    ["CPU", "machine-1"],
    ["CPU", "machine-2"],
  ]);
  // Each value is that of its second of the clock.
  const started = Date.parse(run.started_at) / 1000;
  const points = observed[0]?.points ?? [];
  expect(points.length).toBeGreaterThanOrEqual(5);
  for (const { t_s, value } of points) expect(value).toBe(Math.round(started + t_s) % 60);
  await chart.getByRole("button", { name: "Show as table Observed: CPU" }).click();
  await expect(chart.getByRole("columnheader", { name: "machine-2" })).toBeVisible();
  const row = ui.row("Observed", "CPU").first();
  await expect(row).toContainText("instance=machine-1, job=shop");
  expect(new Set(prometheus.asked)).toEqual(new Set([QUERY]));
});

test("the report has what was observed", async ({ ui, page }, info) => {
  await ui.start({ users: 1 });
  await ui.tab("Charts");
  await expect(page.getByRole("figure", { name: /^Observed: CPU/ })).toBeVisible();
  await ui.stop();
  await ui.tab("Downloads");
  const downloading = page.waitForEvent("download");
  await page
    .getByRole("link", { name: /report.*html|html/i })
    .first()
    .click();
  const path = info.outputPath("report.html");
  await (await downloading).saveAs(path);
  expect(await readFile(path, "utf8")).toContain('"observed":[{');
  await page.goto(`file://${path}`);
  await expect(page.getByRole("figure", { name: /^Observed: CPU/ }).locator("canvas")).toBeVisible();
});

test.describe("on a phone", () => {
  const { viewport, userAgent, isMobile, hasTouch } = devices["Pixel 7"];
  test.use({ viewport: { ...viewport, width: 390, height: 844 }, userAgent, isMobile, hasTouch });

  test("its chart makes nothing scroll sideways", async ({ ui }) => {
    await ui.start({ users: 1 });
    await ui.tab("Charts");
    await expect(ui.page.getByRole("figure", { name: /^Observed: CPU/ })).toBeVisible();
    const sideways = async (): Promise<number> =>
      ui.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await sideways()).toBe(0);
    await ui.stop();
    await expect(ui.row("Observed", "CPU").first()).toBeVisible();
    expect(await sideways()).toBe(0);
  });
});
