// A run from its start to its end, as the page shows it.
import { expect, test } from "./fixtures/test";

test.use({ args: ["--class", "Visitor"] });

test("figures move while it runs, and agree with the target's own count when it is over", async ({
  ui,
  target,
  program,
}) => {
  await ui.start({ users: 4, spawnRate: 4 });
  await expect(ui.state).toHaveText("running");
  await expect(ui.figure("users")).toHaveText("4");
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  const before = await ui.count("Requests", "/browse", "Requests");
  await expect.poll(async () => ui.count("Requests", "/browse", "Requests")).toBeGreaterThan(before + 50);
  await ui.stop();
  expect(await ui.count("Requests", "/browse", "Requests")).toBe(target.count("/browse"));
  expect(await ui.count("Requests", "/search", "Requests")).toBe(target.count("/search"));
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total);
  expect((await program.report()).totals.requests).toBe(target.total);
});

test("changing the load leaves the run time and the classes as they were", async ({
  ui,
  target,
  program,
}) => {
  await ui.start({ users: 2, spawnRate: 2, runTime: "6s" });
  await expect(ui.state).toHaveText("running");
  const { run: started } = await program.report();
  await ui.button("Edit load").click();
  const dialog = ui.page.getByRole("dialog", { name: "Edit load" });
  await expect(dialog.getByLabel("Users")).toHaveValue("2");
  await dialog.getByLabel("Users").fill("5");
  await dialog.getByLabel("Spawn rate").fill("100");
  const load = ui.page.waitForRequest("**/api/v1/load");
  await dialog.getByRole("button", { name: "Change load" }).click();
  expect((await load).postDataJSON()).toEqual({ users: 5, spawn_rate: 100 });
  await expect(dialog).toBeHidden();
  await expect(ui.figure("users")).toHaveText("5");
  await ui.button("Edit load").click();
  await expect(dialog.getByLabel("Users")).toHaveValue("5");
  await ui.page.keyboard.press("Escape");
  await expect(ui.page.getByText(/0:0\d left/)).toBeVisible();
  // Nobody stops it.
  await ui.stopped();
  await expect(ui.page.getByText(/run time/)).toBeVisible();
  const { run } = await program.report();
  expect(run).toMatchObject({ classes: started.classes, run_time_s: 6 });
  await ui.tab("Charts");
  await expect(ui.page.locator(".events")).toContainText("5 users");
  expect([...target.received.keys()].sort()).toEqual(["/browse", "/search"]);
});

test("a change of the load that can't be made is refused with a reason, and nothing changes", async ({
  ui,
}) => {
  await ui.start({ users: 2, spawnRate: 2 });
  await expect(ui.figure("users")).toHaveText("2");
  await ui.button("Edit load").click();
  const dialog = ui.page.getByRole("dialog", { name: "Edit load" });
  await dialog.getByLabel("Spawn rate").fill("0");
  await dialog.getByRole("button", { name: "Change load" }).click();
  await expect(dialog.getByRole("alert")).not.toBeEmpty();
  await ui.page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(ui.state).toHaveText("running");
  await expect(ui.figure("users")).toHaveText("2");
});

test("what is shown survives a reload, while it runs and when it is over", async ({ ui, target }) => {
  await ui.start({ users: 2, spawnRate: 2, runTime: "1m" });
  await expect(ui.state).toHaveText("running");
  await ui.page.reload();
  await expect(ui.state).toHaveText("running");
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  await expect(ui.page.getByText(/0:\d\d left/)).toBeVisible();
  await ui.tab("Charts");
  await ui.page.reload();
  await expect(ui.page.getByRole("figure").first()).toBeVisible();
  await expect(ui.page.getByRole("tab", { name: "Charts" })).toHaveAttribute("aria-selected", "true");
  await ui.stop();
  await ui.tab("Statistics");
  await ui.page.reload();
  await expect(ui.state).toHaveText("stopped");
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total);
});

test("the choice of columns survives a reload", async ({ ui }) => {
  await ui.start({ users: 1 });
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  const heads = ui.page.getByRole("table", { name: "Requests", exact: true }).locator(".column-title");
  await expect(heads.filter({ hasText: "p99.9" })).toHaveCount(0);
  await ui.page.getByLabel("Columns of requests").click();
  await ui.page.getByRole("group", { name: "Whole run" }).getByLabel("p99.9 ms").check();
  await expect(heads.getByText("p99.9", { exact: true })).toBeVisible();
  await ui.page.reload();
  await expect(heads.getByText("p99.9", { exact: true })).toBeVisible();
});

test("after a reset the rows and figures of before are gone", async ({ ui, target, program }) => {
  await ui.start({ users: 2, spawnRate: 2, classes: ["snake_user"] });
  const missing = ui.row("Requests", "/missing_page/{some_id}");
  await expect(missing).toBeVisible();
  await ui.button("Stop").click();
  await ui.stopped();
  await ui.button("New test").click();
  await ui.start({ classes: ["Visitor"] });
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  // A new run has nothing of the one before, and a reset nothing of before it.
  await expect(missing).toHaveCount(0);
  await expect.poll(async () => (await program.report()).totals.requests).toBeGreaterThan(50);
  target.freeze();
  // Each user waits for an answer, and nothing moves.
  await expect.poll(() => target.held).toBe(2);
  await ui.button("Reset").click();
  await expect(ui.row("Requests", "/browse")).toHaveCount(0);
  await expect(ui.page.getByText("No request has ended yet.")).toBeVisible();
  await expect(ui.figure("failures")).toHaveText("0 %");
  target.thaw();
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  await ui.stop();
  expect(await ui.count("Requests", "All requests", "Requests")).toBeLessThan(target.total);
});
