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

/** Runs of the history that are compared, by their ids. */
export type Sides = { before: string[]; after: string[]; anyHost: boolean };

/** A screen, the form of a new test, the history, or nothing said: the form before the first run, the statistics after it. */
export type Route = {
  screen: Screen | "new" | "history" | "compare" | null;
  entry: EntryName | null;
  /** The run of the history that is shown. */
  run: string | null;
  sides: Sides;
};

const NONE: Sides = { before: [], after: [], anyHost: false };

/** The route that an address names. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  const values = new URLSearchParams(query);
  const [kind, method, name] = [values.get("kind"), values.get("method"), values.get("name")];
  const entry = kind !== null && method !== null && name !== null ? { kind, method, name } : null;
  const run = /^history\/([0-9a-f-]+)$/.exec(path)?.[1] ?? null;
  if (run !== null) return { screen: "history", entry, run, sides: NONE };
  if (path === "history") return { screen: "history", entry: null, run, sides: NONE };
  if (path === "compare") {
    const [before, after] = [values.getAll("before"), values.getAll("after")];
    const sides = { before, after, anyHost: values.get("any_host") === "true" };
    return { screen: "compare", entry: null, run, sides };
  }
  const screen = path === "new" ? "new" : (SCREENS.find((known) => known === path) ?? null);
  return { screen, entry: screen === "statistics" ? entry : null, run, sides: NONE };
}

/** The address of a screen. */
export function screenLink(screen: Screen | "new" | "history"): string {
  return `#/${screen}`;
}

/** The address of a run of the history. */
export function runLink(id: string): string {
  return `#/history/${id}`;
}

/** What is asked of the program, and stands in the address, to compare runs. */
export function sidesQuery({ before, after, anyHost }: Sides): string {
  const query = new URLSearchParams();
  for (const id of before) query.append("before", id);
  for (const id of after) query.append("after", id);
  if (anyHost) query.append("any_host", "true");
  return query.toString();
}

export function compareLink(sides: Sides): string {
  return `#/compare?${sidesQuery(sides)}`;
}

export const route = signal<Route>(readRoute(""));

/** The address of all requests of the run that is shown. */
export function requestsLink(): string {
  const { run } = route.value;
  return run === null ? screenLink("statistics") : runLink(run);
}

/** The address of an entry's own charts, in the run that is shown. */
export function entryLink({ kind, method, name }: EntryName): string {
  return `${requestsLink()}?${new URLSearchParams({ kind, method, name }).toString()}`;
}

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
