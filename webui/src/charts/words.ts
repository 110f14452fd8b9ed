// What a chart says, in a sentence.
import { clock } from "../format";

type Point = { t_s: number };

/** The last value of a figure, and its lowest and highest with their times. */
export function inWords<P extends Point>(
  name: string,
  points: readonly P[],
  value: (point: P) => number | null,
  write: (value: number) => string,
): string {
  const known = points.flatMap((point) => {
    const figure = value(point);
    return figure === null ? [] : [{ t: point.t_s, figure }];
  });
  const [first, ...rest] = known;
  if (first === undefined) return `${name}: no figures yet.`;
  let [low, high, last] = [first, first, first];
  for (const point of rest) {
    if (point.figure < low.figure) low = point;
    if (point.figure > high.figure) high = point;
    last = point;
  }
  return `${name}: ${write(last.figure)} at the end, between ${write(low.figure)} (at ${clock(low.t)}) and ${write(high.figure)} (at ${clock(high.t)}).`;
}
