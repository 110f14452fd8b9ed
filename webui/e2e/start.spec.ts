// The form of a new test: what is typed there is sent, and what was sent runs.
import type { Request } from "@playwright/test";
import type { Start } from "../src/types";
import { PASSWORD } from "./fixtures/program";
import { expect, test } from "./fixtures/test";

function sent(request: Request): Start {
  return request.postDataJSON() as Start;
}

test("classes with other weights, fixed counts and task weights are shown as changed, sent, and run", async ({
  ui,
  target,
}) => {
  await ui.choose("Visitor", "Patient");
  const visitor = ui.classPart("Visitor");
  await expect(visitor).toContainText("Looks around, and sometimes for something.");
  await expect(visitor.locator(".changed")).toHaveCount(0);
  await visitor.getByLabel("Weight of Visitor", { exact: true }).fill("2");
  await visitor.getByText("2 tasks").click();
  await visitor.getByLabel("Weight of Visitor::browse").fill("1");
  await visitor.getByLabel("Weight of Visitor::search").fill("7");
  await ui.classPart("Patient").getByLabel("Fixed count of Patient").fill("1");
  await expect(visitor.locator(".changed")).toHaveCount(3);
  await expect(visitor.getByText("changed", { exact: true })).toBeVisible();
  await expect(ui.page.getByTestId("classes-summary")).toHaveText(/2 of \d+ chosen, 2 changed/);

  const start = ui.page.waitForRequest("**/api/v1/start");
  await ui.start({ users: 3, spawnRate: 3 });
  const { spec } = sent(await start);
  expect(spec.classes.map(({ name }) => name).sort()).toEqual(["Patient", "Visitor"]);
  const visitors = spec.classes.find(({ name }) => name === "Visitor");
  expect(visitors).toMatchObject({ weight: 2, task_weights: { browse: 1, search: 7 } });

  await expect.poll(() => target.count("/search")).toBeGreaterThan(100);
  await ui.stop();
  expect(await ui.count("Requests", "/browse", "Requests")).toBe(target.count("/browse"));
  expect(await ui.count("Requests", "/search", "Requests")).toBe(target.count("/search"));
  expect(await ui.count("Requests", "/slow", "Requests")).toBe(target.count("/slow"));
  expect([...target.received.keys()].sort()).toEqual(["/browse", "/search", "/slow"]);
  expect(target.count("/search")).toBeGreaterThan(3 * target.count("/browse"));
  await ui.tab("Classes");
  const classes = ui.page.getByRole("region", { name: "Table of classes" });
  await expect(classes.getByRole("row", { name: "Patient" })).toContainText("1");
  await expect(classes.getByRole("rowheader")).toHaveText(["Patient", "Visitor"]);
});

test("settings of each kind reach the users as they were typed", async ({ ui, target }) => {
  await ui.choose("Member");
  const settings = ui.page.getByRole("group", { name: /^Settings/ });
  await expect(settings.getByLabel(/^password/)).toHaveAttribute("type", "password");
  await expect(settings.getByLabel(/^password/)).toHaveValue("");
  await settings.getByLabel(/^username/).fill("Zoë");
  await settings.getByLabel(/^pages/).fill("2");
  await settings.getByLabel(/^referrer/).fill("a search");
  await settings.getByLabel(/^languages/).fill("de, en");
  await settings.getByLabel(/^private/).check();
  await settings.getByLabel(/^pin/).fill("typed-in-the-page");
  await ui.start({ users: 1 });
  await expect.poll(() => target.count("/profile")).toBeGreaterThan(0);
  const { "x-told": told, "x-pin": pin } = target.headers.get("/profile") ?? {};
  expect(Buffer.from(String(told), "latin1").toString()).toBe("Zoë 2 a search de+en true");
  expect(pin).toBe("typed-in-the-page");
  await ui.stop();
  // Of the next test the secrets have to be typed again, and the rest is there.
  await ui.button("New test").click();
  await expect(settings.getByLabel(/^username/)).toHaveValue("Zoë");
  await expect(settings.getByLabel(/^private/)).toBeChecked();
  await expect(settings.getByLabel(/^pin/)).toHaveValue("");
  expect(await ui.page.content()).not.toContain(PASSWORD);
});

