// What a checker of accessibility finds on each screen: nothing serious.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures/test";
import type { Ui } from "./fixtures/ui";

test.use({ args: ["--class", "Visitor,snake_user,Clumsy", "--threshold", "p95 < 0.001ms"] });

async function check(ui: Ui, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: ui.page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n")}`);
  expect(serious, screen).toEqual([]);
}

for (const colorScheme of ["dark", "light"] as const) {
  test(`no screen has a serious barrier, ${colorScheme}`, async ({ ui }) => {
    const { page } = ui;
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const folded of await page.locator("summary").all()) {
      if (await folded.isVisible()) await folded.click();
    }
    await ui.field("Users").fill("many");
    await expect(ui.field("Users")).toHaveAttribute("aria-invalid", "true");
    await check(ui, "the form with everything unfolded, and a mistake");
    await ui.start({ users: 6, spawnRate: 100 });
    await expect(ui.row("Requests", "/missing_page/{some_id}")).toBeVisible();
    await check(ui, "statistics");
    await page.getByLabel("Columns of requests").click();
    await check(ui, "the choice of columns");
    await page.keyboard.press("Escape");
    await ui.row("Requests", "/missing_page/{some_id}").getByRole("link").click();
    await expect(page.getByRole("heading", { name: "/missing_page/{some_id}" })).toBeVisible();
    await check(ui, "an entry");
    await ui.button("Edit load").click();
    await check(ui, "the load");
    await page.keyboard.press("Escape");
    for (const screen of ["Charts", "Failures", "Exceptions", "Classes", "Logs", "Downloads"]) {
      await ui.tab(screen);
      await expect(page.getByRole("tabpanel", { name: new RegExp(screen) })).toBeVisible();
      await check(ui, screen);
    }
    await ui.tab("Failures");
    await ui.button("Show").first().click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await check(ui, "an example");
    await page.keyboard.press("Escape");
    await ui.stop();
    await ui.tab("Statistics");
    await check(ui, "a run that is over");
  });
}
