// How far a run has come.
import type { Live } from "./merge";

export type Progress = { share: number; label: string };

/** Of the run time if it has one, else of the ramp while users are started; null when there is nothing to wait for. */
export function progress({ state, elapsed_s, length_s, users, wanted }: Live): Progress | null {
  if (state === "ready" || state === "stopped") return null;
  if (length_s !== null && length_s > 0) {
    return { share: Math.min(1, elapsed_s / length_s), label: "Part of the run time that is over" };
  }
  if (state === "spawning" && wanted > 0) {
    return { share: Math.min(1, users / wanted), label: "Users that were started" };
  }
  return null;
}
