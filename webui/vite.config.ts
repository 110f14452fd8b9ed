// How the page is built: three files with fixed names, from where the program embeds them.
import { defineConfig } from "vitest/config";

export default defineConfig({
  // Relative, so that the page works below any base path, and as a file.
  base: "./",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: { proxy: { "/api": "http://127.0.0.1:8089" } },
  build: {
    outDir: "../swarm-runner/page",
    emptyOutDir: true,
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        entryFileNames: "assets/app.js",
        assetFileNames: "assets/app[extname]",
        codeSplitting: false,
      },
    },
  },
  test: { include: ["src/**/*.test.ts"] },
});
