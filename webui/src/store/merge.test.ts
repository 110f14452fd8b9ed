// What is known after updates.
import { expect, it } from "vitest";
import { entryPoint, point, report, request, update } from "./fixtures";
import { LOG_LINES, NOTHING, findEntry, merge, mergeLog, type Live } from "./merge";
import type { LogLine, ObservedSeries } from "../types";

const first = merge(
  NOTHING,
  update({
    full: true,
    report: report({ requests: [request("/a", 1), request("/b", 1)], history: [point(1), point(2)] }),
    entry: [entryPoint(1)],
  }),
);

it("puts changed rows in their places, and new ones at the end", () => {
  const changed = report({ requests: [request("/c", 1), request("/a", 5)], history: [point(2), point(3)] });
  const after = merge(first, update({ elapsed_s: 3, report: changed, entry: [entryPoint(3)] }));
  expect(after.report?.requests.map(({ name, requests }) => [name, requests])).toEqual([
    ["/a", 5],
    ["/b", 1],
    ["/c", 1],
  ]);
  expect(after.report?.history.map(({ t_s }) => t_s)).toEqual([1, 2, 3]);
  expect(after.entry.map(({ t_s }) => t_s)).toEqual([1, 3]);
  expect(after.elapsed_s).toBe(3);
});

it("keeps apart what differs in method or kind only", () => {
  const login = report({
    requests: [request("/a", 9, { kind: "auth" }), request("/a", 7, { method: "POST" })],
  });
  const after = merge(first, update({ report: login }));
  expect(after.report?.requests.map(({ requests }) => requests)).toEqual([1, 1, 9, 7]);
  expect(findEntry(after.report, { kind: "auth", method: "GET", name: "/a" })?.requests).toBe(9);
});

it("adds the new points of what is observed to those of the same series", () => {
  const series = (instance: string, ...values: [number, number][]): ObservedSeries => ({
    name: "CPU",
    query: "cpu",
    labels: { instance },
    last: null,
    mean: null,
    min: null,
    max: values.at(-1)?.[1] ?? null,
    points: values.map(([t_s, value]) => ({ t_s, value })),
  });
  const at = (before: Live, observed: ObservedSeries[]): Live =>
    merge(before, update({ report: report({ observed }) }));
  const one = at(first, [series("a", [1, 10])]);
  const two = at(one, [series("a", [2, 20]), series("b", [2, 5])]);
  expect(two.report?.observed).toEqual([series("a", [1, 10], [2, 20]), series("b", [2, 5])]);
});

it("replaces everything on a full update, and on one of another run", () => {
  const other = report({ requests: [request("/z", 1)] });
  for (const next of [update({ full: true, report: other }), update({ run: 2, report: other })]) {
    const after = merge(first, next);
    expect(after.report?.requests.map(({ name }) => name)).toEqual(["/z"]);
    expect(after.report?.history).toEqual([]);
    expect(after.entry).toEqual([]);
  }
});

it("keeps what is known when there is no report in an update", () => {
  expect(merge(first, update({ state: "stopping" })).report).toBe(first.report);
  expect(merge(first, update({ full: true })).report).toBeNull();
});

it("keeps the last lines of the log", () => {
  const line = (text: string): LogLine => ({ at: "", level: "info", target: "", text });
  const many = Array.from({ length: LOG_LINES }, (_, index) => line(String(index)));
  const after = mergeLog(many, [line("new")]);
  expect([after.length, after[0]?.text, after.at(-1)?.text]).toEqual([LOG_LINES, "1", "new"]);
});
