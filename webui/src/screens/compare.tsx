// Runs beside each other: what has changed, and their rates and times in one chart each.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Chart, type Line } from "../charts/chart";
import type { Colour } from "../charts/colours";
import { inWords } from "../charts/words";
import { Icon } from "../components/icons";
import { Text } from "../components/text";
import { count, millis, rate, time } from "../format";
import { client, reason } from "../store/client";
import { beside, moved, type Beside } from "../store/comparing";
import { compareLink, goTo, route, runLink, screenLink, sidesQuery, type Sides } from "../store/route";
import type { Comparison, HistoryPoint, Report } from "../types";
import { Changes } from "./changes";

type Run = { id: string; after: boolean; report: Report };
type Answer = { comparison: Comparison; runs: Run[] };

export function Compare(): JSX.Element {
  const { sides } = route.value;
  const query = sidesQuery(sides);
  const answer = useSignal<Answer | null>(null);
  const wrong = useSignal<string | null>(null);
  useEffect(() => {
    let wanted = true;
    wrong.value = null;
    ask(sides, query).then(
      (got) => {
        if (wanted) answer.value = got;
      },
      (error: unknown) => {
        if (wanted) wrong.value = reason(error);
      },
    );
    return () => {
      wanted = false;
    };
    // The query is all there is to the sides.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [query]);
  useEffect(
    () => () => {
      reports.clear();
    },
    [],
  );
  const got = answer.value;
  return (
    <>
      <p>
        <a class="button" href={screenLink("history")}>
          <Icon name="left" />
          All runs
        </a>
      </p>
      {wrong.value !== null && (
        <p class="field-error" role="alert">
          {wrong.value}
        </p>
      )}
      {got === null ? (
        wrong.value === null && <p class="nothing-yet">One moment…</p>
      ) : (
        <>
          <Chosen sides={sides} runs={got.runs} />
          <Changes comparison={got.comparison} sides={sides} />
          <Beside key={got.runs.map(({ id, after }) => `${id} ${String(after)}`).join()} runs={got.runs} />
        </>
      )}
    </>
  );
}

/** The results that were read, while the comparison is looked at. */
const reports = new Map<string, Report>();

async function ask(sides: Sides, query: string): Promise<Answer> {
  const open = async (id: string, after: boolean): Promise<Run> => {
    const report = reports.get(id) ?? (await client.run(id)).report;
    reports.set(id, report);
    return { id, after, report };
  };
  const runs: Run[] = [];
  for (const id of sides.before) runs.push(await open(id, false));
  for (const id of sides.after) runs.push(await open(id, true));
  return { comparison: await client.compare(query), runs };
}

function nameOf({ id, report }: Run): string {
  return report.run.name ?? id;
}

function Chosen({ sides, runs }: { sides: Sides; runs: Run[] }): JSX.Element {
  const inOrder = [...runs].sort((a, b) => (a.id < b.id ? -1 : 1));
  return (
    <section class="block" aria-labelledby="chosen-title">
      <header class="block-head">
        <h2 id="chosen-title">Before and after</h2>
        <div class="block-tools">
          <button
            type="button"
            onClick={() => {
              goTo(compareLink({ ...sides, before: sides.after, after: sides.before }));
            }}
          >
            Swap
          </button>
        </div>
      </header>
      <ul class="sides">
        {inOrder.map((run) => (
          <li key={run.id}>
            <fieldset>
              <legend class="unseen">{nameOf(run)}</legend>
              {[false, true].map((after) => (
                <label key={String(after)}>
                  <input
                    type="radio"
                    name={`side-${run.id}`}
                    checked={run.after === after}
                    onChange={() => {
                      goTo(compareLink(moved(sides, run.id, after)));
                    }}
                  />
                  {after ? "after" : "before"}
                </label>
              ))}
            </fieldset>
            <a class="row-link" href={runLink(run.id)}>
              <Text value={nameOf(run)} />
            </a>
            <span class="quiet-text">
              {time(run.report.run.started_at)}, {count(run.report.totals.requests)} requests
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const COLOURS: Colour[] = ["accent", "bad", "good", "warn", "second", "muted", "text"];

type ChartProps = {
  title: string;
  unit: string;
  runs: Run[];
  value: (point: HistoryPoint) => number | null;
  write: (value: number | null) => string;
};

function BesideChart({ title, unit, runs, value, write }: ChartProps): JSX.Element {
  const points = useMemo(
    () =>
      beside(
        runs.map(({ report }) => report.history),
        value,
      ),
    // The chart is made anew for other runs.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [],
  );
  const lines = runs.map((run, index): Line<Beside> => ({
    label: `${nameOf(run)} (${run.after ? "after" : "before"})`,
    colour: COLOURS[index % COLOURS.length] ?? "text",
    value: ({ values }) => values[index] ?? null,
    ...(run.after ? {} : { dash: [6, 3] }),
  }));
  const summary = lines
    .map(({ label, value: of }) => inWords(`${title}, ${label}`, points, of, write))
    .join(" ");
  return <Chart {...{ title, unit, points, lines, write, summary }} marks={[]} />;
}

function Beside({ runs }: { runs: Run[] }): JSX.Element {
  return (
    <div class="charts">
      <BesideChart
        title="Rate"
        unit="requests per second"
        runs={runs}
        value={({ rps }) => rps}
        write={rate}
      />
      <BesideChart
        title="95th percentile"
        unit="ms"
        runs={runs}
        value={({ p95 }) => p95 ?? null}
        write={millis}
      />
    </div>
  );
}