test("what is wrong is said while one types, and nothing starts", async ({ ui, program }) => {
  await ui.choose("Visitor");
  await ui.field("Users").fill("many");
  await expect(ui.field("Users")).toHaveAttribute("aria-invalid", "true");
  await expect(ui.page.getByText("1 field to put right.")).toBeVisible();
  await ui.field("Users").fill("2");
  await ui.field("Thresholds").fill("p95 < ");
  await expect(ui.field("Thresholds")).toHaveAttribute("aria-invalid", "true");
  await expect(ui.button("Start")).toBeDisabled();
  await ui.field("Thresholds").fill("p95 < 10s");
  await expect(ui.field("Thresholds")).toHaveAttribute("aria-invalid", "false");
  await expect(ui.button("Start")).toBeEnabled();
  await expect(program.get("report")).rejects.toThrow("404");
});

test("a new test begins with what the last one was started with", async ({ ui }) => {
  await ui.choose("Visitor");
  await ui.classPart("Visitor").getByLabel("Weight of Visitor", { exact: true }).fill("5");
  await ui.field("Thresholds").fill("p95 < 10s");
  await ui.start({ users: 3, spawnRate: 2, runTime: "1m" });
  await ui.stop();
  await ui.button("New test").click();
  await expect(ui.field("Users")).toHaveValue("3");
  await expect(ui.field("Spawn rate")).toHaveValue("2");
  await expect(ui.field("Run time")).toHaveValue(/^(1m|60s)$/);
  await expect(ui.field("Thresholds")).toHaveValue("p95 < 10s");
  await expect(ui.page.getByTestId("classes-summary")).toHaveText(/^1 of \d+ chosen, 1 changed$/);
  await ui.openPicker();
  await expect(ui.classPart("Visitor").getByLabel("Weight of Visitor", { exact: true })).toHaveValue("5");
  await expect(ui.classPart("Member").getByRole("checkbox")).not.toBeChecked();
  const start = ui.page.waitForRequest("**/api/v1/start");
  await ui.button("Start").click();
  expect(sent(await start).spec).toMatchObject({ run_time_s: 60, classes: [{ name: "Visitor", weight: 5 }] });
  await expect(ui.state).toHaveText(/spawning|running/);
});

test("stages, a rate and a shape are loads too", async ({ ui, target }) => {
  await ui.choose("Visitor");
  await ui.page.getByRole("radio", { name: "Stages" }).check();
  await ui.field("Stages").fill("2@0s, 2@1s");
  await ui.start();
  await ui.stopped();
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total);

  await ui.button("New test").click();
  await expect(ui.field("Stages")).toHaveValue(/2@1s/);
  await ui.page.getByRole("radio", { name: "Shape" }).check();
  await ui.page.getByRole("combobox", { name: "Shape" }).selectOption("trickle");
  await expect(ui.page.getByText("Twenty a second, for two seconds.")).toBeVisible();
  const before = target.total;
  await ui.button("Start").click();
  await expect(ui.state).toHaveText(/spawning|running/);
  await ui.stopped();
  expect(await ui.count("Requests", "All requests", "Requests")).toBe(target.total - before);
  // What comes after the last second, until all are told to stop, is counted too.
  expect(target.total - before).toBeGreaterThanOrEqual(40);
});

test.describe("asked for by an option", () => {
  test.use({ args: ["--class-picker"] });

  test("the class picker is open at once", async ({ ui }) => {
    await expect(ui.classPart("Visitor").getByRole("checkbox")).toBeVisible();
  });
});

test("the class picker is folded if nobody asked for it", async ({ ui }) => {
  await expect(ui.page.getByTestId("classes-summary")).toBeVisible();
  await expect(ui.classPart("Visitor").getByRole("checkbox")).toBeHidden();
});
