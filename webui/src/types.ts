// The values that the program and the page exchange, by short names.
import type { components } from "./api";

type Schemas = components["schemas"];

export type Report = Schemas["Report"];
export type RunSpec = Schemas["RunSpec"];
export type Load = Schemas["Load"];
export type RequestEntry = Schemas["RequestEntry"];
export type RunTotals = Schemas["RunTotals"];
export type TaskEntry = Schemas["TaskEntry"];
export type ClassEntry = Schemas["ClassEntry"];
export type TaskShare = Schemas["TaskShare"];
export type FailureEntry = Schemas["FailureEntry"];
export type ExceptionEntry = Schemas["ExceptionEntry"];
export type Example = Schemas["Example"];
export type MetricEntry = Schemas["MetricEntry"];
export type HistoryPoint = Schemas["HistoryPoint"];
export type EntryPoint = Schemas["EntryPoint"];
export type Mark = Schemas["Mark"];
export type ObservedSeries = Schemas["ObservedSeries"];
export type Capacity = Schemas["Capacity"];
export type LevelEntry = Schemas["LevelEntry"];
export type ThresholdEntry = Schemas["ThresholdEntry"];
export type TimesMs = Schemas["TimesMs"];

export type Form = Schemas["Form"];
export type Entered = Schemas["Entered"];
export type Checked = Schemas["Checked"];
export type Start = Schemas["Start"];
export type Field = Schemas["Field"];
export type ClassInfo = Schemas["ClassInfo"];
export type TaskInfo = Schemas["TaskInfo"];
export type SettingInfo = Schemas["SettingInfo"];
export type Runs = Schemas["Runs"];
export type Listed = Schemas["Listed"];
export type Brief = Schemas["Brief"];
export type Label = Schemas["Label"];
export type Saved = Schemas["Saved"];
export type LeftOut = Schemas["LeftOut"];
export type Comparison = Schemas["Comparison"];
export type Compared = Schemas["Compared"];
export type Change = Schemas["Change"];
export type Verdict = Schemas["Verdict"];
export type Update = Schemas["Update"];
export type LogLine = Schemas["LogLine"];
export type LoginKind = Schemas["Login"];
export type Credentials = Schemas["Credentials"];
export type Problem = Schemas["Problem"];

export type RunState = Update["state"];
export type Kind = RequestEntry["kind"];
/** What may be absent or null in JSON. */
export type Maybe<T> = T | null | undefined;
/** What names one entry of requests. */
export type EntryName = { kind: string; method: string; name: string };
