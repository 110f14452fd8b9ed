// A result that came with the page, in one file: then there is no program to ask.
import { signal } from "@preact/signals";
import type { LeftOut, Report, Saved } from "../types";
import { connected, current } from "./live";
import { NOTHING, type Live } from "./merge";

/** What is left out of the result that came with the page; null if the page is a program's. */
export const saved = signal<LeftOut | null>(null);

/** A run that is over, as the page shows it. */
export function ended(report: Report): Live {
  const { run, marks, history } = report;
  return {
    ...NOTHING,
    run: 1,
    state: "stopped",
    elapsed_s: Math.max(run.measured_from_s + run.duration_s, history.at(-1)?.t_s ?? 0),
    why: marks.findLast(({ kind }) => kind === "stopping")?.text ?? null,
    report,
  };
}

/** Shows the result that came with the page, if one did. */
export function openSaved(text: string | null | undefined): boolean {
  if (text == null) return false;
  const { report, left_out } = JSON.parse(text) as Saved;
  saved.value = left_out;
  current.value = ended(report);
  connected.value = true;
  return true;
}
