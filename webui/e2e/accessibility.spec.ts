// What a checker of accessibility finds on each screen: nothing serious.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures/test";
import type { Ui } from "./fixtures/ui";

test.use({ args: ["--class", "Visitor,snake_user,Clumsy", "--threshold", "p95 < 0.001ms"] });

async function check(ui: Ui, screen: string): Promise<void> {
  // In the page itself: there are no frames.
  const checker = new AxeBuilder({ page: ui.page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await checker.analyze();
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n")}`);
  expect(serious, screen).toEqual([]);
}

for (const colorScheme of ["dark", "light"] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: "reduce" } });

    test("the form has no serious barrier", async ({ ui }) => {
      await ui.openPicker();
      await ui.classPart("Visitor").getByText("2 tasks").click();
      await ui.page.getByText("Advanced options").click();
      await ui.classPart("Visitor").getByLabel("Weight of Visitor", { exact: true }).fill("5");
      await ui.field("Users").fill("many");
      await expect(ui.field("Users")).toHaveAttribute("aria-invalid", "true");
      await check(ui, "everything unfolded, and a mistake");
    });

    test("no screen of a run has a serious barrier", async ({ ui }) => {
      const { page } = ui;
      await ui.start({ users: 6, spawnRate: 100 });
      await expect(ui.row("Requests", "/missing_page/{some_id}")).toBeVisible();
      await check(ui, "statistics");
      await ui.button("Edit load").click();
      await check(ui, "the load");
      await page.keyboard.press("Escape");
      await ui.stop();
      await check(ui, "a run that is over");
      await page.getByLabel("Columns of requests").click();
      await check(ui, "the choice of columns");
      await page.keyboard.press("Escape");
      await ui.row("Requests", "/missing_page/{some_id}").getByRole("link").click();
      await expect(page.getByRole("heading", { name: "/missing_page/{some_id}" })).toBeVisible();
      await check(ui, "an entry");
      for (const screen of ["Charts", "Failures", "Exceptions", "Classes", "Logs", "Downloads"]) {
        await ui.tab(screen);
        await expect(page.getByRole("tabpanel", { name: new RegExp(screen) })).toBeVisible();
        await check(ui, screen);
      }
      await ui.tab("Failures");
      await ui.button("Show").first().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await check(ui, "an example");
    });
  });
}
