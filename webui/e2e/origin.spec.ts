// Pages of others can neither start nor change anything.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Program } from "./fixtures/program";
import { expect, test } from "./fixtures/test";

test.use({ args: ["--class", "Visitor"] });

const CHANGING = ["start", "load", "stop", "reset", "check"];

/** What starts a run when the page itself sends it. */
async function start(program: Program, host: string): Promise<string> {
  const entered = { options: { class: "Visitor", users: "1", host }, settings: {} };
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(entered),
  };
  const answer = await fetch(`${program.url}/api/v1/check`, init);
  const { spec } = (await answer.json()) as { spec: unknown };
  return JSON.stringify({ spec, settings: {} });
}

/** Another site. */
async function otherSite(): Promise<{ port: number; end: () => void }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>other</title>");
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return { port: (server.address() as AddressInfo).port, end: () => server.close() };
}

// The first is another site, the second only another origin: cookies go along with it.
for (const host of ["127.0.0.1", "localhost"]) {
  test(`a page of ${host} on another port can't start a test`, async ({ page, program, target }) => {
    const site = await otherSite();
    const body = await start(program, target.url);
    await page.goto(`http://${host}:${site.port}/`);
    const statuses: number[] = [];
    page.on("response", (response) => {
      if (response.url().startsWith(program.url) && response.request().method() === "POST") {
        statuses.push(response.status());
      }
    });
    const outcomes = await page.evaluate(
      async ([url, text]) => {
        const ways: RequestInit[] = [
          { headers: { "content-type": "application/json" } },
          { headers: { "content-type": "text/plain" } },
          { mode: "no-cors" },
          { mode: "no-cors", credentials: "include", keepalive: true },
        ];
        const sent = ways.map(async (way) => fetch(url, { method: "POST", body: text, ...way }));
        navigator.sendBeacon(url, text);
        const results = await Promise.allSettled(sent);
        return results.map((result) => (result.status === "fulfilled" ? result.value.type : "refused"));
      },
      [`${program.url}/api/v1/start`, body] as const,
    );
    // What may be sent without asking can't be read, and was refused.
    expect(outcomes).toEqual(["refused", "refused", "opaque", "opaque"]);

    const answered = page.waitForResponse(`${program.url}/api/v1/start`);
    await page.evaluate(
      ([url, text]) => {
        const form = document.createElement("form");
        Object.assign(form, { action: url, method: "POST", enctype: "text/plain" });
        const field = document.createElement("input");
        // A form writes `name=value`: this is JSON.
        Object.assign(field, { name: `${text.slice(0, -1)},"x":"`, value: '"}' });
        form.append(field);
        document.body.append(form);
        form.submit();
      },
      [`${program.url}/api/v1/start`, body] as const,
    );
    expect((await answered).status()).toBe(403);
    expect(statuses.length).toBeGreaterThan(2);
    expect(new Set(statuses)).toEqual(new Set([403]));
    await expect(program.get("report")).rejects.toThrow("404");
    expect(target.total).toBe(0);
    // The same from no page at all is a run.
    expect(await program.post("start", JSON.parse(body))).toBe(202);
    site.end();
  });
}

test("a page of others can't read anything, nor show the page in itself", async ({ page, program }) => {
  const site = await otherSite();
  await page.goto(`http://127.0.0.1:${site.port}/`);
  const paths = ["form", "events", "openapi.json", "files/log.txt"];
  const read = await page.evaluate(
    async (urls) => {
      const results = await Promise.allSettled(urls.map(async (url) => fetch(url)));
      return results.map(({ status }) => status);
    },
    paths.map((path) => `${program.url}/api/v1/${path}`),
  );
  expect(read).toEqual(paths.map(() => "rejected"));
  const framed = await fetch(program.url);
  expect(framed.headers.get("x-frame-options")).toBe("DENY");
  expect(framed.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  site.end();
});

test("looking at an address changes nothing", async ({ ui, program }) => {
  await ui.start({ users: 1 });
  await expect(ui.state).toHaveText("running");
  await expect(ui.row("Requests", "/browse")).toBeVisible();
  for (const path of CHANGING) {
    const { status } = await fetch(`${program.url}/api/v1/${path}`);
    expect(status, path).toBe(405);
  }
  await expect(ui.state).toHaveText("running");
  expect((await program.report()).totals.requests).toBeGreaterThan(0);
});
