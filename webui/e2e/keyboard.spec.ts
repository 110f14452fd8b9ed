// Everything can be done without a mouse.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures/test";

test.use({ args: ["--class", "Visitor,snake_user"] });

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let pressed = 0; pressed < 200; pressed += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not get there");
}

async function retype(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

test("a run from start to stop by the keyboard alone", async ({ ui, target }) => {
  const { page } = ui;
  const { keyboard } = page;
  await keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "To the content" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await tabTo(page, ui.picker.locator("summary").first());
  await keyboard.press("Enter");
  await tabTo(page, ui.classPart("snake_user").getByRole("checkbox"));
  await keyboard.press("Space");
  await expect(page.getByTestId("classes-summary")).toHaveText(/^1 of/);
  await page.reload();
  await retype(page, ui.field("Users"), "2");
  await retype(page, ui.field("Spawn rate"), "5");
  await keyboard.press("Enter");
  await expect(ui.state).toHaveText("running");

  await tabTo(page, ui.button("Edit load"));
  await keyboard.press("Enter");
  await expect(ui.field("Users")).toBeFocused();
  await retype(page, ui.field("Users"), "3");
  await keyboard.press("Enter");
  await expect(ui.figure("users")).toHaveText("3");
  await expect(ui.button("Edit load")).toBeFocused();

  await tabTo(page, ui.button("Stop"));
  await keyboard.press("Enter");
  await ui.stopped();
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total);
});

test("screens are changed by the arrow keys", async ({ ui }) => {
  const { page } = ui;
  await ui.start({ users: 1 });
  const tab = (name: string): Locator => page.getByRole("tab", { name });
  await tabTo(page, tab("Statistics"));
  const chosen = async (name: string): Promise<void> => {
    await expect(tab(name)).toHaveAttribute("aria-selected", "true");
    await expect(tab(name)).toBeFocused();
    await expect(page.getByRole("tabpanel", { name })).toBeVisible();
  };
  await page.keyboard.press("ArrowRight");
  await chosen("Charts");
  await page.keyboard.press("End");
  await chosen("Downloads");
  await page.keyboard.press("ArrowRight");
  await chosen("Statistics");
  await page.keyboard.press("ArrowLeft");
  await chosen("Downloads");
  await page.keyboard.press("Home");
  await chosen("Statistics");
});

test("tables are sorted by Enter, and say how", async ({ ui }) => {
  const { page } = ui;
  await ui.start({ users: 4, spawnRate: 4 });
  await expect(ui.row("Requests", "/missing_page/{some_id}")).toBeVisible();
  await ui.stop();
  const table = page.getByRole("table", { name: "Requests", exact: true });
  const head = table.getByRole("columnheader", { name: /^Requests/ });
  const counts = async (): Promise<number[]> => {
    const cells = table.locator("tbody tr td:nth-child(3)");
    return (await cells.allInnerTexts()).map((text) => Number(text.replaceAll(",", "")));
  };
  await expect(head).toHaveAttribute("aria-sort", "none");
  await tabTo(page, head.getByRole("button"));
  await page.keyboard.press("Enter");
  await expect(head).toHaveAttribute("aria-sort", "descending");
  const descending = await counts();
  expect(descending.length).toBeGreaterThanOrEqual(4);
  expect(descending).toEqual([...descending].sort((a, b) => b - a));
  await page.keyboard.press("Enter");
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  expect(await counts()).toEqual([...descending].reverse());
  // From a row to what it is about, and back.
  await tabTo(page, ui.row("Requests", "/browse").getByRole("link"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "/browse" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(table).toBeVisible();
});
