// How a run that is over ended and why, what was asked of it, and where it ran.
import type { JSX } from "preact";
import { number, PlainTable, text, type PlainColumn } from "../components/plain";
import { Lines, Text } from "../components/text";
import { clock, plural } from "../format";
import { earlier, live } from "../store/live";
import { environment, parameters, type Fact } from "../store/parameters";
import { saved } from "../store/saved";
import type { LeftOut, Report, ThresholdEntry } from "../types";
import { judgedBy } from "./header";

export function Summary(): JSX.Element | null {
  const { report } = live.value;
  if (report === null) return null;
  return (
    <>
      <Outcome report={report} />
      {report.thresholds.length > 0 && (
        <PlainTable id="thresholds" title="Thresholds" columns={THRESHOLD_COLUMNS} rows={report.thresholds} />
      )}
      <Facts id="parameters" title="Parameters" facts={parameters(report.run)} />
      <Facts id="environment" title="Environment" facts={environment(report)} />
    </>
  );
}

function Outcome({ report }: { report: Report }): JSX.Element {
  const { exit_code, reasons, validity, health } = report.outcome;
  const missing = earlier.value?.leftOut ?? saved.value;
  const left = missing === null ? [] : leftOut(missing);
  return (
    <section class="block" aria-labelledby="outcome-title">
      <header class="block-head">
        <h2 id="outcome-title">
          Result:{" "}
          <span class={exit_code === 0 ? "good-text" : "bad-text"}>
            {exit_code === 0 ? "passed" : "failed"}
          </span>
        </h2>
        <span class="quiet-text">Exit code {exit_code}</span>
      </header>
      <ul class="reasons">
        {[...reasons, `The measurement is ${validity}.`, ...health.reasons].map((reason, index) => (
          <li key={index}>
            <Text value={reason} whole />
          </li>
        ))}
        {left.length > 0 && <li class="quiet-text">Left out here: {left.join(", ")}.</li>}
      </ul>
    </section>
  );
}

function leftOut({ requests, tasks, failures, exceptions }: LeftOut): string[] {
  const all: [number, string, string][] = [
    [requests, "entry of requests", "entries of requests"],
    [tasks, "task", "tasks"],
    [failures, "cause of failures", "causes of failures"],
    [exceptions, "cause of exceptions", "causes of exceptions"],
  ];
  return all.flatMap(([number, one, many]) => (number > 0 ? [plural(number, one, many)] : []));
}

const THRESHOLD_COLUMNS: PlainColumn<ThresholdEntry>[] = [
  text("Threshold", ({ expression }) => <Text value={expression} whole />),
  text("Result", ({ value, passed }) => (
    <span class={passed ? "good-text" : "bad-text"}>
      {passed ? "kept" : value == null ? "no data" : "failed"}
    </span>
  )),
  number("Measured", ({ expression, value }) => judgedBy(expression, value)),
  number("First failed", ({ first_failed_s }) => (first_failed_s == null ? "" : clock(first_failed_s))),
  number("Failed for, s", ({ failed_for_s }) => (failed_for_s > 0 ? failed_for_s : "")),
];

function Facts({ id, title, facts }: { id: string; title: string; facts: Fact[] }): JSX.Element {
  return (
    <section class="block" aria-labelledby={`${id}-title`}>
      <header class="block-head">
        <h2 id={`${id}-title`}>{title}</h2>
      </header>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value.includes("\n") ? <Lines value={value} /> : <Text value={value} whole />}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
