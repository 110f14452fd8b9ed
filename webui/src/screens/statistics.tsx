// The screen of figures: requests, tasks, and what else was measured.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { ColumnChooser, chosenColumns, rememberedColumns } from "../components/columns";
import { Search } from "../components/search";
import { Table } from "../components/table";
import { Text } from "../components/text";
import { plural } from "../format";
import { active, live } from "../store/live";
import { requestKey, taskKey } from "../store/merge";
import { requestColumns, typeOf } from "../store/request_columns";
import { entryLink, goTo, route } from "../store/route";
import { found, sorted, type Column, type Sort } from "../store/rows";
import { taskColumns } from "../store/task_columns";
import type { Report, RequestEntry, TaskEntry } from "../types";
import { EntryScreen } from "./entry";
import { OwnFigures, Slowest, WireAccount } from "./measured";

const requestChoice = rememberedColumns("requests");
const taskChoice = rememberedColumns("tasks");

export function Statistics(): JSX.Element {
  const { report } = live.value;
  const { entry } = route.value;
  if (entry !== null) return <EntryScreen key={requestKey(entry)} entry={entry} />;
  if (report === null) return <p class="nothing-yet">Nothing was measured yet.</p>;
  return (
    <>
      <Requests report={report} />
      <Tasks report={report} />
      <OwnFigures metrics={report.metrics} />
      <Slowest examples={report.slowest} />
      <WireAccount wire={report.wire} />
    </>
  );
}

/** The totals as a row, so that the same columns read them. */
function totalsRow({ totals }: Report): RequestEntry {
  return { ...totals, kind: "http", method: "", name: "All requests", batches: null, history: null };
}

function Requests({ report }: { report: Report }): JSX.Element {
  const search = useSignal("");
  const kind = useSignal("");
  const sort = useSignal<Sort>({ column: "name", descending: false });
  const { requests, totals, run } = report;
  const all = useMemo(
    () => requestColumns(totals.requests, run.duration_s),
    [totals.requests, run.duration_s],
  );
  const offered = active.value ? all : all.filter(({ group }) => group !== "Last 10 seconds");
  const columns = chosenColumns(offered, requestChoice.value);
  const kinds = [...new Set(requests.map((row) => row.kind))].sort();
  const rows = sorted(
    requests.filter(
      (row) => (kind.value === "" || row.kind === kind.value) && found(search.value, row.name, typeOf(row)),
    ),
    all,
    sort.value,
  );
  const total = totalsRow(report);
  return (
    <section class="block" aria-labelledby="requests-title">
      <header class="block-head">
        <h2 id="requests-title">Requests</h2>
        <span class="quiet-text" data-testid="requests-count">
          {rows.length === requests.length
            ? plural(requests.length, "entry", "entries")
            : `${plural(rows.length, "entry", "entries")} of ${requests.length}`}
        </span>
        <div class="block-tools">
          <Search label="Search requests" value={search} />
          <select
            aria-label="Kind of requests"
            value={kind.value}
            onChange={({ currentTarget }) => {
              kind.value = currentTarget.value;
            }}
          >
            <option value="">All kinds</option>
            {kinds.map((name) => (
              <option key={name} value={name}>
                {KINDS[name]}
              </option>
            ))}
          </select>
          <ColumnChooser label="Columns of requests" columns={offered} choice={requestChoice} />
        </div>
      </header>
      <Table
        label="Requests"
        columns={columns}
        rows={rows}
        rowKey={requestKey}
        sort={sort.value}
        onSort={(next) => {
          sort.value = next;
        }}
        onOpen={(row) => {
          goTo(entryLink(row));
        }}
        cell={requestCell}
        totals={(column) => totalCell(column, total)}
        empty={requests.length === 0 ? "No request has ended yet." : "No request fits the search."}
      />
    </section>
  );
}

const KINDS: Record<RequestEntry["kind"], string> = {
  http: "HTTP",
  auth: "Logins",
  probe: "Probes",
  step: "Steps",
};

function requestCell(row: RequestEntry, column: Column<RequestEntry>): ComponentChildren {
  switch (column.id) {
    case "name":
      return (
        <a class="row-link" href={entryLink(row)}>
          <Text value={row.name} />
        </a>
      );
    case "method":
    case "status":
      return <Text value={String(column.value(row))} />;
    case "failures":
    case "failure_share":
      return row.failures > 0 ? <span class="bad-text">{column.show?.(row)}</span> : undefined;
    default:
      return undefined;
  }
}

function totalCell(column: Column<RequestEntry>, total: RequestEntry): ComponentChildren {
  if (column.id === "method") return "";
  return column.show?.(total) ?? column.value(total);
}

function Tasks({ report }: { report: Report }): JSX.Element {
  const search = useSignal("");
  const sort = useSignal<Sort>({ column: "class", descending: false });
  const { tasks, run } = report;
  const runs = tasks.reduce((sum, task) => sum + task.runs, 0);
  const all = useMemo(() => taskColumns(runs, run.duration_s), [runs, run.duration_s]);
  const columns = chosenColumns(all, taskChoice.value);
  const rows = sorted(
    tasks.filter((row) => found(search.value, row.task, row.class)),
    columns,
    sort.value,
  );
  return (
    <section class="block" aria-labelledby="tasks-title">
      <header class="block-head">
        <h2 id="tasks-title">Tasks</h2>
        <span class="quiet-text">{plural(rows.length, "task")}</span>
        <div class="block-tools">
          <Search label="Search tasks" value={search} />
          <ColumnChooser label="Columns of tasks" columns={all} choice={taskChoice} />
        </div>
      </header>
      <Table
        label="Tasks"
        columns={columns}
        rows={rows}
        rowKey={taskKey}
        sort={sort.value}
        onSort={(next) => {
          sort.value = next;
        }}
        cell={taskCell}
        empty={tasks.length === 0 ? "No task has ended yet." : "No task fits the search."}
      />
    </section>
  );
}

function taskCell(row: TaskEntry, column: Column<TaskEntry>): ComponentChildren {
  if (column.id === "task" || column.id === "class") return <Text value={String(column.value(row))} />;
  const bad = (column.id === "errors" || column.id === "error_share") && row.errors > 0;
  return bad ? <span class="bad-text">{column.show?.(row)}</span> : undefined;
}
