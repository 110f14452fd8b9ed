// Seconds without requests.
import { expect, it } from "vitest";
import { filled } from "./fill";
import { entryPoint } from "./fixtures";

const rates = (times: number[], now: number): [number, number][] =>
  filled(times.map(entryPoint), now).map(({ t_s, rps }) => [t_s, rps]);

it("a second without requests has none", () => {
  expect(rates([1, 2, 4], 4)).toEqual([
    [1, 1],
    [2, 1],
    [3, 0],
    [4, 1],
  ]);
});

it("long silences take two points, at the beginning, between and at the end", () => {
  expect(rates([5, 16, 20], 30.5)).toEqual([
    [1, 0],
    [4, 0],
    [5, 1],
    [6, 0],
    [15, 0],
    [16, 1],
    [17, 0],
    [19, 0],
    [20, 1],
    [21, 0],
    [29, 0],
  ]);
});

it("points that stand for several seconds leave no gaps between them", () => {
  expect(rates([4, 8, 12], 13)).toEqual([
    [4, 1],
    [8, 1],
    [12, 1],
  ]);
  expect(rates([], 9)).toEqual([]);
});
