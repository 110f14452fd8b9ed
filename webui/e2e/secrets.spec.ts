// Secrets stay with the program, whatever a load test does with them.
import { PASSWORD, type Program } from "./fixtures/program";
import { expect, test } from "./fixtures/test";

const TYPED = "typed-and-never-sent-back";

/** Reads the stream of events until a run has stopped. */
async function eventsOf(program: Program): Promise<string> {
  const response = await fetch(`${program.url}/api/v1/events`);
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.includes('"state":"stopped"')) break;
  }
  return text;
}

test("no answer, no event and no file has a secret in it, given or typed", async ({
  ui,
  program,
  target,
}) => {
  const bodies: Promise<string>[] = [];
  ui.page.on("response", (response) => {
    const isStream = response.headers()["content-type"]?.startsWith("text/event-stream");
    if (isStream !== true) bodies.push(response.text().catch(() => ""));
  });
  await ui.page.reload();
  await ui.choose("Member");
  await ui.page.getByLabel(/^pin/).fill(TYPED);
  const events = eventsOf(program);
  await ui.start({ users: 2, spawnRate: 100, runTime: "3s" });
  await ui.stopped();
  // The users had them.
  expect(target.headers.get("/profile")?.["x-pin"]).toBe(TYPED);
  for (const tab of ["Failures", "Exceptions", "Classes", "Logs", "Downloads", "Statistics"]) {
    await ui.tab(tab);
    await expect(ui.page.getByRole("tabpanel")).toBeVisible();
    const shown = await ui.page.content();
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain(TYPED);
  }
  await ui.button("New test").click();
  await expect(ui.page.getByLabel(/^pin/)).toHaveValue("");
  await ui.field("Users").fill("3");
  await ui.page.waitForResponse("**/api/v1/check");
  const files = ["requests.csv", "failures.csv", "exceptions.csv", "history.csv", "report.json", "log.txt"];
  const paths = [...files.map((file) => `files/${file}`), "report", "form"];
  const texts = await Promise.all([...bodies, events, ...paths.map(async (path) => program.get(path))]);
  expect(texts.length).toBeGreaterThan(12);
  for (const text of texts) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(TYPED);
  }
  // There was something to take out.
  expect(texts.join()).toContain("profile of ");
  expect(texts.join()).toContain("the password is ");
});
