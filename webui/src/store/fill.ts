// The seconds in which an entry was not requested: the program sends no points for them.
import type { EntryPoint } from "../types";

/** A point of an entry, or of a time without requests. */
export type FilledPoint = Pick<EntryPoint, "t_s" | "rps" | "failures_per_s" | "heat"> & {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
};

function quiet(t_s: number): FilledPoint {
  return { t_s, rps: 0, failures_per_s: 0, p50: null, p95: null, p99: null, max: null, heat: [] };
}

/** How many seconds a point stands for: all of them end at multiples of that, but for the last one of a run. */
function stepOf(points: readonly EntryPoint[]): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const ends = points.map(({ t_s }) => Math.round(t_s)).slice(0, Math.max(1, points.length - 1));
  return Math.max(1, ends.reduce(divisor, 0));
}

/** The points from the first second to `now`; where some are missing, the rate is nothing and there are no times. */
export function filled(points: readonly EntryPoint[], now: number): FilledPoint[] {
  // Nothing was heard of it yet.
  if (points.length === 0) return [];
  const whole: FilledPoint[] = [];
  const step = stepOf(points);
  let last = 0;
  const fill = (until: number): void => {
    if (until - last < 1.5 * step) return;
    whole.push(quiet(last + step));
    if (until - step > last + step) whole.push(quiet(until - step));
  };
  for (const point of points) {
    fill(point.t_s);
    whole.push(point);
    last = point.t_s;
  }
  // The second that has just begun is not missing.
  fill(Math.floor(now));
  return whole;
}
