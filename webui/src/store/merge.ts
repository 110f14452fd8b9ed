// What the page knows of the run: a pure function of the updates that came.
import type {
  EntryName,
  EntryPoint,
  ExceptionEntry,
  FailureEntry,
  Load,
  LogLine,
  ObservedSeries,
  Report,
  RequestEntry,
  RunState,
  TaskEntry,
  Update,
} from "../types";

/** How many lines of the log are kept. */
export const LOG_LINES = 1000;

/** All that is shown of a run. */
export type Live = {
  /** Counts runs; 0 before the first, or before anything was heard. */
  run: number;
  state: RunState;
  elapsed_s: number;
  length_s: number | null;
  users: number;
  wanted: number;
  rate: number;
  in_flight: number;
  /** As it was started, or changed last. */
  load: Load | null;
  why: string | null;
  report: Report | null;
  /** Points of the entry that is looked at. */
  entry: EntryPoint[];
};

export const NOTHING: Live = {
  run: 0,
  state: "ready",
  elapsed_s: 0,
  length_s: null,
  users: 0,
  wanted: 0,
  rate: 0,
  in_flight: 0,
  load: null,
  why: null,
  report: null,
  entry: [],
};

/** Several texts as one; each but the last begins with its length, so that no two lists are the same. */
function keyOf(first: string, second: string, third = ""): string {
  return `${first.length} ${first}${second.length} ${second}${third}`;
}

export const requestKey = (row: EntryName): string => keyOf(row.kind, row.method, row.name);
export const taskKey = (row: TaskEntry): string => keyOf(row.class, row.task);
export const failureKey = (row: FailureEntry): string => keyOf(row.method, row.name, row.error);
/** Of one query: its name and its labels. */
export const observedKey = ({ name, labels }: ObservedSeries): string =>
  JSON.stringify([name, ...Object.entries(labels).sort()]);
export const exceptionKey = (row: ExceptionEntry): string => keyOf(row.class, row.task, row.message);

/** The known rows with the changed ones in their places, and new ones at the end. */
function mergeRows<Row>(known: Row[], changed: Row[], key: (row: Row) => string): Row[] {
  if (changed.length === 0) return known;
  const fresh = new Map(changed.map((row) => [key(row), row]));
  const merged = known.map((row) => {
    const name = key(row);
    const newer = fresh.get(name);
    fresh.delete(name);
    return newer ?? row;
  });
  return [...merged, ...fresh.values()];
}

/** Known points and those after them. */
function appendPoints<Point extends { t_s: number }>(known: Point[], more: Point[]): Point[] {
  const last = known.at(-1)?.t_s ?? -1;
  const fresh = more.filter((point) => point.t_s > last);
  return fresh.length === 0 ? known : [...known, ...fresh];
}

/** What is observed, with the points that are new behind those that are known. */
function mergeObserved(known: ObservedSeries[], update: ObservedSeries[]): ObservedSeries[] {
  const before = new Map(known.map((series) => [observedKey(series), series.points]));
  return update.map((series) => ({
    ...series,
    points: appendPoints(before.get(observedKey(series)) ?? [], series.points),
  }));
}

function mergeReport(known: Report, update: Report): Report {
  return {
    ...update,
    requests: mergeRows<RequestEntry>(known.requests, update.requests, requestKey),
    tasks: mergeRows(known.tasks, update.tasks, taskKey),
    failures: mergeRows(known.failures, update.failures, failureKey),
    exceptions: mergeRows(known.exceptions, update.exceptions, exceptionKey),
    history: appendPoints(known.history, update.history),
    observed: mergeObserved(known.observed, update.observed),
  };
}

/** What is known after an update. */
export function merge(known: Live, update: Update): Live {
  const { run, state, elapsed_s, users, wanted, rate, in_flight } = update;
  const replaces = update.full || known.report === null || update.run !== known.run;
  const report = update.report ?? (replaces ? null : known.report);
  return {
    run,
    state,
    elapsed_s,
    length_s: update.length_s ?? null,
    users,
    wanted,
    rate,
    in_flight,
    load: update.load ?? null,
    why: update.why ?? null,
    report:
      replaces || report === null || known.report === null || update.report == null
        ? report
        : mergeReport(known.report, update.report),
    entry: replaces ? (update.entry ?? []) : appendPoints(known.entry, update.entry ?? []),
  };
}

/** The last lines of a log. */
export function mergeLog(known: LogLine[], more: LogLine[]): LogLine[] {
  return [...known, ...more].slice(-LOG_LINES);
}

/** The row of an entry. */
export function findEntry(report: Report | null, entry: EntryName): RequestEntry | undefined {
  const key = requestKey(entry);
  return report?.requests.find((row) => requestKey(row) === key);
}

/** Whether users are there, or may still be. */
export function isActive(state: RunState): boolean {
  return state === "spawning" || state === "running" || state === "stopping";
}
