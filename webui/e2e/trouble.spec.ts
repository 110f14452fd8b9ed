// What goes wrong in users is to be seen, and to be read.
import { expect, test } from "./fixtures/test";

test.describe("users that break", () => {
  test.use({ args: ["--class", "Clumsy"] });

  test("messages of panics and errors keep their lines", async ({ ui }) => {
    await ui.start({ users: 2, spawnRate: 100 });
    await ui.tab("Exceptions");
    const card = (title: string) => ui.page.getByRole("listitem").filter({ hasText: title });
    const panic = card("Clumsy::panics").locator("pre");
    await expect(panic).toContainText("it broke");
    expect(await panic.innerText()).toContain("it broke\n  in the first place\n    and in the second");
    expect(await card("Clumsy::fails").locator("pre").innerText()).toContain(
      "it failed\n  first\n    second",
    );
    // As lines, one below the other.
    const [height, line] = await panic.evaluate((element) => {
      const style = getComputedStyle(element);
      return [element.clientHeight, Number.parseFloat(style.lineHeight), style.whiteSpace] as const;
    });
    expect(height).toBeGreaterThan(2.5 * line);
    await expect(ui.page.getByRole("tab", { name: /Exceptions 2/ })).toBeVisible();
    await expect(ui.page.getByRole("tab", { name: /Logs.*new warnings/ })).toBeVisible();
    await ui.stop();
  });
});

test.describe("users that can't begin", () => {
  test.use({ args: ["--class", "LockedOut"] });

  test("never count as started, and the reason is to be seen while the run goes on", async ({
    ui,
    target,
  }) => {
    await ui.start({ users: 3, spawnRate: 100 });
    await expect(ui.figure("users")).toHaveText("3");
    await expect.poll(() => target.count("/locked")).toBeGreaterThan(5);
    await expect(ui.state).toHaveText("spawning");
    await ui.tab("Exceptions");
    await expect(ui.page.getByRole("tabpanel")).toContainText("LockedOut::");
    await expect(ui.page.getByRole("tabpanel")).toContainText("there is no way in");
    await ui.tab("Failures");
    await expect(ui.page.getByRole("table", { name: "Failures", exact: true })).toContainText("/locked");
    await expect(ui.state).toHaveText("spawning");
    await ui.stop();
    expect(target.count("/browse")).toBe(0);
  });
});
