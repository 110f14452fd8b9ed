// A connection that is lost, and comes back.
import { expect, test } from "./fixtures/test";

test.use({ args: ["--class", "Visitor"] });

test("a program that does not answer is told of, and what is shown goes on when it does again", async ({
  ui,
  program,
  target,
}) => {
  const lost = ui.page.getByText(/The connection is lost/);
  await ui.start({ users: 2, spawnRate: 2 });
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  program.freeze();
  await expect(lost).toBeVisible({ timeout: 20_000 });
  // What was there stays.
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  const before = await ui.count("Requests", "All requests", "Requests");
  program.thaw();
  await expect(lost).toBeHidden();
  await expect.poll(async () => ui.count("Requests", "All requests", "Requests")).toBeGreaterThan(before);
  await ui.stop();
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total);
});

test("what can't be done without a network says so, and can be done later", async ({ ui, context }) => {
  await ui.start({ users: 1 });
  await expect(ui.state).toHaveText("running");
  await context.setOffline(true);
  await ui.button("Stop").click();
  await expect(ui.page.getByText("the program can't be reached")).toBeVisible();
  await context.setOffline(false);
  await expect(ui.page.getByText(/The connection is lost/)).toBeHidden();
  await expect(ui.state).toHaveText("running");
  await ui.page.getByRole("button", { name: "Dismiss" }).click();
  await ui.stop();
  await expect(ui.page.getByText("the program can't be reached")).toBeHidden();
});
