// Fewer points to draw, with every peak kept.

/** A line: for each time a value, or none. */
export type Values = (number | null)[];
/** The times of a chart, and its lines. */
export type Lines = { times: number[]; lines: Values[] };

/** The lowest and the highest value of a part, in the order in which they came. */
function extremes(line: Values, from: number, to: number): [number | null, number | null] {
  let low: number | null = null;
  let high: number | null = null;
  let lowFirst = true;
  for (let index = from; index < to; index += 1) {
    const value = line[index];
    if (value == null) continue;
    if (low === null || value < low) {
      low = value;
      lowFirst = false;
    }
    if (high === null || value > high) {
      high = value;
      lowFirst = true;
    }
  }
  return lowFirst ? [low, high] : [high, low];
}

/** At most so many points: parts of equal size become two points, of which each line has its lowest and highest value. */
export function thin({ times, lines }: Lines, most: number): Lines {
  if (times.length <= most) return { times, lines };
  const size = Math.ceil(times.length / Math.max(1, Math.floor(most / 2)));
  const thinned: Lines = { times: [], lines: lines.map(() => []) };
  for (let from = 0; from < times.length; from += size) {
    const to = Math.min(from + size, times.length);
    const [first, last] = [times[from] ?? 0, times[to - 1] ?? 0];
    const alone = to - from === 1;
    thinned.times.push(...(alone ? [first] : [first, last]));
    lines.forEach((line, index) => {
      const [a, b] = extremes(line, from, to);
      thinned.lines[index]?.push(...(alone ? [a] : [a, b]));
    });
  }
  return thinned;
}

/** Where a value has none beside it: a line does not show it. */
export function alone(line: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] != null && line[index - 1] == null && line[index + 1] == null) found.push(index);
  }
  return found;
}

/** The part of the points within a range, with one beyond each end so that lines run to the edge. */
export function within<Point extends { t_s: number }>(
  points: readonly Point[],
  range: { from: number; to: number } | null,
): readonly Point[] {
  if (range === null) return points;
  const first = points.findIndex(({ t_s }) => t_s >= range.from);
  if (first < 0) return points.slice(-1);
  const after = points.findIndex(({ t_s }) => t_s > range.to);
  return points.slice(Math.max(0, first - 1), after < 0 ? points.length : after + 1);
}

/** A cell of a heat map: how many requests took a time of this bucket from one moment to another. */
export type Heat = { from: number; to: number; buckets: Map<number, number> };

/** Columns of a heat map, at most so many; counts of those that are put together are added. */
export function heatColumns(
  points: readonly { t_s: number; heat: readonly (readonly number[])[] }[],
  most: number,
): Heat[] {
  const size = Math.max(1, Math.ceil(points.length / most));
  const columns: Heat[] = [];
  for (let from = 0; from < points.length; from += size) {
    const part = points.slice(from, from + size);
    const last = part.at(-1)?.t_s ?? 0;
    const before = points[from - 1]?.t_s ?? Math.max(0, (points[from]?.t_s ?? 1) - 1);
    const buckets = new Map<number, number>();
    for (const [bucket = 0, count = 0] of part.flatMap(({ heat }) => heat)) {
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
    }
    columns.push({ from: before, to: last, buckets });
  }
  return columns;
}

/** Where a bucket of response times begins, in milliseconds. */
export function bucketStart(bucket: number): number {
  return 2 ** (bucket / 4) / 1000;
}
