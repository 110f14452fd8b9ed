// Marks that people and programs set on the timeline.
import { expect, test } from "./fixtures/test";
import { Ui } from "./fixtures/ui";

test.use({ args: ["--class", "Visitor"] });

test("a mark is set by a button or a key, and is an event of the run for all who look on", async ({
  ui,
  program,
  browser,
}) => {
  const { page } = ui;
  expect(await program.post("marks", { text: "too early" })).toBe(409);
  await expect(ui.button("Mark")).toHaveCount(0);
  // The key is a letter where one types.
  await ui.field("Run time").press("m");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await ui.field("Run time").fill("");
  await ui.start({ users: 1 });
  const context = await browser.newContext();
  const other = new Ui(await context.newPage(), ui.url);
  await other.open();
  await other.tab("Charts");

  await ui.button("Mark").click();
  await expect(ui.field("What happens now")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(ui.button("Mark")).toBeFocused();
  await page.keyboard.press("m");
  await page.keyboard.type("more memory <b>");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(await program.post("marks", { text: "deployed v2" })).toBe(204);
  expect(await program.post("marks", { text: " " })).toBe(409);

  await ui.tab("Charts");
  for (const each of [ui, other]) {
    const events = each.page.getByRole("region", { name: "Events" }).getByRole("listitem");
    await expect(events.filter({ hasText: "more memory <b>" })).toBeVisible();
    await expect(events.filter({ hasText: "deployed v2" })).toBeVisible();
  }
  await ui.stop();
  await expect(ui.button("Mark")).toHaveCount(0);
  const { marks } = await program.report();
  const notes = marks.filter(({ kind }) => kind === "note");
  expect(notes.map(({ text }) => text)).toEqual(["more memory <b>", "deployed v2"]);
  await context.close();
});

test("what can't be a mark is told in the dialog", async ({ ui, page }) => {
  await ui.start({ users: 1 });
  await ui.button("Mark").click();
  await ui.field("What happens now").fill("   ");
  await ui.button("Set mark").click();
  await expect(page.getByRole("alert").filter({ hasText: "a mark needs a text" })).toBeVisible();
  await expect(ui.field("What happens now")).toHaveAttribute("aria-invalid", "true");
  await ui.field("What happens now").fill("now");
  await ui.button("Set mark").click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await ui.stop();
});
