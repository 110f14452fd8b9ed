// Charts of what is observed of the target: one for each query, on the time axis of the others.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { figure, shorten, visible } from "../format";
import { queries, rows, type ObservedQuery, type ObservedRow } from "../store/observed";
import type { Mark, Report } from "../types";
import { Chart, type Line } from "./chart";
import type { Colour } from "./colours";
import { inWords } from "./words";

const COLOURS: Colour[] = ["accent", "second", "good", "warn", "bad"];
/** Series that are told in words. */
const IN_WORDS = 3;

export function ObservedCharts({ report }: { report: Report }): JSX.Element {
  const { observed, history, marks } = report;
  const [from, to] = [history[0]?.t_s ?? 0, history.at(-1)?.t_s ?? 0];
  return (
    <>
      {queries(observed).map((query) => (
        // The lines of a chart are always the same.
        <ObservedChart key={JSON.stringify([query.name, query.labels])} {...{ query, from, to, marks }} />
      ))}
    </>
  );
}

type Props = { query: ObservedQuery; from: number; to: number; marks: readonly Mark[] };

function ObservedChart({ query, from, to, marks }: Props): JSX.Element {
  const { name, labels, series } = query;
  const points = useMemo(() => rows(series, from, to), [series, from, to]);
  const lines = labels.map((label, place): Line<ObservedRow> => ({
    label: visible(shorten(label, 60)),
    colour: COLOURS[place % COLOURS.length] ?? "muted",
    value: ({ values }) => values[place] ?? null,
    ...(place < COLOURS.length ? {} : { dash: [5, 4] }),
  }));
  const words = lines.map(({ label, value }) => inWords(label, points, value, figure));
  const more = words.length > IN_WORDS ? [`And ${words.length - IN_WORDS} more.`] : [];
  return (
    <Chart
      title={`Observed: ${visible(name)}`}
      unit={visible(shorten(query.query, 120))}
      {...{ points, marks, lines, write: figure }}
      summary={[...words.slice(0, IN_WORDS), ...more].join(" ")}
    />
  );
}
