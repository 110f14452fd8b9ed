// What has changed between runs: a table of entries, and why some say nothing.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Table } from "../components/table";
import { Text } from "../components/text";
import { count } from "../format";
import { ALL, changeColumns, changeOf, comparedKey, wordOf } from "../store/change_columns";
import { compareLink, goTo, type Sides } from "../store/route";
import { sorted, type Column, type Sort } from "../store/rows";
import type { Compared, Comparison, Verdict } from "../types";

const SUMS: Record<Verdict, string> = {
  worse: "Something is worse.",
  better: "Something is better, and nothing is worse.",
  no_difference: "No difference was found.",
  not_comparable: "These runs can't be compared.",
};

function sum({ all, entries, not_comparable: reasons }: Comparison): Verdict {
  if (reasons.length > 0) return "not_comparable";
  const verdicts = new Set([...entries, ...(all === null ? [] : [all])].map(({ verdict }) => verdict));
  return verdicts.has("worse") ? "worse" : verdicts.has("better") ? "better" : "no_difference";
}

export function Changes({ comparison, sides }: { comparison: Comparison; sides: Sides }): JSX.Element {
  const sort = useSignal<Sort>({ column: "name", descending: false });
  const { all, entries, margin, indicative, not_comparable: reasons } = comparison;
  const columns = useMemo(() => changeColumns(), []);
  const rows = sorted(entries, columns, sort.value);
  const verdict = sum(comparison);
  return (
    <section class="block" aria-labelledby="changes-title">
      <header class="block-head">
        <h2 id="changes-title">Changes</h2>
        <span class={toneOf(verdict)} data-testid="verdict">
          {SUMS[verdict]}
        </span>
        <div class="block-tools">
          <label class="check">
            <input
              type="checkbox"
              checked={sides.anyHost}
              onChange={({ currentTarget }) => {
                goTo(compareLink({ ...sides, anyHost: currentTarget.checked }));
              }}
            />
            Although the targets differ
          </label>
        </div>
      </header>
      {reasons.length > 0 && (
        <ul class="reasons">
          {reasons.map((why) => (
            <li key={why}>
              <Text value={why} whole />
            </li>
          ))}
        </ul>
      )}
      {reasons.length === 0 && (
        <>
          <p class="quiet-text">
            Worse or better is what is beyond chance and beyond {count(margin)} %; “found from” is the
            smallest change that would have been found.
            {indicative && " With fewer than five runs of each side this is indicative only."}
          </p>
          <Table
            label="Changes"
            columns={columns}
            rows={rows}
            rowKey={comparedKey}
            sort={sort.value}
            onSort={(next) => {
              sort.value = next;
            }}
            cell={cellOf}
            {...(all === null ? {} : { totals: (column: Column<Compared>) => totalOf(all, column) })}
            empty="No request is in these runs."
          />
          <Reasons rows={rows} />
        </>
      )}
    </section>
  );
}

const MOST_REASONS = 20;

/** Why entries can't be compared: what a pointer shows, for who has none. */
function Reasons({ rows }: { rows: readonly Compared[] }): JSX.Element | null {
  const known = rows.flatMap((row) => (row.why == null ? [] : [{ row, why: row.why }]));
  if (known.length === 0) return null;
  return (
    <ul class="reasons" aria-label="Not comparable">
      {known.slice(0, MOST_REASONS).map(({ row, why }) => (
        <li key={comparedKey(row)} class="quiet-text">
          <Text value={`${row.method} ${row.name}: ${why}`} whole />
        </li>
      ))}
      {known.length > MOST_REASONS && (
        <li class="quiet-text">and {count(known.length - MOST_REASONS)} others</li>
      )}
    </ul>
  );
}

function toneOf(verdict: Verdict): string {
  return verdict === "worse" ? "bad-text" : verdict === "better" ? "good-text" : "quiet-text";
}

function cellOf(row: Compared, column: Column<Compared>): ComponentChildren {
  if (column.id === "name" || column.id === "method") return <Text value={String(column.value(row))} />;
  if (column.id === "verdict") {
    return (
      <span class={toneOf(row.verdict)} title={row.why ?? undefined}>
        {wordOf(row.verdict)}
      </span>
    );
  }
  const [measure = "", part] = column.id.split(" ");
  const change = part === "change" ? changeOf(row, measure) : undefined;
  const certain = change?.verdict === "worse" || change?.verdict === "better";
  return certain ? <span class={toneOf(change.verdict)}>{column.show?.(row)}</span> : undefined;
}

function totalOf(all: Compared, column: Column<Compared>): ComponentChildren {
  if (column.id === "name") return ALL;
  return cellOf(all, column) ?? column.show?.(all) ?? column.value(all);
}
