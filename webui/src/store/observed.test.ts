import { expect, it } from "vitest";
import { queries, rows } from "./observed";
import type { ObservedSeries } from "../types";

function series(name: string, labels: Record<string, string>, ...values: [number, number][]): ObservedSeries {
  const points = values.map(([t_s, value]) => ({ t_s, value }));
  return { name, query: `${name}_total`, labels, last: null, mean: null, min: null, max: null, points };
}

it("the series of a query are told apart by the labels in which they differ", () => {
  const [cpu, disk, one, mixed] = queries([
    series("cpu", { job: "db", instance: "a" }),
    series("disk", { job: "db", instance: "a", device: "sda" }),
    series("cpu", { job: "db", instance: "b" }),
    series("disk", { job: "db", instance: "b", device: "sdb" }),
    series("up", { job: "db" }),
    series("mixed", {}),
    series("mixed", { code: "500" }),
  ]);
  expect(cpu?.labels).toEqual(["a", "b"]);
  expect(disk?.labels).toEqual(["instance=a, device=sda", "instance=b, device=sdb"]);
  expect([one?.name, one?.query, one?.labels]).toEqual(["up", "up_total", ["up"]]);
  expect(mixed?.labels).toEqual(["none", "500"]);
});

it("values stand on the axis of the run, and nothing is drawn where nothing was observed", () => {
  const a = series("cpu", { at: "a" }, [1, 10], [2, 20], [3, 30], [9, 90]);
  const b = series("cpu", { at: "b" }, [2, 5]);
  expect(rows([a, b], 0, 12)).toEqual([
    { t_s: 0, values: [null, null] },
    { t_s: 1, values: [10, null] },
    { t_s: 2, values: [20, 5] },
    { t_s: 3, values: [30, null] },
    { t_s: 4, values: [null, null] },
    { t_s: 9, values: [90, null] },
    { t_s: 12, values: [null, null] },
  ]);
  expect(rows([a], 1, 9)).toHaveLength(5);
  expect(rows([series("cpu", {})], 1, 5)).toEqual([]);
});
