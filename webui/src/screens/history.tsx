// The screen of finished runs: to be found, named, opened, and chosen to be compared.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../components/icons";
import { Search } from "../components/search";
import { Table } from "../components/table";
import { Text } from "../components/text";
import { bytes, count, length, millis, percent, plural, rate, time } from "../format";
import { usualSides } from "../store/comparing";
import { choose, chosen, followRuns, nameOf, runs, unread } from "../store/history";
import { compareLink, goTo, runLink, screenLink } from "../store/route";
import { found, sorted, type Column, type Sort } from "../store/rows";
import type { Brief, Listed } from "../types";
import { LabelDialog } from "./label_dialog";

function of<T>(value: (run: Brief) => T): (row: Listed) => T | null {
  return ({ run }) => (run === null ? null : value(run));
}

function figure(
  id: string,
  title: string,
  value: (run: Brief) => number | null,
  write: (value: number | null) => string,
  rest: Partial<Column<Listed>> = {},
): Column<Listed> {
  const show = (row: Listed): string => (row.run === null ? "" : write(value(row.run)));
  return { id, title, group: "", width: 84, value: of(value), show, usual: true, ...rest };
}

const COLUMNS: Column<Listed>[] = [
  { id: "name", title: "Name", group: "", width: 330, text: true, value: nameOf, usual: true },
  {
    id: "started",
    title: "Started",
    group: "",
    width: 178,
    text: true,
    value: ({ id }) => id,
    show: ({ run }) => (run === null ? "" : time(run.started_at)),
    usual: true,
  },
  {
    id: "result",
    title: "Result",
    group: "",
    width: 84,
    text: true,
    value: ({ run }) => (run === null ? "can't be read" : run.exit_code === 0 ? "passed" : "failed"),
    usual: true,
  },
  { ...text("classes", "Classes", ({ classes }) => classes.join(", ")), width: 150 },
  { ...text("host", "Target", ({ host }) => host ?? ""), width: 170 },
  { ...text("load", "Load", ({ load }) => load), width: 110 },
  figure(
    "duration",
    "Measured",
    ({ duration_s }) => duration_s,
    (it) => length(Math.round(it ?? 0)),
  ),
  figure("requests", "Requests", ({ requests }) => requests, count),
  figure("failures", "Failed", (run) => share(run), percent),
  figure("rps", "Rate", ({ rps }) => rps, rate, { unit: "req/s" }),
  figure("p95", "p95", ({ p95_ms }) => p95_ms, millis, { unit: "ms" }),
];

function text(id: string, title: string, value: (run: Brief) => string): Column<Listed> {
  return { id, title, group: "", width: 150, text: true, value: of(value), usual: true };
}

function share({ failures, requests }: Brief): number {
  return requests === 0 ? 0 : failures / requests;
}

export function History(): JSX.Element {
  const search = useSignal("");
  const sort = useSignal<Sort>({ column: "started", descending: true });
  const editing = useSignal<Listed | null>(null);
  useEffect(followRuns, []);
  const known = runs.value;
  if (known === null) return <p class="nothing-yet">{unread.value ?? "One moment…"}</p>;
  const rows = sorted(
    known.runs.filter(({ id, run }) =>
      found(search.value, id, run?.name ?? "", run?.notes ?? "", run?.host ?? "", ...(run?.classes ?? [])),
    ),
    COLUMNS,
    sort.value,
  );
  const sides = usualSides(known.runs, chosen.value);
  const number = sides.before.length + sides.after.length;
  return (
    <section class="block" aria-labelledby="history-title">
      <header class="block-head">
        <h2 id="history-title">Finished runs</h2>
        <span class="quiet-text" data-testid="runs-count">
          {plural(known.runs.length, "run")}
          {known.left_out > 0 && `, ${plural(known.left_out, "older one")} not shown`}
        </span>
        <div class="block-tools">
          <Search label="Search runs" value={search} />
          <button
            type="button"
            class="primary"
            disabled={number < 2}
            aria-describedby="compare-help"
            onClick={() => {
              goTo(compareLink(sides));
            }}
          >
            Compare{number > 0 && ` ${number}`}
          </button>
        </div>
      </header>
      <p class="quiet-text" id="compare-help">
        Choose two runs or more to compare them. <Keeping folder={known.folder} keep={known.keep} />
      </p>
      {unread.value !== null && (
        <p class="field-error" role="alert">
          {unread.value}
        </p>
      )}
      <Table
        label="Finished runs"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ id }) => id}
        sort={sort.value}
        onSort={(next) => {
          sort.value = next;
        }}
        cell={(row, column) => cellOf(row, column, (run) => (editing.value = run))}
        empty={
          known.runs.length > 0
            ? "No run fits the search."
            : known.folder === null || known.keep === 0
              ? "Runs are not kept: start the program by cargo swarm, or with --history and a folder."
              : "No run has finished yet: start one, and it stands here when it is over."
        }
      />
      {editing.value !== null && (
        <LabelDialog
          listed={editing.value}
          onClose={() => {
            editing.value = null;
          }}
        />
      )}
      <p>
        <a class="button" href={screenLink("statistics")}>
          <Icon name="left" />
          To the current run
        </a>
      </p>
    </section>
  );
}

function Keeping({ folder, keep }: { folder: string | null; keep: number }): JSX.Element | null {
  if (folder === null || keep === 0) return null;
  return (
    <>
      The last {count(keep)} are kept in <Text value={folder} whole />; those without a name go first.
    </>
  );
}

function cellOf(row: Listed, { id }: Column<Listed>, edit: (row: Listed) => void): ComponentChildren {
  const { run, problem } = row;
  const name = nameOf(row);
  switch (id) {
    case "name":
      return (
        <span class="run-name">
          <input
            type="checkbox"
            aria-label={`Choose ${name}`}
            disabled={run === null}
            checked={chosen.value.has(row.id)}
            onChange={({ currentTarget }) => {
              choose(row.id, currentTarget.checked);
            }}
          />
          <button
            type="button"
            class="quiet square"
            aria-label={`Edit ${name}`}
            title={`Name and notes; ${bytes(row.bytes)}`}
            onClick={() => {
              edit(row);
            }}
          >
            <Icon name="edit" />
          </button>
          <a class="row-link" href={runLink(row.id)} title={run?.notes ?? undefined}>
            <Text value={name} />
          </a>
        </span>
      );
    case "result":
      return (
        <span
          class={run?.exit_code === 0 ? "good-text" : "bad-text"}
          title={problem ?? run?.reasons.join("; ")}
        >
          {run === null ? "can't be read" : run.exit_code === 0 ? "passed" : "failed"}
        </span>
      );
    case "classes":
    case "host":
    case "load":
      return <Text value={valueOf(run, id)} />;
    case "failures":
      return run !== null && run.failures > 0 ? (
        <span class="bad-text">{percent(share(run))}</span>
      ) : undefined;
    default:
      return undefined;
  }
}

function valueOf(run: Brief | null, id: "classes" | "host" | "load"): string {
  if (run === null) return "";
  return id === "classes" ? run.classes.join(", ") : (run[id] ?? "");
}
