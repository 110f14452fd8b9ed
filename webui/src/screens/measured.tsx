// What was measured besides requests and tasks: own figures, the slowest requests, the account of the wire.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { number, PlainTable, text, type PlainColumn } from "../components/plain";
import { Text } from "../components/text";
import { count, figure, millis, plural, rate, timeOfDay } from "../format";
import { typeOf } from "../store/request_columns";
import { entryLink } from "../store/route";
import type { Example, MetricEntry, Report } from "../types";
import { ExampleDialog } from "./example";

const METRIC_HEADS = ["Values", "Total or last", "Mean or per second", "Min", "p50", "p95", "p99", "Max"];

function metricFigures(metric: MetricEntry): string[] {
  const none = "";
  switch (metric.type) {
    case "counter":
      return [none, figure(metric.total), `${rate(metric.per_s)} /s`, none, none, none, none, none];
    case "gauge":
      return [
        count(metric.count),
        figure(metric.last),
        figure(metric.mean),
        figure(metric.min),
        none,
        none,
        none,
        figure(metric.max),
      ];
    case "trend": {
      const { mean, min, p50, p95, p99, max } = metric;
      return [count(metric.count), none, ...[mean, min, p50, p95, p99, max].map(figure)];
    }
  }
}

export function OwnFigures({ metrics }: { metrics: MetricEntry[] }): JSX.Element | null {
  if (metrics.length === 0) return null;
  return <PlainTable id="own" title="Own figures" columns={METRIC_COLUMNS} rows={metrics} />;
}

const METRIC_COLUMNS: PlainColumn<MetricEntry>[] = [
  text("Name", ({ name }) => <Text value={name} />),
  text("Type", ({ type }) => type),
  ...METRIC_HEADS.map((head, place) => number<MetricEntry>(head, (metric) => metricFigures(metric)[place])),
];

export function Slowest({ examples }: { examples: Example[] }): JSX.Element | null {
  const opened = useSignal<Example | null>(null);
  if (examples.length === 0) return null;
  const show = (example: Example): JSX.Element => (
    <button
      type="button"
      class="small"
      onClick={() => {
        opened.value = example;
      }}
    >
      Show
    </button>
  );
  return (
    <PlainTable
      id="slowest"
      title="Slowest requests"
      aside={<span class="quiet-text">{plural(examples.length, "example")}</span>}
      columns={[...SLOWEST_COLUMNS, number(<span class="unseen">Details</span>, show)]}
      rows={examples}
    >
      {opened.value !== null && (
        <ExampleDialog
          example={opened.value}
          onClose={() => {
            opened.value = null;
          }}
        />
      )}
    </PlainTable>
  );
}

const SLOWEST_COLUMNS: PlainColumn<Example>[] = [
  text("Name", (example) => (
    <a class="row-link" href={entryLink(example)}>
      <Text value={example.name} />
    </a>
  )),
  text("Type", (example) => <Text value={typeOf(example)} />),
  number(
    <>
      Time <span class="unit">ms</span>
    </>,
    ({ response_time_ms }) => millis(response_time_ms),
  ),
  number("Status", ({ status }) => status ?? ""),
  text("Ended", ({ at }) => timeOfDay(at)),
  text("Class", (example) => <Text value={example.class} />),
];

export function WireAccount({ wire }: { wire: Report["wire"] }): JSX.Element {
  return (
    <p class="quiet-text wire">
      On the wire: {count(wire.answered)} answered, {count(wire.not_sent)} not sent, {count(wire.partly_sent)}{" "}
      partly sent, {count(wire.sent_unanswered)} sent without an answer; {plural(wire.retries, "repetition")}.
    </p>
  );
}
