// The program around the page: as it is typed, and by itself.
import { Program } from "./fixtures/program";
import { expect, test } from "./fixtures/test";
import { Ui } from "./fixtures/ui";

test("`cargo swarm` without --headless serves the page of a package's users", async ({ page }) => {
  test.setTimeout(300_000);
  const program = await Program.cargoSwarm("-p", "shop", "--demo");
  const ui = new Ui(page, program.url);
  await ui.open();
  await expect(ui.figure("host")).toContainText("demo site");
  await expect(page.getByTestId("classes-summary")).toHaveText("all 2");
  await ui.openPicker();
  await expect(ui.classPart("AuthenticatedUser")).toContainText(
    "Someone with an account: logs in once, then works.",
  );
  await ui.start({ users: 5, spawnRate: 5, runTime: "4s" });
  await ui.stopped();
  const { totals, exceptions } = await program.report();
  expect({ failures: totals.failures, exceptions }).toEqual({ failures: 0, exceptions: [] });
  expect(totals.requests).toBeGreaterThan(0);
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(totals.requests);
  await program.end();
});

test("a run that starts by itself is on the page, and the program ends after it with its exit code", async ({
  page,
  target,
}) => {
  const options = [
    "--class",
    "Visitor",
    "--autostart",
    "--autoquit",
    "1",
    "-t",
    "3s",
    "--threshold",
    "p95 < 0.001ms",
  ];
  const program = await Program.loadTest("--host", target.url, ...options);
  const ui = new Ui(page, program.url);
  await ui.open();
  await expect(ui.state).toHaveText(/spawning|running/);
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  await ui.stopped();
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total);
  expect(await program.exited).toBe(3);
  await expect(page.getByText(/The connection is lost/)).toBeVisible();
  await program.end();
});

test.describe("below a path", () => {
  test.use({ args: ["--class", "Visitor", "--web-base-path", "/load/tests"] });

  test("the page works there, and nowhere else", async ({ ui, target }) => {
    expect(new URL(ui.url).pathname).toBe("/load/tests");
    await ui.start({ users: 1, runTime: "2s" });
    await ui.stopped();
    expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total);
    const { origin } = new URL(ui.url);
    expect((await fetch(`${origin}/`)).status).toBe(404);
    expect((await fetch(`${origin}/api/v1/form`)).status).toBe(404);
  });
});
