// Sorting, searching, and which rows are drawn.
import { expect, it } from "vitest";
import { request, times } from "./fixtures";
import { requestColumns } from "./request_columns";
import { found, nextSort, sorted, windowOf } from "./rows";

const columns = requestColumns(100, 10);
const rows = [
  request("/item/10", 5, { response_time_ms: times({ p95: 3 }) }),
  request("/item/9", 70),
  request("/item/2", 25, { response_time_ms: times({ p95: 8 }) }),
];
const order = (column: string, descending: boolean): string[] =>
  sorted(rows, columns, { column, descending }).map(({ name }) => name);

it("sorts numbers in names as numbers", () => {
  expect(order("name", false)).toEqual(["/item/2", "/item/9", "/item/10"]);
});

it("sorts figures, and puts what has none last either way", () => {
  expect(order("requests", true)).toEqual(["/item/9", "/item/2", "/item/10"]);
  expect(order("p95", true)).toEqual(["/item/2", "/item/10", "/item/9"]);
  expect(order("p95", false)).toEqual(["/item/10", "/item/2", "/item/9"]);
});

it("sorts by the first column when the chosen one is not shown", () => {
  expect(order("gone", false)[0]).toBe("/item/2");
});

it("begins figures with the highest and texts with A, and turns round", () => {
  const [name, requests] = ["name", "requests"].map((id) => columns.find((column) => column.id === id));
  if (name === undefined || requests === undefined) throw new Error("columns are missing");
  const by = nextSort({ column: "name", descending: false }, requests);
  expect(by).toEqual({ column: "requests", descending: true });
  expect(nextSort(by, requests)).toEqual({ column: "requests", descending: false });
  expect(nextSort(by, name)).toEqual({ column: "name", descending: false });
});

it("finds all words of a search, wherever they stand", () => {
  expect(found("ITEM get", "/item/{id}", "GET")).toBe(true);
  expect(found("item post", "/item/{id}", "GET")).toBe(false);
  expect(found("  ", "/")).toBe(true);
});

it("draws the rows that are seen, with some around", () => {
  expect(windowOf(10_000, 30, 0, 600, 5)).toEqual([0, 25]);
  expect(windowOf(10_000, 30, 3000, 600, 5)).toEqual([95, 125]);
  expect(windowOf(3, 30, 9000, 600, 5)).toEqual([0, 3]);
  expect(windowOf(0, 30, 0, 600)).toEqual([0, 0]);
});
