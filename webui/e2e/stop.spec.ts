// The end of a run: gracefully, and at once.
import { expect, test } from "./fixtures/test";

test.use({ args: ["--class", "Patient"] });

test("stopping waits for what is on its way, and loses nothing", async ({ ui, target, program }) => {
  await ui.start({ users: 20, spawnRate: 100 });
  await expect(ui.figure("users")).toHaveText("20");
  target.freeze();
  await expect.poll(() => target.held).toBe(20);
  await ui.button("Stop").click();
  await expect(ui.state).toHaveText("stopping");
  await expect(ui.button("Stop at once")).toBeVisible();
  target.thaw();
  await ui.stopped();
  expect(await ui.count("Requests", "/slow", "Requests")).toBe(target.total);
  expect((await program.report()).totals).toMatchObject({
    requests: target.total,
    interrupted: 0,
    failures: 0,
  });
});

test("stopping at once cuts off what is on its way, and counts it apart", async ({ ui, target, program }) => {
  await ui.start({ users: 5, spawnRate: 100 });
  await expect(ui.figure("users")).toHaveText("5");
  target.freeze();
  await expect.poll(() => target.held).toBe(5);
  await ui.button("Stop").click();
  await expect(ui.state).toHaveText("stopping");
  await ui.button("Stop at once").click();
  await ui.stopped();
  const { totals } = await program.report();
  expect(totals.interrupted).toBe(5);
  expect(totals.requests + totals.interrupted).toBe(target.total);
  expect(await ui.count("Requests", "/slow", "Requests")).toBe(target.total - 5);
  await expect(ui.page.getByText("5 sent without an answer")).toBeVisible();
});
