// Fewer points with every peak.
import { expect, it } from "vitest";
import { point } from "./fixtures";
import { alone, bucketStart, heatColumns, thin, within } from "./thin";

it("keeps every peak and dip of every line", () => {
  const times = Array.from({ length: 10_000 }, (_, index) => index);
  const peak = times.map((time) => (time === 4321 ? 900 : 10));
  const dip = times.map((time) => (time === 7000 ? null : time === 7001 ? -5 : 10));
  const thinned = thin({ times, lines: [peak, dip] }, 400);
  expect(thinned.times.length).toBeLessThanOrEqual(400);
  expect(thinned.lines.map((line) => line.length)).toEqual([thinned.times.length, thinned.times.length]);
  expect(Math.max(...(thinned.lines[0] as number[]))).toBe(900);
  expect(Math.min(...(thinned.lines[1] as number[]))).toBe(-5);
  const at = thinned.times[thinned.lines[0]?.indexOf(900) ?? 0] ?? 0;
  expect(Math.abs(at - 4321)).toBeLessThanOrEqual(50);
});

it("keeps the order of a rise and a fall", () => {
  const rise = thin({ times: [0, 1, 2, 3], lines: [[1, 2, 3, 4]] }, 2);
  const fall = thin({ times: [0, 1, 2, 3], lines: [[4, 3, 2, 1]] }, 2);
  expect([rise.lines, fall.lines]).toEqual([[[1, 4]], [[4, 1]]]);
});

it("leaves alone what is short, and gaps", () => {
  const few = { times: [1, 2], lines: [[1, null]] };
  expect(thin(few, 2)).toEqual(few);
  expect(thin({ times: [1, 2, 3, 4], lines: [[null, null, null, null]] }, 2).lines).toEqual([[null, null]]);
});

it("cuts out a range with one point beyond each end", () => {
  const points = [1, 2, 3, 4, 5, 6].map((t_s) => ({ t_s }));
  expect(within(points, { from: 3, to: 4 }).map(({ t_s }) => t_s)).toEqual([2, 3, 4, 5]);
  expect(within(points, { from: 0, to: 99 })).toHaveLength(6);
  expect(within(points, null)).toBe(points);
});

it("adds the counts of heat that is put together", () => {
  const points = [1, 2, 3].map((t_s) =>
    point(t_s, {
      heat: [
        [40, 2],
        [44, t_s],
      ],
    }),
  );
  const columns = heatColumns(points, 2);
  expect(columns.map(({ from, to, buckets }) => [from, to, [...buckets]])).toEqual([
    [
      0,
      2,
      [
        [40, 4],
        [44, 3],
      ],
    ],
    [
      2,
      3,
      [
        [40, 2],
        [44, 3],
      ],
    ],
  ]);
  expect(bucketStart(40)).toBe(1.024);
});

it("finds the points that no line shows", () => {
  expect(alone([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  expect(alone([null, 7, null])).toEqual([1]);
  expect(alone([1, 2, 3])).toEqual([]);
});
