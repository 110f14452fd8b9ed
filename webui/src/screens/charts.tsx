// The screen of charts of the whole run, with its events.
import type { JSX } from "preact";
import { Text } from "../components/text";
import { clock } from "../format";
import { RunCharts, Spans } from "../charts/sets";
import { markText } from "../store/marks";
import { live } from "../store/live";
import type { Mark } from "../types";

export function Charts(): JSX.Element {
  const { report, elapsed_s } = live.value;
  if (report === null) return <p class="nothing-yet">Nothing was measured yet.</p>;
  return (
    <>
      <Spans now={elapsed_s} />
      <div class="charts">
        <RunCharts report={report} />
      </div>
      <Events marks={report.marks} />
    </>
  );
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
