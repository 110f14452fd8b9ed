// What was measured besides requests and tasks: own figures, the slowest requests, the account of the wire.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
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
  return (
    <section class="block" aria-labelledby="own-title">
      <header class="block-head">
        <h2 id="own-title">Own figures</h2>
      </header>
      <div class="table-box" tabIndex={0} role="region" aria-label="Table of own figures">
        <table class="table plain">
          <thead>
            <tr>
              <th scope="col" class="text">
                Name
              </th>
              <th scope="col" class="text">
                Type
              </th>
              {METRIC_HEADS.map((head) => (
                <th key={head} scope="col" class="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {metrics.map((metric) => (
              <tr key={metric.name}>
                <th scope="row" class="text">
                  <Text value={metric.name} />
                </th>
                <td class="text">{metric.type}</td>
                {metricFigures(metric).map((value, index) => (
                  <td key={METRIC_HEADS[index]} class="number">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Slowest({ examples }: { examples: Example[] }): JSX.Element | null {
  const opened = useSignal<Example | null>(null);
  if (examples.length === 0) return null;
  return (
    <section class="block" aria-labelledby="slowest-title">
      <header class="block-head">
        <h2 id="slowest-title">Slowest requests</h2>
        <span class="quiet-text">{plural(examples.length, "example")}</span>
      </header>
      <div class="table-box" tabIndex={0} role="region" aria-label="Table of the slowest requests">
        <table class="table plain">
          <thead>
            <tr>
              <th scope="col" class="text">
                Name
              </th>
              <th scope="col" class="text">
                Type
              </th>
              <th scope="col" class="number">
                Time <span class="unit">ms</span>
              </th>
              <th scope="col" class="number">
                Status
              </th>
              <th scope="col" class="text">
                Ended
              </th>
              <th scope="col" class="text">
                Class
              </th>
              <th scope="col">
                <span class="unseen">Details</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {examples.map((example, index) => (
              <tr key={`${example.at} ${index}`}>
                <th scope="row" class="text">
                  <a class="row-link" href={entryLink(example)}>
                    <Text value={example.name} />
                  </a>
                </th>
                <td class="text">
                  <Text value={typeOf(example)} />
                </td>
                <td class="number">{millis(example.response_time_ms)}</td>
                <td class="number">{example.status ?? ""}</td>
                <td class="text">{timeOfDay(example.at)}</td>
                <td class="text">
                  <Text value={example.class} />
                </td>
                <td class="number">
                  <button
                    type="button"
                    class="small"
                    onClick={() => {
                      opened.value = example;
                    }}
                  >
                    Show
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {opened.value !== null && (
        <ExampleDialog
          example={opened.value}
          onClose={() => {
            opened.value = null;
          }}
        />
      )}
    </section>
  );
}

export function WireAccount({ wire }: { wire: Report["wire"] }): JSX.Element {
  return (
    <p class="quiet-text wire">
      On the wire: {count(wire.answered)} answered, {count(wire.not_sent)} not sent, {count(wire.partly_sent)}{" "}
      partly sent, {count(wire.sent_unanswered)} sent without an answer; {plural(wire.retries, "repetition")}.
    </p>
  );
}
