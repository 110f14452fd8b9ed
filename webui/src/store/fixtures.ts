// Values as the program sends them, for tests.
import type {
  ClassEntry,
  EntryPoint,
  ClassInfo,
  Form,
  HistoryPoint,
  Report,
  RequestEntry,
  TaskEntry,
  TaskInfo,
  TimesMs,
  Update,
} from "../types";

/** Times of which only some are known. */
export function times(known: Partial<TimesMs> = {}): TimesMs {
  const none = { min: null, mean: null, max: null, p50: null, p66: null, p75: null, p80: null };
  return { ...none, p90: null, p95: null, p98: null, p99: null, p99_9: null, p99_99: null, ...known };
}

export function request(name: string, requests: number, rest: Partial<RequestEntry> = {}): RequestEntry {
  return {
    batches: null,
    recent: null,
    history: null,
    kind: "http",
    method: "GET",
    name,
    requests,
    failures: 0,
    interrupted: 0,
    bytes: 0,
    reused: 0,
    rps: 0,
    status: {},
    response_time_ms: times(),
    ok_ms: times(),
    failed_ms: times(),
    from_schedule_ms: null,
    histogram: null,
    phases_ms: { dns: null, connect: null, tls: null, first_byte: null, body: null },
    ...rest,
  };
}

export function task(of: string, name: string, runs: number): TaskEntry {
  return {
    class: of,
    task: name,
    runs,
    errors: 0,
    missed: 0,
    duration_ms: times(),
    from_schedule_ms: null,
    start_delay_ms: null,
  };
}

export function classEntry(name: string, rest: Partial<ClassEntry> = {}): ClassEntry {
  return {
    name,
    weight: 1,
    fixed_count: 0,
    users: 0,
    wanted: 0,
    peak_users: 0,
    runs: 0,
    errors: 0,
    runs_per_s: 0,
    duration_ms: times(),
    shares: [],
    ...rest,
  };
}

export function point(t_s: number, rest: Partial<HistoryPoint> = {}): HistoryPoint {
  return {
    t_s,
    rps: 1,
    failures_per_s: 0,
    users: 1,
    wanted: 1,
    in_flight: 0,
    dropped_per_s: 0,
    max: null,
    p50: null,
    p95: null,
    p99: null,
    heat: [],
    ...rest,
  };
}

export function entryPoint(t_s: number): EntryPoint {
  return { t_s, rps: 1, failures_per_s: 0, p50: 1, p95: 1, p99: 1, max: 1, heat: [] };
}

/** A report with what tests look at. */
export function report(rest: Partial<Report> = {}): Report {
  const known = {
    requests: [],
    tasks: [],
    failures: [],
    exceptions: [],
    history: [],
    observed: [],
    marks: [],
    thresholds: [],
    classes: [],
    slowest: [],
    metrics: [],
    totals: request("", 0),
  };
  return { ...known, ...rest } as unknown as Report;
}

export function update(rest: Partial<Update>): Update {
  return {
    run: 1,
    full: false,
    state: "running",
    elapsed_s: 0,
    length_s: null,
    users: 0,
    wanted: 0,
    rate: 0,
    in_flight: 0,
    load: null,
    why: null,
    report: null,
    entry: null,
    ...rest,
  };
}

export function taskInfo(name: string, weight: number, rest: Partial<TaskInfo> = {}): TaskInfo {
  return { name, weight, tags: [], doc: "", line: 1, transitions: [], set: null, ...rest };
}

export function classInfo(name: string, tasks: TaskInfo[], rest: Partial<ClassInfo> = {}): ClassInfo {
  return {
    name,
    module: "m",
    file: "f",
    line: 1,
    column: 1,
    doc: "",
    weight: 1,
    fixed_count: 0,
    visits: null,
    iterations: null,
    wait: "",
    host: null,
    order: "random",
    tasks,
    ...rest,
  };
}

export function form(classes: ClassInfo[], options: Record<string, string> = {}): Form {
  return {
    version: "0",
    entered: { options, settings: {} },
    fields: [],
    classes,
    class_picker: false,
    shapes: [],
    tags: [],
    settings: [],
    demo: false,
    login: null,
  };
}
