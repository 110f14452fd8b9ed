// How the page is tested in a browser: against the compiled program, which scripts/test-web builds before.
import { defineConfig } from "@playwright/test";
import { FLAGS, chromium } from "./fixtures/chromium";

export default defineConfig({
  testDir: ".",
  outputDir: "../node_modules/.e2e",
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env["CI"] !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    actionTimeout: 15_000,
    trace: "retain-on-failure",
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: chromium(), args: FLAGS },
  },
  projects: [
    { name: "e2e", testMatch: "*.spec.ts" },
    { name: "screenshots", testMatch: "screenshots.ts" },
  ],
});
