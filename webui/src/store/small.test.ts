// Addresses, loads as texts, progress, and shares of tasks.
import { expect, it } from "vitest";
import { classEntry, task, update } from "./fixtures";
import { loadOf, textsOf } from "./load_texts";
import { tokenIn } from "./login";
import { NOTHING, merge } from "./merge";
import { progress } from "./progress";
import { ratios } from "./ratios";
import { compareLink, entryLink, readRoute, route, runLink } from "./route";
import type { TaskShare } from "../types";

it("an address survives any name", () => {
  const entry = { kind: "http", method: "GET", name: "/a?b=1&c#d </script> \0 שלום +%" };
  expect(readRoute(entryLink(entry))).toMatchObject({ screen: "statistics", entry });
  expect(readRoute("#/charts")).toMatchObject({ screen: "charts", entry: null, run: null });
  expect(readRoute("#/nowhere")).toMatchObject({ screen: null, entry: null });
  expect(readRoute("")).toMatchObject({ screen: null, entry: null });
  const id = "20261125-214046-3f9a1c";
  route.value = readRoute(runLink(id));
  expect(route.value).toMatchObject({ screen: "history", run: id });
  expect(readRoute(entryLink(entry))).toMatchObject({ screen: "history", run: id, entry });
  route.value = readRoute("");
  const sides = { before: [id, "a"], after: ["b"], anyHost: true };
  expect(readRoute(compareLink(sides))).toMatchObject({ screen: "compare", sides });
});

it("only the printed address has a token", () => {
  const name = "/a&token=x#token=y";
  expect(tokenIn("#token=a-b_c")).toBe("a-b_c");
  expect(tokenIn(entryLink({ kind: "http", method: "GET", name }))).toBeNull();
  expect(tokenIn("#/charts")).toBeNull();
  expect(tokenIn("")).toBeNull();
});

it("a load is edited in its own kind", () => {
  expect(loadOf({ users: " 20 ", spawn_rate: "2.5" })).toEqual({ users: 20, spawn_rate: 2.5 });
  expect(loadOf({ rate: "18000/m" })).toEqual({ rate: 300 });
  expect(loadOf({ stages: "10@1m" })).toEqual({ stages: "10@1m" });
  for (const load of [{ users: 3, spawn_rate: 1 }, { rate: 0.5 }, { stages: "10@1m" }]) {
    expect(loadOf(textsOf(load))).toEqual(load);
  }
});

it("a load that can't be read is refused with a reason", () => {
  for (const texts of [
    { users: "many", spawn_rate: "1" },
    { users: "1", spawn_rate: "0" },
    { rate: "fast" },
  ]) {
    expect(typeof loadOf(texts)).toBe("string");
  }
});

it("progress is of the run time, else of the ramp", () => {
  const at = (rest: Parameters<typeof update>[0]): number | undefined =>
    progress(merge(NOTHING, update({ elapsed_s: 30, users: 5, wanted: 20, ...rest })))?.share;
  expect(at({ length_s: 120, state: "running" })).toBe(0.25);
  expect(at({ state: "spawning" })).toBe(0.25);
  expect(at({ state: "running" })).toBeUndefined();
  expect(at({ length_s: 120, state: "stopped" })).toBeUndefined();
});

it("tasks are compared with tasks of their list, and sets are left out of that", () => {
  const share = (path: string, of: number, is_set = false): TaskShare => ({ task: path, is_set, share: of });
  const shares = [
    share("x", 0.5),
    share("y", 0.25),
    share("forum", 0.25, true),
    share("forum::read", 0.75),
    share("forum::write", 0.25),
  ];
  const rows = [task("A", "x", 6), task("A", "y", 2), task("A", "forum::read", 9), task("B", "y", 99)];
  const found = ratios(classEntry("A", { shares }), rows);
  expect(found.map(({ path, depth, wanted, actual }) => [path, depth, wanted, actual])).toEqual([
    ["x", 0, 2 / 3, 0.75],
    ["y", 0, 1 / 3, 0.25],
    ["forum", 0, 0.25, null],
    ["forum::read", 1, 0.75, 1],
    ["forum::write", 1, 0.25, 0],
  ]);
});
