// The columns of the table of tasks.
import { count, percent, rate } from "../format";
import type { TaskEntry } from "../types";
import { WHOLE } from "./request_columns";
import type { Column } from "./rows";
import { timeColumns } from "./time_columns";

type Of = Column<TaskEntry>;

const errorShare = ({ runs, errors }: TaskEntry): number => (runs === 0 ? 0 : errors / runs);

const DURATIONS = [
  ["mean", "Mean", false],
  ["min", "Min", false],
  ["p50", "p50", true],
  ["p90", "p90", false],
  ["p95", "p95", true],
  ["p99", "p99", true],
  ["max", "Max", true],
] as const;

const UNUSUAL = DURATIONS.map(([time, title]) => [time, title, false] as const);

/** The columns; `all` is how many runs there were in total, `seconds` how long is measured. */
export function taskColumns(all: number, seconds: number): Of[] {
  const perSecond = ({ runs }: TaskEntry): number => (seconds > 0 ? runs / seconds : 0);
  return [
    { id: "task", title: "Task", group: "", width: 220, text: true, value: ({ task }) => task, usual: true },
    {
      id: "class",
      title: "Class",
      group: "",
      width: 180,
      text: true,
      value: (row) => row.class,
      usual: true,
    },
    {
      id: "runs",
      title: "Runs",
      group: WHOLE,
      width: 96,
      value: ({ runs }) => runs,
      show: ({ runs }) => count(runs),
      bar: ({ runs }) => (all === 0 ? 0 : runs / all),
      usual: true,
    },
    {
      id: "errors",
      title: "Errors",
      group: WHOLE,
      width: 88,
      value: ({ errors }) => errors,
      show: ({ errors }) => count(errors),
      usual: true,
    },
    {
      id: "error_share",
      title: "Failed",
      unit: "of runs",
      group: WHOLE,
      width: 92,
      value: errorShare,
      show: (row) => percent(errorShare(row)),
      bar: errorShare,
      tone: "bad",
      usual: true,
    },
    {
      id: "runs_per_s",
      title: "Rate",
      unit: "runs/s",
      group: WHOLE,
      width: 84,
      value: perSecond,
      show: (row) => rate(perSecond(row)),
      usual: true,
    },
    ...timeColumns<TaskEntry>("Duration", "", DURATIONS, ({ duration_ms }) => duration_ms),
    {
      id: "missed",
      title: "Missed",
      unit: "starts",
      group: "Schedule",
      width: 80,
      value: ({ missed }) => missed,
      show: ({ missed }) => count(missed),
      usual: false,
    },
    ...timeColumns<TaskEntry>("Late start", "delay_", UNUSUAL, ({ start_delay_ms }) => start_delay_ms),
    ...timeColumns<TaskEntry>(
      "From schedule",
      "schedule_",
      UNUSUAL,
      ({ from_schedule_ms }) => from_schedule_ms,
    ),
  ];
}
