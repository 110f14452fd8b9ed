// Runs side by side: which are before and which after, and their histories on one axis of time.
import type { HistoryPoint, Listed } from "../types";
import type { Sides } from "./route";

/** The newest of the chosen runs is after, the others are before. */
export function usualSides(runs: readonly Listed[], chosen: ReadonlySet<string>): Sides {
  const ids = runs.flatMap(({ id, run }) => (run !== null && chosen.has(id) ? [id] : [])).sort();
  return { before: ids.slice(0, -1), after: ids.slice(-1), anyHost: false };
}

/** The same runs with this one on that side. */
export function moved(sides: Sides, id: string, after: boolean): Sides {
  const without = (ids: string[]): string[] => ids.filter((other) => other !== id);
  const [from, to] = [without(sides.before), without(sides.after)];
  return after
    ? { ...sides, before: from, after: [...to, id] }
    : { ...sides, before: [...from, id], after: to };
}

/** A moment of several runs, each from its own start: a value for each. */
export type Beside = { t_s: number; values: (number | null)[] };

/** Joins histories. Runs that were measured in longer steps keep the value of a step all through it; the broken second at the end is left out. */
export function beside(
  histories: readonly (readonly HistoryPoint[])[],
  value: (point: HistoryPoint) => number | null,
): Beside[] {
  const whole = histories.map((points) => points.filter(({ t_s }) => Number.isInteger(t_s)));
  const times = new Set(whole.flatMap((points) => points.map(({ t_s }) => t_s)));
  const next = whole.map(() => 0);
  return [...times]
    .sort((a, b) => a - b)
    .map((t_s) => {
      const values = whole.map((points, index) => {
        let at = next[index] ?? 0;
        while (at < points.length && (points[at]?.t_s ?? 0) < t_s) at += 1;
        next[index] = at;
        const point = points[at];
        return point === undefined ? null : value(point);
      });
      return { t_s, values };
    });
}
