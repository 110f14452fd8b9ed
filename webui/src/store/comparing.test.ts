import { expect, it } from "vitest";
import type { Listed } from "../types";
import { beside, moved, usualSides } from "./comparing";
import { point } from "./fixtures";

const listed = (id: string, run: Listed["run"]): Listed => ({ id, bytes: 1, problem: null, run });

it("the newest run is after if nothing else is said, and each can be moved", () => {
  const brief = {} as NonNullable<Listed["run"]>;
  const runs = [listed("3", brief), listed("2", null), listed("1", brief), listed("0", brief)];
  const sides = usualSides(runs, new Set(["0", "1", "2", "3"]));
  expect(sides).toEqual({ before: ["0", "1"], after: ["3"], anyHost: false });
  expect(moved(sides, "1", true)).toEqual({ before: ["0"], after: ["3", "1"], anyHost: false });
  expect(moved(sides, "3", false)).toEqual({ before: ["0", "1", "3"], after: [], anyHost: false });
  expect(usualSides(runs, new Set(["1"])).before).toEqual([]);
});

it("histories of other steps and lengths stand on one axis", () => {
  const one = [1, 2, 3, 4].map((t_s) => point(t_s, { rps: t_s * 10 }));
  const other = [2, 4, 6, 6.3].map((t_s) => point(t_s, { rps: t_s }));
  expect(beside([one, other], ({ rps }) => rps)).toEqual([
    { t_s: 1, values: [10, 2] },
    { t_s: 2, values: [20, 2] },
    { t_s: 3, values: [30, 4] },
    { t_s: 4, values: [40, 4] },
    { t_s: 6, values: [null, 6] },
  ]);
  expect(beside([], () => 1)).toEqual([]);
});
