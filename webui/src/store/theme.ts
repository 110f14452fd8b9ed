// Light or dark: as the system says, or as was chosen.
import { effect, signal } from "@preact/signals";
import { printing } from "./printing";
import { remembered } from "./remembered";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = remembered<Theme>("theme", "system", (value) => THEMES.find((known) => known === value));

/** Counts changes of the colours, for what is painted and not styled. */
export const colours = signal(0);

export function followTheme(): void {
  effect(() => {
    const chosen = printing.value ? "light" : theme.value;
    if (chosen === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
    colours.value = colours.peek() + 1;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    colours.value += 1;
  });
}
