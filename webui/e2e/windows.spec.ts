// More than one who looks on, and small screens.
import { devices } from "@playwright/test";
import { expect, test } from "./fixtures/test";
import { Ui } from "./fixtures/ui";

test.use({ args: ["--class", "Visitor,snake_user"] });

test("a second browser sees the same, and what the other one does", async ({ ui, browser, target }) => {
  const context = await browser.newContext();
  const other = new Ui(await context.newPage(), ui.url);
  await other.open();
  await expect(other.state).toHaveText("ready");
  await ui.start({ users: 2, spawnRate: 2, classes: ["Visitor"] });
  await expect(other.state).toHaveText("running");
  await expect(other.row("Requests", "/browse")).toBeVisible();
  await other.button("Edit load").click();
  await other.field("Users").fill("3");
  await other.button("Change load").click();
  await expect(ui.figure("users")).toHaveText("3");
  await other.stop();
  await ui.stopped();
  for (const each of [ui, other]) {
    expect(await each.count("Requests", "All requests", "Requests")).toBe(target.total);
  }
  await other.button("New test").click();
  await other.start({ classes: ["snake_user"] });
  await expect(ui.state).toHaveText(/spawning|running/);
  await expect(ui.row("Requests", "/missing_page/{some_id}")).toBeVisible();
  await expect(ui.row("Requests", "/browse")).toHaveCount(0);
  await context.close();
});

test("who starts while a run goes on starts nothing, and sees that run", async ({ ui, browser, program }) => {
  const context = await browser.newContext();
  const late = new Ui(await context.newPage(), ui.url);
  await late.open();
  // The other one's run begins while this one's start is on its way.
  await late.page.route("**/api/v1/start", async (route) => {
    expect(await program.post("start", route.request().postDataJSON())).toBe(202);
    await route.continue();
  });
  const answer = late.page.waitForResponse("**/api/v1/start");
  await late.button("Start").click();
  expect((await answer).status()).toBe(409);
  for (const each of [ui, late]) await expect(each.row("Requests", "/browse")).toBeVisible();
  await context.close();
});

test.describe("on a phone", () => {
  const { viewport, userAgent, isMobile, hasTouch } = devices["Pixel 7"];
  test.use({ viewport: { ...viewport, width: 390, height: 844 }, userAgent, isMobile, hasTouch });

  test("the live figures stay in view on every screen, and nothing makes the page scroll sideways", async ({
    ui,
  }) => {
    const sideways = async (): Promise<number> =>
      ui.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await ui.openPicker();
    expect(await sideways()).toBe(0);
    await ui.start({ users: 4, spawnRate: 4 });
    await expect(ui.row("Requests", "/missing_page/{some_id}")).toBeVisible();
    for (const tab of ["Statistics", "Charts", "Failures", "Exceptions", "Classes", "Logs", "Downloads"]) {
      await ui.tab(tab);
      await expect(ui.page.getByRole("tab", { name: tab })).toHaveAttribute("aria-selected", "true");
      await ui.page.evaluate(() => {
        scrollTo(0, document.documentElement.scrollHeight);
      });
      for (const name of ["users", "rate", "failures", "elapsed"])
        await expect(ui.figure(name)).toBeInViewport();
      await expect(ui.state).toBeInViewport();
      await expect(ui.button("Stop")).toBeInViewport();
      expect(await sideways(), tab).toBe(0);
    }
    await ui.tab("Statistics");
    await ui.row("Requests", "/missing_page/{some_id}").getByRole("link").click();
    await expect(ui.page.getByRole("heading", { name: "/missing_page/{some_id}" })).toBeVisible();
    expect(await sideways()).toBe(0);
    await ui.stop();
  });
});
