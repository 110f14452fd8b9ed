// What happened in a run, in words.
import type { Mark } from "../types";

/** Words for sorts of marks whose texts only say to what, or why. */
const BEFORE: Partial<Record<Mark["kind"], string>> = {
  load: "load changed to ",
  threshold_failed: "failed: ",
  threshold_kept: "kept again: ",
  stopping: "stopping: ",
};

export function markText({ kind, text }: Pick<Mark, "kind" | "text">): string {
  return `${BEFORE[kind] ?? ""}${text}`;
}
