// The screen of charts of the whole run, with its events.
import type { JSX } from "preact";
import { PlainTable, number, text, type PlainColumn } from "../components/plain";
import { Text } from "../components/text";
import { clock, figure } from "../format";
import { ObservedCharts } from "../charts/observed";
import { RunCharts, Spans } from "../charts/sets";
import { markText } from "../store/marks";
import { live } from "../store/live";
import type { Mark, ObservedSeries } from "../types";

export function Charts(): JSX.Element {
  const { report, elapsed_s } = live.value;
  if (report === null) return <p class="nothing-yet">Nothing was measured yet.</p>;
  return (
    <>
      <Spans now={elapsed_s} />
      <div class="charts">
        <RunCharts report={report} />
        <ObservedCharts report={report} />
      </div>
      <Observed series={report.observed} />
      <Events marks={report.marks} />
    </>
  );
}

const OBSERVED: PlainColumn<ObservedSeries>[] = [
  text("Name", ({ name }) => <Text value={name} />),
  text("Series", ({ labels }) => (
    <Text
      value={Object.entries(labels)
        .map(([label, value]) => `${label}=${value}`)
        .join(", ")}
    />
  )),
  number("Mean", ({ mean }) => figure(mean)),
  number("Min", ({ min }) => figure(min)),
  number("Max", ({ max }) => figure(max)),
  number("Last", ({ last }) => figure(last)),
];

/** The figures of the measured time. */
function Observed({ series }: { series: ObservedSeries[] }): JSX.Element | null {
  if (series.length === 0) return null;
  return <PlainTable id="observed" title="Observed" columns={OBSERVED} rows={series} />;
}

function Events({ marks }: { marks: Mark[] }): JSX.Element | null {
  if (marks.length === 0) return null;
  return (
    <section class="block" aria-labelledby="events-title">
      <header class="block-head">
        <h2 id="events-title">Events</h2>
      </header>
      <ol class="events">
        {marks.map((mark, index) => (
          <li key={`${mark.t_s} ${index}`} class={`event-${mark.kind}`}>
            <span class="event-time">{clock(mark.t_s)}</span>
            <Text value={markText(mark)} whole />
          </li>
        ))}
      </ol>
    </section>
  );
}
