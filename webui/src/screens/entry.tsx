// One entry of requests: its figures, charts, percentiles and failures.
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { EntryCharts, Spans } from "../charts/sets";
import { Icon } from "../components/icons";
import { number, PlainTable, text } from "../components/plain";
import { Text } from "../components/text";
import { bytes, count, millis, percent, plural, rate } from "../format";
import { active, live } from "../store/live";
import { findEntry } from "../store/merge";
import { RECENT, WHOLE, failureShare, typeOf } from "../store/request_columns";
import { goTo, requestsLink } from "../store/route";
import type { EntryName, RequestEntry, TimesMs } from "../types";
import { FailureTable } from "./failures";

export function EntryScreen({ entry }: { entry: EntryName }): JSX.Element {
  const { report, entry: points, elapsed_s } = live.value;
  const row = findEntry(report, entry);
  useEffect(() => {
    const back = (event: KeyboardEvent): void => {
      if (
        event.key === "Escape" &&
        !event.defaultPrevented &&
        document.querySelector("dialog[open]") === null
      )
        goTo(requestsLink());
    };
    document.addEventListener("keydown", back);
    return () => {
      document.removeEventListener("keydown", back);
    };
  }, []);
  const failures = (report?.failures ?? []).filter(
    ({ method, name }) => method === entry.method && name === entry.name,
  );
  return (
    <article class="entry" aria-labelledby="entry-title">
      <header class="entry-head">
        <a class="button" href={requestsLink()}>
          <Icon name="left" />
          All requests
        </a>
        <h2 id="entry-title">
          <span class="method">
            <Text value={typeOf(entry)} />
          </span>
          <Text value={entry.name} whole />
        </h2>
      </header>
      {row === undefined ? (
        <p class="nothing-yet">There is no such entry in this run so far.</p>
      ) : (
        <>
          <Tiles row={row} />
          <Spans now={elapsed_s} />
          <div class="charts">
            <EntryCharts
              points={points.length > 0 ? points : (row.history ?? [])}
              marks={report?.marks ?? []}
              now={elapsed_s}
            />
          </div>
          <Percentiles row={row} />
          {failures.length > 0 && (
            <FailureTable failures={failures} title="Failures of this entry" linked={false} />
          )}
        </>
      )}
    </article>
  );
}

function Tiles({ row }: { row: RequestEntry }): JSX.Element {
  const { response_time_ms: whole, recent } = row;
  const tiles: [string, ComponentChildren, string][] = [
    ["Requests", count(row.requests), ""],
    ["Failed", percent(failureShare(row)), plural(row.failures, "request")],
    ["Rate", rate(row.rps), "req/s"],
    ["p50", millis(whole.p50), "ms"],
    ["p95", millis(whole.p95), "ms"],
    ["p99", millis(whole.p99), "ms"],
    ["Max", millis(whole.max), "ms"],
    ["Mean size", bytes(row.requests === 0 ? null : row.bytes / row.requests), ""],
  ];
  const now: [string, ComponentChildren, string][] = [
    ["Rate", rate(recent?.rps), "req/s"],
    ["Failures", rate(recent?.failures_per_s), "1/s"],
    ["p50", millis(recent?.p50), "ms"],
    ["p95", millis(recent?.p95), "ms"],
    ["p99", millis(recent?.p99), "ms"],
  ];
  return (
    <div class="tile-groups">
      <TileGroup title={WHOLE} tiles={tiles} />
      {active.value && recent != null && <TileGroup title={RECENT} tiles={now} />}
    </div>
  );
}

function TileGroup({
  title,
  tiles,
}: {
  title: string;
  tiles: [string, ComponentChildren, string][];
}): JSX.Element {
  return (
    <section class="tile-group" aria-label={title}>
      <h3>{title}</h3>
      <dl class="tiles">
        {tiles.map(([name, value, unit]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value} <span class="unit">{unit}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const TIMES = [
  ["min", "Min"],
  ["p50", "p50"],
  ["p66", "p66"],
  ["p75", "p75"],
  ["p80", "p80"],
  ["p90", "p90"],
  ["p95", "p95"],
  ["p98", "p98"],
  ["p99", "p99"],
  ["p99_9", "p99.9"],
  ["p99_99", "p99.99"],
  ["max", "Max"],
  ["mean", "Mean"],
] as const;

type Times = [string, TimesMs];

function Percentiles({ row }: { row: RequestEntry }): JSX.Element {
  const { phases_ms: phases } = row;
  const all: [string, TimesMs | null | undefined][] = [
    ["All", row.response_time_ms],
    ["Succeeded", row.ok_ms],
    ["Failed", row.failures > 0 ? row.failed_ms : null],
    ["From schedule", row.from_schedule_ms],
    ["DNS", phases.dns],
    ["Connect", phases.connect],
    ["TLS", phases.tls],
    ["First byte", phases.first_byte],
    ["Body", phases.body],
  ];
  const rows = all.filter((pair): pair is Times => pair[1] != null);
  const statuses = Object.entries(row.status);
  const columns = [
    text<Times>("Times", ([title]) => title),
    ...TIMES.map(([id, title]) => number<Times>(title, ([, times]) => millis(times[id]))),
  ];
  return (
    <PlainTable
      id="percentiles"
      title="Response times and their phases"
      aside={<span class="quiet-text">ms, whole run</span>}
      columns={columns}
      rows={rows}
    >
      {statuses.length > 0 && (
        <p class="quiet-text">
          Answers by status: {statuses.map(([status, answers]) => `${status}: ${count(answers)}`).join(", ")}.
        </p>
      )}
    </PlainTable>
  );
}
