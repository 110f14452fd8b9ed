// Figures are not rounded to what they are not, and are there from the first second on.
import { expect, test } from "./fixtures/test";

test.describe("of slow answers", () => {
  test.use({ args: ["--class", "Patient"] });

  test("times are shown as they were measured, and not to the next hundred", async ({
    ui,
    target,
    program,
  }) => {
    target.delays.set("/slow", 1_049);
    await ui.start({ users: 4, spawnRate: 100, runTime: "4s" });
    await ui.stopped();
    const [row] = (await program.report()).requests;
    for (const column of ["p50", "p95", "p99", "Max"]) {
      const shown = await ui.count("Requests", "/slow", column);
      expect(shown).toBeGreaterThanOrEqual(1_049);
    }
    const { p50 = null, max = null } = row?.response_time_ms ?? {};
    expect(await ui.count("Requests", "/slow", "p50")).toBe(Math.round(p50 ?? 0));
    expect(await ui.count("Requests", "/slow", "Max")).toBe(Math.round(max ?? 0));
    const all = ui.page.getByRole("table", { name: "Requests", exact: true }).locator("tfoot");
    await expect(all).toContainText("1,0");
  });

  test("times below a millisecond are not zero", async ({ ui, program }) => {
    await ui.start({ users: 1, runTime: "2s" });
    await ui.stopped();
    const min = (await program.report()).requests[0]?.response_time_ms.min;
    expect(min).toBeGreaterThan(0);
    expect(await ui.cell("Requests", "/slow", "p50")).not.toMatch(/^0(\.0*)?$/);
  });
});

test.describe("of a target that stands still", () => {
  test.use({ args: ["--class", "Punctual"] });

  test("requests that were due meanwhile are made, and their waiting is shown", async ({
    ui,
    target,
    program,
  }) => {
    await ui.start({ users: 5, spawnRate: 100, runTime: "8s" });
    // There are figures once a second is over.
    await expect(ui.state).toHaveText("running");
    target.freeze();
    await expect.poll(() => target.held).toBe(5);
    const { history } = await program.report();
    await expect
      .poll(async () => (await program.report()).history.length)
      .toBeGreaterThan(history.length + 2);
    target.thaw();
    await ui.stopped();
    const [row] = (await program.report()).requests;
    await ui.page.getByLabel("Columns of requests").click();
    await ui.page.getByRole("group", { name: "From schedule" }).getByLabel("p95 ms").check();
    await ui.page.keyboard.press("Escape");
    const table = ui.page.getByRole("table", { name: "Requests", exact: true });
    await expect(table.getByRole("columnheader", { name: "From schedule" })).toBeVisible();
    const waited = row?.from_schedule_ms?.p95 ?? 0;
    expect(waited).toBeGreaterThan(500);
    await expect(ui.row("Requests", "/due")).toContainText(Math.round(waited).toLocaleString("en-US"));
    expect(await ui.count("Requests", "/due", "Requests")).toBe(target.total);
    // Five were on their way while the target stood still, and many more were due.
    expect(target.total).toBeGreaterThan(5 * 10 * 5);
  });
});

test.describe("of rare failures", () => {
  test.use({ args: ["--class", "Patient", "--iterations", "2500"] });

  test("one failure in 2,500 requests is 0.04 %, and not none", async ({ ui, target }) => {
    target.failsOneOf.set("/slow", 2_500);
    await ui.start({ users: 30, spawnRate: 1000 });
    await ui.stopped();
    expect(target.total).toBe(2_500);
    await expect(ui.figure("failures")).toHaveText("0.04 %");
    expect(await ui.cell("Requests", "/slow", "Failed")).toBe("0.04 %");
    expect(await ui.count("Requests", "/slow", "Failures")).toBe(1);
    await expect(ui.page.getByRole("tab", { name: /Failures 1/ })).toBeVisible();
  });
});

test.describe("of the first seconds", () => {
  test.use({ args: ["--class", "Visitor"] });

  test("the rate is there as soon as requests are", async ({ ui, program }) => {
    // Each change of the head is noted: how many requests there were, and the rate beside them.
    await ui.page.evaluate(() => {
      const seen: [string, string][] = [];
      Reflect.set(window, "seen", seen);
      const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
      const note = (): void => {
        const requests = text("table[aria-label=Requests] tfoot td:nth-child(3)");
        const rate = text("[data-testid=rate]");
        if (requests !== "" && text("[data-testid=state]") !== "stopped") seen.push([requests, rate]);
      };
      new MutationObserver(note).observe(document.body, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    await ui.start({ users: 4, spawnRate: 4, runTime: "4s" });
    await ui.stopped();
    const seen = await ui.page.evaluate(() => Reflect.get(window, "seen") as [string, string][]);
    expect(seen.length).toBeGreaterThan(0);
    for (const [requests, rate] of seen)
      expect(Number(rate), `after ${requests} requests`).toBeGreaterThan(0);
    const { history } = await program.report();
    expect(history.length).toBeGreaterThanOrEqual(4);
    expect(history.filter(({ rps }) => rps > 0).length).toBeGreaterThanOrEqual(4);
  });
});
