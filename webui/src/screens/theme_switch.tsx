// The button that changes the colours.
import type { JSX } from "preact";
import { Icon } from "../components/icons";
import { THEMES, theme, type Theme } from "../store/theme";

const THEME_ICONS = { system: "system", light: "sun", dark: "moon" } as const;

export function ThemeSwitch(): JSX.Element {
  const next: Theme = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "system";
  const name = (which: Theme): string => (which === "system" ? "as the system" : which);
  return (
    <button
      type="button"
      class="quiet square"
      aria-label={`Colours: ${name(theme.value)}. Change to ${name(next)}`}
      title={`Colours: ${name(theme.value)}`}
      onClick={() => {
        theme.value = next;
      }}
    >
      <Icon name={THEME_ICONS[theme.value]} />
    </button>
  );
}
