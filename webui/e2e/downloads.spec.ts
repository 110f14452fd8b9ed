// The files to take away: each opens, and says what the page says.
import { readFile } from "node:fs/promises";
import type { Report } from "../src/types";
import { readCsv } from "./fixtures/csv";
import { expect, test } from "./fixtures/test";
import type { Ui } from "./fixtures/ui";

test.use({ args: ["--class", "Visitor,snake_user,Clumsy"] });

/** Clicks on a file, and reads what was saved. */
async function download(ui: Ui, file: string): Promise<string> {
  const saved = ui.page.waitForEvent("download");
  await ui.page.getByRole("link", { name: file }).click();
  const { suggestedFilename, path } = await saved.then(async (it) => ({
    suggestedFilename: it.suggestedFilename(),
    path: await it.path(),
  }));
  const [stem = "", extension = ""] = file.split(".");
  expect(suggestedFilename).toMatch(
    new RegExp(`^${stem}_\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\dZ\\.${extension}$`),
  );
  return readFile(path, "utf8");
}

test("each file can be downloaded, and agrees with the page and the target", async ({ ui, target }) => {
  await ui.start({ users: 6, spawnRate: 6, runTime: "3s" });
  await ui.stopped();
  const shown = await ui.count("Requests", "All requests", "Requests");
  const failed = await ui.count("Requests", "/missing_page/{some_id}", "Failures");
  expect(shown).toBe(target.total);
  expect(failed).toBe(target.count("/missing"));
  await ui.tab("Downloads");

  const report = JSON.parse(await download(ui, "report.json")) as Report;
  expect(report.totals.requests).toBe(shown);
  expect(report.totals.failures).toBe(failed);

  const requests = readCsv(await download(ui, "requests.csv"));
  expect(requests.find(({ Name }) => Name === "Aggregated")).toMatchObject({
    "Request Count": String(shown),
  });
  expect(requests.find(({ Name }) => Name === "/browse")).toMatchObject({
    Type: "GET",
    "Request Count": String(target.count("/browse")),
    "Failure Count": "0",
  });
  expect(requests).toHaveLength(report.requests.length + 1);

  const failures = readCsv(await download(ui, "failures.csv"));
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatchObject({ Name: "/missing_page/{some_id}", Occurrences: String(failed) });

  const exceptions = readCsv(await download(ui, "exceptions.csv"));
  const times = exceptions.reduce((sum, { Count }) => sum + Number(Count), 0);
  expect(times).toBe(report.exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0));
  expect(exceptions.map(({ Message }) => Message).join("\n")).toContain("it failed\n  first\n    second");

  const history = readCsv(await download(ui, "history.csv"));
  const last = history.filter(({ Name }) => Name === "Aggregated").at(-1);
  expect(last).toMatchObject({ "Total Request Count": String(shown) });

  expect(await download(ui, "log.txt")).toMatch(/WARN.* about to break$/m);
});

test("there is nothing to download before the first run, and the page says so", async ({ ui, program }) => {
  await ui.page.goto(`${ui.url}/#/downloads`);
  await expect(ui.page.getByText("There is nothing to take away before the first run.")).toBeVisible();
  await expect(program.get("files/requests.csv")).rejects.toThrow("404");
});
