// Which screen is shown: the part of the address behind `#`.
import { signal } from "@preact/signals";
import type { EntryName } from "../types";

export const SCREENS = [
  "statistics",
  "charts",
  "failures",
  "exceptions",
  "classes",
  "capacity",
  "logs",
  "downloads",
] as const;
export type Screen = (typeof SCREENS)[number];

/** A screen, the form of a new test, or nothing said: the form before the first run, the statistics after it. */
export type Route = { screen: Screen | "new" | null; entry: EntryName | null };

/** The route that an address names. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const screen = path === "new" ? "new" : (SCREENS.find((known) => known === path) ?? null);
  const values = new URLSearchParams(query);
  const [kind, method, name] = [values.get("kind"), values.get("method"), values.get("name")];
  const named = kind !== null && method !== null && name !== null;
  return { screen, entry: screen === "statistics" && named ? { kind, method, name } : null };
}

/** The address of a screen. */
export function screenLink(screen: Screen | "new"): string {
  return `#/${screen}`;
}

/** The address of an entry's own charts. */
export function entryLink({ kind, method, name }: EntryName): string {
  return `#/statistics?${new URLSearchParams({ kind, method, name }).toString()}`;
}

export const route = signal<Route>({ screen: null, entry: null });

/** Follows the address. */
export function followAddress(): void {
  const read = (): void => {
    route.value = readRoute(location.hash);
  };
  addEventListener("hashchange", read);
  read();
}

export function goTo(link: string): void {
  location.hash = link;
}
