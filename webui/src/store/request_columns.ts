// The columns of the table of requests.
import { bytes, count, millis, percent, rate } from "../format";
import type { RequestEntry } from "../types";
import type { Column } from "./rows";
import { timeColumns, type Time } from "./time_columns";

type Of = Column<RequestEntry>;

/** How the whole run, and its last ten seconds, are called wherever they stand. */
export const WHOLE = "Whole run";
export const RECENT = "Last 10 seconds";
const SCHEDULE = "From schedule";
const PHASES = "Phases, 95th percentile";

export const failureShare = ({ requests, failures }: { requests: number; failures: number }): number =>
  requests === 0 ? 0 : failures / requests;

const PERCENTILES: [Time, string, boolean][] = [
  ["mean", "Mean", false],
  ["min", "Min", false],
  ["p50", "p50", true],
  ["p75", "p75", false],
  ["p90", "p90", false],
  ["p95", "p95", true],
  ["p98", "p98", false],
  ["p99", "p99", true],
  ["p99_9", "p99.9", false],
  ["p99_99", "p99.99", false],
  ["max", "Max", true],
];

const recent: Of[] = [
  {
    id: "recent_rps",
    title: "Rate",
    unit: "req/s",
    group: RECENT,
    width: 84,
    value: (row) => row.recent?.rps ?? null,
    show: (row) => rate(row.recent?.rps),
    usual: true,
  },
  {
    id: "recent_failures",
    title: "Failures",
    unit: "1/s",
    group: RECENT,
    width: 84,
    value: (row) => row.recent?.failures_per_s ?? null,
    show: (row) => rate(row.recent?.failures_per_s),
    usual: true,
  },
  ...(["p50", "p95", "p99"] as const).map((time): Of => {
    const value = (row: RequestEntry): number | null => row.recent?.[time] ?? null;
    return {
      id: `recent_${time}`,
      title: time,
      unit: "ms",
      group: RECENT,
      width: 76,
      value,
      show: (row) => millis(value(row)),
      usual: time === "p95",
    };
  }),
];

/** The columns; `all` is how many requests there were in total, `seconds` how long is measured. */
export function requestColumns(all: number, seconds: number): Of[] {
  const perSecond = ({ failures }: RequestEntry): number => (seconds > 0 ? failures / seconds : 0);
  const size = (row: RequestEntry): number | null => (row.requests === 0 ? null : row.bytes / row.requests);
  const reused = (row: RequestEntry): number | null =>
    row.kind !== "http" || row.requests === 0 ? null : row.reused / row.requests;
  const statuses = (row: RequestEntry): string =>
    Object.entries(row.status)
      .map(([status, answers]) => `${status}: ${count(answers)}`)
      .join(", ");
  return [
    { id: "name", title: "Name", group: "", width: 260, text: true, value: ({ name }) => name, usual: true },
    { id: "method", title: "Type", group: "", width: 112, text: true, value: typeOf, usual: true },
    {
      id: "requests",
      title: "Requests",
      group: WHOLE,
      width: 96,
      value: ({ requests }) => requests,
      show: ({ requests }) => count(requests),
      bar: ({ requests }) => (all === 0 ? 0 : requests / all),
      usual: true,
    },
    {
      id: "share",
      title: "Share",
      unit: "of requests",
      group: WHOLE,
      width: 92,
      value: ({ requests }) => (all === 0 ? 0 : requests / all),
      show: ({ requests }) => percent(all === 0 ? 0 : requests / all),
      usual: false,
    },
    {
      id: "failures",
      title: "Failures",
      group: WHOLE,
      width: 88,
      value: ({ failures }) => failures,
      show: ({ failures }) => count(failures),
      usual: true,
    },
    {
      id: "failure_share",
      title: "Failed",
      unit: "of requests",
      group: WHOLE,
      width: 92,
      value: failureShare,
      show: (row) => percent(failureShare(row)),
      bar: failureShare,
      tone: "bad",
      usual: true,
    },
    {
      id: "rps",
      title: "Rate",
      unit: "req/s",
      group: WHOLE,
      width: 84,
      value: ({ rps }) => rps,
      show: ({ rps }) => rate(rps),
      usual: true,
    },
    {
      id: "failures_per_s",
      title: "Failures",
      unit: "1/s",
      group: WHOLE,
      width: 84,
      value: perSecond,
      show: (row) => rate(perSecond(row)),
      usual: false,
    },
    ...timeColumns<RequestEntry>(WHOLE, "", PERCENTILES, ({ response_time_ms }) => response_time_ms),
    {
      id: "size",
      title: "Mean size",
      unit: "of answers",
      group: WHOLE,
      width: 96,
      value: size,
      show: (row) => bytes(size(row)),
      usual: true,
    },
    {
      id: "interrupted",
      title: "Cut off",
      group: WHOLE,
      width: 80,
      value: ({ interrupted }) => interrupted,
      show: ({ interrupted }) => count(interrupted),
      usual: false,
    },
    {
      id: "reused",
      title: "Reused",
      unit: "connections",
      group: WHOLE,
      width: 100,
      value: reused,
      show: (row) => percent(reused(row)),
      usual: false,
    },
    {
      id: "status",
      title: "Answers",
      unit: "by status",
      group: WHOLE,
      width: 180,
      text: true,
      value: statuses,
      usual: false,
    },
    ...recent,
    ...timeColumns<RequestEntry>(
      SCHEDULE,
      "schedule_",
      [
        ["p50", "p50", false],
        ["p95", "p95", false],
        ["p99", "p99", false],
        ["max", "Max", false],
      ],
      ({ from_schedule_ms }) => from_schedule_ms,
    ),
    ...phases,
  ];
}

const phases: Of[] = (
  [
    ["dns", "DNS"],
    ["connect", "Connect"],
    ["tls", "TLS"],
    ["first_byte", "First byte"],
    ["body", "Body"],
  ] as const
).map(([phase, title]): Of => {
  const value = (row: RequestEntry): number | null => row.phases_ms[phase]?.p95 ?? null;
  return {
    id: `phase_${phase}`,
    title,
    unit: "ms",
    group: PHASES,
    width: 84,
    value,
    show: (row) => millis(value(row)),
    usual: false,
  };
});

/** `GET`, and what sort of request it was if not an ordinary one. */
export function typeOf({ method, kind }: { method: string; kind: string }): string {
  return kind === "http" ? method : `${method} (${kind})`;
}
