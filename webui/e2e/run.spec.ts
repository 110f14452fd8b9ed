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
