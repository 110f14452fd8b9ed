// Which part of the time is looked at: one for all charts, so that they show the same.
import { signal } from "@preact/signals";
import { remembered } from "../store/remembered";

export type Range = { from: number; to: number };
/** A part of the run, its last seconds as it goes on, or all of it. */
export type Part = Range | { last: number } | null;

export const part = signal<Part>(null);
/** Whether response times are drawn on a logarithmic scale. */
export const logarithmic = remembered("logarithmic", true, (value) =>
  typeof value === "boolean" ? value : undefined,
);

/** From when to when, now; null is all. */
export function rangeOf(chosen: Part, now: number): Range | null {
  if (chosen === null || !("last" in chosen)) return chosen;
  return now <= chosen.last ? null : { from: now - chosen.last, to: now };
}
