// Who has to log in sees nothing before, and what was to be seen afterwards.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/test";
import { Ui } from "./fixtures/ui";

/** An example of Apache's documentation; its password is `myPassword`. */
const USER = "myName:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC";

async function expectLogin(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await expect(page.getByTestId("state")).toHaveCount(0);
  await expect(page.getByTestId("host")).toHaveCount(0);
  await expect(page.getByRole("alert").filter({ hasText: "connection is lost" })).toHaveCount(0);
}

test.describe("by a token", () => {
  test.use({ args: ["--class", "Visitor", "--web-login"] });

  test("the printed address logs in, and the token leaves the address", async ({ page, program }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.url()} ${request.headers()["referer"] ?? ""}`));
    const ui = new Ui(page, program.url);
    await page.goto(program.link);
    await expect(ui.state).toHaveText("ready");
    await expect(page).toHaveURL(`${program.url}/`);
    const token = program.token ?? "no token";
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(asked.filter((line) => line.includes(token))).toEqual([]);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
    expect(await page.evaluate(() => document.cookie)).toBe("");
    await ui.start({ users: 1 });
    await page.reload();
    await expect(ui.state).toHaveText(/spawning|running/);
    await ui.stop();
  });

  test("a wrong token is told, and the right one can be typed", async ({ page, program }) => {
    const ui = new Ui(page, program.url);
    await page.goto(`${program.url}/login#token=wrong`);
    await expectLogin(page);
    await expect(page.getByRole("alert")).toContainText("not the token that the program printed");
    expect(page.url()).not.toContain("token");
    await page.getByLabel("Token").fill(program.token ?? "");
    await page.keyboard.press("Enter");
    await expect(ui.state).toHaveText("ready");
  });

  test("a second browser sees nothing without it", async ({ page, program, browser }) => {
    const ui = new Ui(page, program.url);
    await page.goto(program.link);
    await ui.start({ users: 1 });
    const context = await browser.newContext();
    const stranger = await context.newPage();
    await stranger.goto(`${program.url}/#/statistics`);
    await expectLogin(stranger);
    expect(await stranger.content()).not.toContain("/browse");
    for (const path of ["form", "report", "events", "files/requests.csv", "openapi.json"]) {
      const response = await context.request.get(`${program.url}/api/v1/${path}`);
      expect(response.status(), path).toBe(401);
    }
    await context.close();
    await ui.stop();
  });

  test("who logs out sees nothing more, in no window", async ({ page, program, context }) => {
    const ui = new Ui(page, program.url);
    await page.goto(program.link);
    await expect(ui.state).toHaveText("ready");
    const other = await context.newPage();
    await other.goto(program.url);
    await expect(other.getByTestId("state")).toHaveText("ready");
    await ui.button("Log out").click();
    await expectLogin(page);
    await expectLogin(other);
    await page.goBack().catch(() => null);
    await page.goto(program.url);
    await expectLogin(page);
  });
});

test.describe("by users and passwords", () => {
  test.use({ args: ["--class", "Visitor", "--web-user", USER] });

  test("a wrong password is told, the right one leads to where one was", async ({ page, program }) => {
    await page.goto(`${program.url}/#/logs`);
    await expectLogin(page);
    const [user, password] = [page.getByLabel("User"), page.getByLabel("Password")];
    await expect(user).toBeFocused();
    await expect(user).toHaveAttribute("autocomplete", "username");
    await expect(password).toHaveAttribute("autocomplete", "current-password");
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await user.fill("myName");
    await password.fill("my password");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("user or password is wrong");
    await expect(password).toBeFocused();
    await expect(password).toHaveAttribute("aria-invalid", "true");
    await page.keyboard.type("myPassword");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("tab", { name: "Logs" })).toHaveAttribute("aria-selected", "true");
    await expect(page.getByTestId("state")).toHaveText("ready");
  });
});

test.describe("below a path", () => {
  test.use({ args: ["--class", "Visitor", "--web-login", "--web-base-path", "/load/test"] });

  test("it logs in and out there", async ({ page, program }) => {
    const ui = new Ui(page, program.url);
    await page.goto(program.link);
    await expect(ui.state).toHaveText("ready");
    await expect(page).toHaveURL(/\/load\/test\/$/);
    expect(await page.context().cookies()).toMatchObject([{ path: "/load/test" }]);
    await ui.button("Log out").click();
    await expectLogin(page);
  });
});

test.describe("by HTTPS", () => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-e2e-tls-"));
  const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  test.use({
    ignoreHTTPSErrors: true,
    args: ["--class", "Visitor", "--web-host", "0.0.0.0", "--tls-cert", certificate, "--tls-key", key],
  });
  test.beforeAll(() => {
    const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=swarm"];
    execFileSync("openssl", ["req", "-x509", ...made, "-keyout", key, "-out", certificate], {
      stdio: "ignore",
    });
  });
  test.afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("it works on all addresses, with a cookie for HTTPS only", async ({ page, program }) => {
    const ui = new Ui(page, program.url);
    expect(program.link).toMatch(/^https:\/\/(?!0\.0\.0\.0)/);
    await page.goto(program.link);
    await expect(ui.state).toHaveText("ready");
    const [cookie] = await page.context().cookies();
    expect(cookie?.name).toMatch(/^__Host-swarm-\d+$/);
    expect(cookie?.secure).toBe(true);
    await ui.start({ users: 1 });
    await ui.stop();
    await ui.button("Log out").click();
    await expectLogin(page);
  });
});
