// Text that others wrote is shown as it is, and does nothing.
import { expect, test } from "./fixtures/test";

const SCREENS = ["Statistics", "Charts", "Failures", "Exceptions", "Classes", "Logs", "Downloads"];

/** As they stand in the page: what can't be seen is written out. */
const SHOWN = [
  "</script><script>window.executed = 'name'</script>",
  "<img src=x onerror=\"window.executed = 'image'\">",
  '"><style>body { display: none }</style>',
  "{{constructor.constructor('window.executed = 1')()}}",
  "zero\\0bell\\u{7}escape\\u{1b}[31mline\\nreturn\\rtab\\tend",
  "\\u{202e}txt.exe שלום \\u{202d}",
  '=HYPERLINK("http://127.0.0.1", "formula, with a comma")',
];

test.describe("names and messages with markup, controls and marks that turn the direction", () => {
  test.use({ args: ["--class", "Hostile"] });

  test("they are shown as text on every screen, and nothing of them is executed", async ({ ui }) => {
    await expect(ui.page.getByTestId("classes-summary")).toBeVisible();
    await ui.openPicker();
    await expect(ui.classPart("Hostile")).toContainText(
      '<script>window.executed = "doc"</script><b>bold</b>',
    );
    await ui.start({ users: 2, spawnRate: 100, runTime: "3s" });
    await ui.stopped();
    for (const name of SHOWN) await expect(ui.row("Requests", name)).toBeVisible();
    const long = ui.row("Requests", `${"long ".repeat(60)}…`);
    await expect(long).toBeVisible();
    expect((await long.boundingBox())?.height).toBeLessThan(60);
    for (const name of SCREENS) {
      await ui.tab(name);
      await expect(ui.page.getByRole("tabpanel", { name: new RegExp(name) })).toBeVisible();
    }
    await ui.tab("Failures");
    const causes = ui.page.getByRole("table", { name: "Failures", exact: true });
    for (const name of SHOWN) await expect(causes.getByText(`failed: ${name}`)).toBeVisible();
    await causes.getByRole("row").getByRole("button", { name: "Show" }).first().click();
    await expect(ui.page.getByRole("dialog")).toContainText("failed: ");
    await ui.page.keyboard.press("Escape");
    await ui.tab("Exceptions");
    await expect(ui.page.getByRole("tabpanel")).toContainText(SHOWN[0] ?? "");
    await ui.tab("Logs");
    await expect(ui.page.getByRole("log")).toContainText(`logged: ${SHOWN[1] ?? ""}`);
    await ui.tab("Statistics");
    for (const name of SHOWN) {
      await ui.row("Requests", name).getByRole("link").click();
      await expect(ui.page.getByRole("heading", { level: 2 }).first()).toContainText(name);
      await ui.page.goBack();
    }
    expect(await ui.page.evaluate(() => Reflect.get(window, "executed") as unknown)).toBeUndefined();
    expect(await ui.page.locator("script").count()).toBe(1);
    await expect(ui.page.locator("img")).toHaveCount(0);
    await expect(ui.page.locator("body")).toBeVisible();
  });
});

test.describe("names that no convention makes", () => {
  test.use({ args: ["--class", "snake_user"] });

  test("they stand on each screen as they were written", async ({ ui }) => {
    await ui.openPicker();
    await expect(ui.classPart("snake_user")).toBeVisible();
    await ui.classPart("snake_user").getByText("tasks").click();
    await expect(ui.classPart("snake_user")).toContainText("get_missing");
    await ui.start({ users: 2, spawnRate: 100, runTime: "2s" });
    await ui.stopped();
    await expect(ui.row("Requests", "/missing_page/{some_id}")).toBeVisible();
    const tasks = ui.page.getByRole("table", { name: "Tasks", exact: true });
    for (const name of ["get_missing", "view_item::read_more"]) {
      await expect(tasks.getByRole("rowheader", { name, exact: true })).toBeVisible();
    }
    await expect(tasks).toContainText("snake_user");
    await ui.tab("Classes");
    const panel = ui.page.getByRole("tabpanel");
    for (const name of ["snake_user", "get_missing", "view_item", "read_more"]) {
      await expect(panel.getByText(name, { exact: true }).first()).toBeVisible();
    }
    expect(await panel.innerText()).not.toMatch(/snakeUser|getMissing|viewItem|readMore/);
  });
});
