// The rules of the linter: the strictest that know types, and those of hooks.
import eslint from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig } from "eslint/config";
import typescript from "typescript-eslint";

export default defineConfig({ ignores: ["src/api.ts", "node_modules"] }, eslint.configs.recommended, {
  files: ["**/*.ts", "**/*.tsx"],
  extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
  languageOptions: { parserOptions: { projectService: true } },
  plugins: { "react-hooks": hooks },
  rules: {
    "react-hooks/rules-of-hooks": "error",
    "react-hooks/exhaustive-deps": "error",
    "max-lines": ["error", 300],
    // The enums of uPlot are there in its types only.
    "@typescript-eslint/no-unsafe-enum-assignment": "off",
    "@typescript-eslint/consistent-type-definitions": ["error", "type"],
    "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
  },
});
