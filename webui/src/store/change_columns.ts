// The columns of a comparison: before, after, the change and what would have been found, for each measure.
import { figure, millis, rate } from "../format";
import type { Change, Compared, Verdict } from "../types";
import { requestKey } from "./merge";
import { typeOf } from "./request_columns";
import type { Column } from "./rows";

export const ALL = "All requests";

const WORDS: Record<Verdict, string> = {
  better: "better",
  worse: "worse",
  no_difference: "no difference",
  not_comparable: "not comparable",
};

export function wordOf(verdict: Verdict): string {
  return WORDS[verdict];
}

export function comparedKey({ kind, method, name }: Compared): string {
  return requestKey({ kind: kind ?? "", method, name });
}

export function changeOf({ changes }: Compared, measure: string): Change | undefined {
  return changes.find((change) => change.measure === measure);
}

type Measure = { measure: string; title: string; unit: string; write: (value: number) => string };

const MEASURES: Measure[] = [
  { measure: "rps", title: "Requests per second", unit: "req/s", write: rate },
  { measure: "failures", title: "Failures", unit: "%", write: figure },
  { measure: "p50", title: "p50", unit: "ms", write: millis },
  { measure: "p95", title: "p95", unit: "ms", write: millis },
  { measure: "p99", title: "p99", unit: "ms", write: millis },
];

/** `+3.1`, in percent of what was before; of failures in percent of requests. */
function signed(value: number): string {
  return `${value > 0 ? "+" : value < 0 ? "−" : "±"}${figure(Math.abs(value))}`;
}

/** A change beyond ten times as much tells no more than that nothing was certain. */
function far(value: number): string {
  return value > 1000 ? "> 1,000" : figure(value);
}

function columnsOf({ measure, title, unit, write }: Measure): Column<Compared>[] {
  const column = (
    part: keyof Change,
    head: string,
    of: string,
    show: (value: number) => string,
  ): Column<Compared> => {
    const value = (row: Compared): number | null => {
      const found = changeOf(row, measure)?.[part];
      return typeof found === "number" ? found : null;
    };
    return {
      id: `${measure} ${part}`,
      title: head,
      unit: of,
      group: title,
      width: part === "smallest" ? 104 : 84,
      value,
      show: (row) => {
        const known = value(row);
        return known === null ? "" : show(known);
      },
      usual: true,
    };
  };
  return [
    column("before", "Before", unit, write),
    column("after", "After", unit, write),
    column("change", "Change", "%", signed),
    column("smallest", "Found from", "± %", far),
  ];
}

export function changeColumns(): Column<Compared>[] {
  const text = (
    id: string,
    title: string,
    width: number,
    value: (row: Compared) => string,
  ): Column<Compared> => ({
    id,
    title,
    group: "",
    width,
    text: true,
    value,
    usual: true,
  });
  return [
    text("name", "Name", 220, ({ name }) => name),
    text("method", "Type", 90, ({ kind, method }) => (kind === null ? "" : typeOf({ kind, method }))),
    text("verdict", "Verdict", 130, ({ verdict }) => wordOf(verdict)),
    ...MEASURES.flatMap(columnsOf),
  ];
}
