// Names of requests without end.
import { expect, test } from "./fixtures/test";

test.describe("with as many rows as names", () => {
  test.use({ args: ["--class", "Collector", "--max-names", "20000", "--iterations", "10000"] });

  test("ten thousand names are all there: to scroll through, to search and to sort, few of them drawn", async ({
    ui,
    target,
  }) => {
    test.slow();
    await ui.start({ users: 4, spawnRate: 100 });
    await ui.stopped(90_000);
    expect(target.total).toBe(10_000);
    await expect(ui.page.getByTestId("requests-count")).toHaveText("10,000 entries");
    const box = ui.page.getByRole("region", { name: "Table of requests", exact: true });
    const table = ui.page.getByRole("table", { name: "Requests", exact: true });
    const names = table.locator("tbody tr:not([aria-hidden])");
    const drawn = async (): Promise<number> => ui.page.locator("*").count();
    await expect(table).toHaveAttribute("aria-rowcount", "10003");
    await expect(ui.row("Requests", "/item/00000")).toBeInViewport();
    expect(await names.count()).toBeLessThan(100);
    expect(await drawn()).toBeLessThan(5_000);

    await box.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await expect(ui.row("Requests", "/item/09999")).toBeInViewport();
    await expect(ui.row("Requests", "/item/00000")).toHaveCount(0);
    expect(await names.count()).toBeLessThan(100);

    await ui.page.getByRole("searchbox", { name: "Search requests" }).fill("item/0777");
    await expect(ui.page.getByTestId("requests-count")).toHaveText("10 entries of 10000");
    await expect(ui.row("Requests", "/item/07777")).toBeVisible();
    await expect(names).toHaveCount(10);
    await ui.page.getByRole("searchbox", { name: "Search requests" }).fill("");
    await table.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
    await expect(ui.row("Requests", "/item/09999")).toBeInViewport();
    expect(await drawn()).toBeLessThan(5_000);
  });
});

test.describe("with fewer rows than names", () => {
  test.use({ args: ["--class", "Collector", "--max-names", "50", "--iterations", "500"] });

  test("what has no row of its own is counted in a row that says so", async ({ ui, program }) => {
    await ui.start({ users: 2, spawnRate: 100 });
    await ui.stopped();
    const rows = (await program.report()).requests;
    const others = rows.find(({ name }) => !name.startsWith("/item/"));
    expect(others?.requests).toBe(450);
    await expect(ui.row("Requests", others?.name ?? "")).toBeVisible();
    expect(others?.name).toMatch(/other/);
    expect(await ui.count("Requests", others?.name ?? "", "Requests")).toBe(450);
    expect(await ui.count("Requests", "All requests", "Requests")).toBe(500);
  });
});
