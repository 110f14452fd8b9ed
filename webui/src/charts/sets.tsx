// The charts of a run, and those of one entry.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { count, millis, rate } from "../format";
import { filled } from "../store/fill";
import type { EntryPoint, HistoryPoint, Mark, Report, ThresholdEntry } from "../types";
import { Chart, type Line } from "./chart";
import { HeatMap } from "./heat";
import type { Bound } from "./plot";
import { logarithmic, part } from "./range";
import { inWords } from "./words";

type Figures = Pick<EntryPoint, "t_s" | "rps" | "failures_per_s"> & {
  p50?: number | null;
  p95?: number | null;
  p99?: number | null;
  max?: number | null;
};

const RATE: Line<Figures>[] = [
  { label: "Requests", colour: "accent", value: ({ rps }) => rps, fill: 0.1 },
  { label: "Failures", colour: "bad", value: ({ failures_per_s }) => failures_per_s, fill: 0.25 },
];
const TIMES: Line<Figures>[] = [
  { label: "p50", colour: "accent", value: ({ p50 }) => p50 ?? null, width: 2.25 },
  {
    label: "p95",
    colour: "accent",
    value: ({ p95 }) => p95 ?? null,
    width: 1.25,
    opacity: 0.75,
    band: [0, 0.24],
  },
  {
    label: "p99",
    colour: "accent",
    value: ({ p99 }) => p99 ?? null,
    width: 1,
    opacity: 0.5,
    band: [1, 0.11],
  },
  { label: "Max", colour: "muted", value: ({ max }) => max ?? null, width: 1, opacity: 0.45 },
];
const USERS: Line<HistoryPoint>[] = [
  { label: "Users", colour: "accent", value: ({ users }) => users, fill: 0.1, steps: true },
  { label: "Wanted", colour: "second", value: ({ wanted }) => wanted, dash: [5, 4], width: 1.5, steps: true },
];
const IN_FLIGHT: Line<HistoryPoint>[] = [
  { label: "In flight", colour: "accent", value: ({ in_flight }) => in_flight, fill: 0.1 },
];
const DROPPED: Line<HistoryPoint> = {
  label: "Dropped per second",
  colour: "bad",
  value: ({ dropped_per_s }) => dropped_per_s,
};

const whole = (value: number | null): string => count(value);

/** Bounds of thresholds on all response times: their texts have one form. */
export function timeBounds(thresholds: readonly ThresholdEntry[]): Bound[] {
  return thresholds
    .filter(({ expression }) => /^(p[\d.]+|mean|median|max) <=? /.test(expression))
    .map(({ expression, bound }) => ({ value: bound, label: expression }));
}

function RateChart({ points, marks }: { points: readonly Figures[]; marks: readonly Mark[] }): JSX.Element {
  const summary = [
    inWords("Requests per second", points, ({ rps }) => rps, rate),
    inWords("Failures per second", points, ({ failures_per_s }) => failures_per_s, rate),
  ].join(" ");
  return (
    <Chart
      title="Rate"
      unit="requests per second"
      {...{ points, marks, summary, lines: RATE, write: rate }}
    />
  );
}

type TimesProps = { points: readonly Figures[]; marks: readonly Mark[]; bounds: readonly Bound[] };

function TimesChart({ points, marks, bounds }: TimesProps): JSX.Element {
  const milliseconds = (value: number): string => `${millis(value)} ms`;
  const summary = [
    inWords("Median", points, ({ p50 }) => p50 ?? null, milliseconds),
    inWords("95th percentile", points, ({ p95 }) => p95 ?? null, milliseconds),
  ].join(" ");
  return (
    <Chart
      title="Response times"
      unit="ms"
      {...{ points, marks, bounds, summary, lines: TIMES, write: millis }}
      spread
      tools={
        <button
          type="button"
          class="quiet small"
          aria-pressed={logarithmic.value}
          onClick={() => {
            logarithmic.value = !logarithmic.value;
          }}
        >
          Logarithmic
        </button>
      }
    />
  );
}

export function RunCharts({ report }: { report: Report }): JSX.Element {
  const { history: points, marks } = report;
  // Iterations that arrive want no number of users.
  const wanting = points.some(({ wanted }) => wanted > 0);
  const dropping = points.some(({ dropped_per_s }) => dropped_per_s > 0);
  return (
    <>
      <RateChart points={points} marks={marks} />
      <TimesChart points={points} marks={marks} bounds={timeBounds(report.thresholds)} />
      <Chart
        key={wanting ? "wanting" : "as they come"}
        title="Users"
        unit="at the same time"
        {...{ points, marks, lines: wanting ? USERS : USERS.slice(0, 1), write: whole, reach: 5 }}
        summary={inWords("Users", points, ({ users }) => users, count)}
      />
      <Chart
        key={dropping ? "dropping" : "calm"}
        title="In flight"
        unit="iterations under way"
        {...{ points, marks, lines: dropping ? [...IN_FLIGHT, DROPPED] : IN_FLIGHT, write: whole, reach: 5 }}
        summary={inWords("In flight", points, ({ in_flight }) => in_flight, count)}
      />
      <HeatMap points={points} marks={marks} />
    </>
  );
}

type EntryProps = { points: readonly EntryPoint[]; marks: readonly Mark[]; now: number };

export function EntryCharts({ points: known, marks, now }: EntryProps): JSX.Element {
  const points = useMemo(() => filled(known, now), [known, now]);
  return (
    <>
      <RateChart points={points} marks={marks} />
      <TimesChart points={points} marks={marks} bounds={[]} />
      <HeatMap points={points} marks={marks} />
    </>
  );
}

const SPANS: [string, number][] = [
  ["Last minute", 60],
  ["5 minutes", 300],
  ["30 minutes", 1800],
];

/** Chooses the part of the time without a mouse. */
export function Spans({ now }: { now: number }): JSX.Element {
  const chosen = part.value;
  return (
    <div class="spans" role="group" aria-label="Part of the run">
      <button
        type="button"
        class="quiet small"
        aria-pressed={chosen === null}
        onClick={() => {
          part.value = null;
        }}
      >
        Whole run
      </button>
      {SPANS.filter(([, seconds]) => now > seconds).map(([title, seconds]) => (
        <button
          key={title}
          type="button"
          class="quiet small"
          aria-pressed={chosen !== null && "last" in chosen && chosen.last === seconds}
          onClick={() => {
            part.value = { last: seconds };
          }}
        >
          {title}
        </button>
      ))}
      <span class="quiet-text">Drag over a chart to zoom, double-click to see all.</span>
    </div>
  );
}
