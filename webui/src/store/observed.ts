// What is observed of the target, made ready for charts: the series of a query on one axis of time.
import type { ObservedSeries } from "../types";

/** The values of all series of a query at a time. */
export type ObservedRow = { t_s: number; values: (number | null)[] };
/** What was asked for by one name. */
export type ObservedQuery = { name: string; query: string; series: ObservedSeries[]; labels: string[] };

/** The queries in their order, with what tells their series apart. */
export function queries(observed: readonly ObservedSeries[]): ObservedQuery[] {
  const names = [...new Set(observed.map(({ name }) => name))];
  return names.map((name) => {
    const series = observed.filter((one) => one.name === name);
    return { name, query: series[0]?.query ?? "", series, labels: labelsOf(name, series) };
  });
}

/** Only labels in which the series differ; of a single one the name of the query. */
function labelsOf(name: string, series: readonly ObservedSeries[]): string[] {
  if (series.length === 1) return [name];
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))];
  const telling = names.filter((label) => new Set(series.map(({ labels }) => labels[label])).size > 1);
  return series.map(({ labels }) => {
    const own = telling.filter((label) => labels[label] !== undefined);
    // A name alone tells enough where there is only one label.
    if (telling.length === 1) return labels[telling[0] ?? ""] ?? "none";
    return own.map((label) => `${label}=${labels[label] ?? ""}`).join(", ") || "none";
  });
}

/** How far times lie from each other where none is missing: the middle of all distances. */
function stepOf(times: readonly number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 1;
}

/**
 * The values of the series by time, from one time to another, so that the axis is that of the other charts. Where nothing was observed for a while
 * there is a row without values, so that no line is drawn there.
 */
export function rows(series: readonly ObservedSeries[], from: number, to: number): ObservedRow[] {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ t_s }) => t_s)))].sort(
    (a, b) => a - b,
  );
  const step = stepOf(times);
  const known = series.map(({ points }) => new Map(points.map(({ t_s, value }) => [t_s, value])));
  const nothing = (t_s: number): ObservedRow => ({ t_s, values: series.map(() => null) });
  if (times.length === 0) return [];
  const [first = from, last = to] = [times[0], times.at(-1)];
  const all: ObservedRow[] = from < first ? [nothing(from)] : [];
  times.forEach((t_s, index) => {
    const before = times[index - 1] ?? t_s;
    if (t_s - before > 2.5 * step) all.push(nothing(before + step));
    all.push({ t_s, values: known.map((values) => values.get(t_s) ?? null) });
  });
  if (to > last) all.push(nothing(to));
  return all;
}
