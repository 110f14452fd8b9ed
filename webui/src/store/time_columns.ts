// Columns of times, one for each percentile that is wanted, of any table.
import { millis } from "../format";
import type { Maybe, TimesMs } from "../types";
import type { Column } from "./rows";

export type Time =
  "min" | "mean" | "max" | "p50" | "p75" | "p90" | "p95" | "p98" | "p99" | "p99_9" | "p99_99";

/** Their ids are the prefix and the time; of each the title, and whether it is usual, are given. */
export function timeColumns<Row>(
  group: string,
  prefix: string,
  wanted: readonly (readonly [Time, string, boolean])[],
  of: (row: Row) => Maybe<TimesMs>,
): Column<Row>[] {
  return wanted.map(([time, title, usual]) => {
    const value = (row: Row): number | null => of(row)?.[time] ?? null;
    return {
      id: `${prefix}${time}`,
      title,
      unit: "ms",
      group,
      width: 76,
      value,
      show: (row) => millis(value(row)),
      usual,
    };
  });
}
