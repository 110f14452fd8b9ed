// The screen of failed requests by cause.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { Table } from "../components/table";
import { Text } from "../components/text";
import { count, percent, plural, time, timeOfDay } from "../format";
import { live } from "../store/live";
import { failureKey } from "../store/merge";
import { entryLink } from "../store/route";
import { found, sorted, type Column, type Sort } from "../store/rows";
import type { FailureEntry } from "../types";
import { ExampleDialog } from "./example";
import { Lines } from "../components/text";
import { Dialog } from "../components/dialog";
import { Search } from "../components/search";

function columnsOf(all: number): Column<FailureEntry>[] {
  return [
    {
      id: "error",
      title: "Cause",
      group: "",
      width: 280,
      text: true,
      value: ({ error }) => error,
      usual: true,
    },
    {
      id: "occurrences",
      title: "Failures",
      group: "",
      width: 110,
      value: ({ occurrences }) => occurrences,
      show: ({ occurrences }) => count(occurrences),
      bar: ({ occurrences }) => (all === 0 ? 0 : occurrences / all),
      tone: "bad",
      usual: true,
    },
    {
      id: "share",
      title: "Share",
      unit: "of failures",
      group: "",
      width: 92,
      value: ({ occurrences }) => (all === 0 ? 0 : occurrences / all),
      show: ({ occurrences }) => percent(all === 0 ? 0 : occurrences / all),
      usual: true,
    },
    {
      id: "method",
      title: "Type",
      group: "",
      width: 80,
      text: true,
      value: ({ method }) => method,
      usual: true,
    },
    { id: "name", title: "Name", group: "", width: 240, text: true, value: ({ name }) => name, usual: true },
    {
      id: "first_seen",
      title: "First seen",
      group: "",
      width: 104,
      text: true,
      value: ({ first_seen }) => first_seen,
      usual: true,
    },
    {
      id: "last_seen",
      title: "Last seen",
      group: "",
      width: 104,
      text: true,
      value: ({ last_seen }) => last_seen,
      usual: true,
    },
    { id: "example", title: "Example", group: "", width: 96, text: true, value: () => "", usual: true },
  ];
}

export function Failures(): JSX.Element {
  const { report } = live.value;
  if (report === null) return <p class="nothing-yet">Nothing was measured yet.</p>;
  if (report.failures.length === 0) return <p class="nothing-yet">No request has failed.</p>;
  return <FailureTable failures={report.failures} title="Failures" linked />;
}

type Props = { failures: FailureEntry[]; title: string; linked: boolean };

export function FailureTable({ failures, title, linked }: Props): JSX.Element {
  const search = useSignal("");
  const sort = useSignal<Sort>({ column: "occurrences", descending: true });
  const opened = useSignal<FailureEntry | null>(null);
  const all = failures.reduce((sum, { occurrences }) => sum + occurrences, 0);
  const columns = columnsOf(all).filter(({ id }) => linked || (id !== "method" && id !== "name"));
  const rows = sorted(
    failures.filter(({ error, name, method }) => found(search.value, error, name, method)),
    columns,
    sort.value,
  );
  const cell = (row: FailureEntry, column: Column<FailureEntry>): ComponentChildren => {
    switch (column.id) {
      case "error":
      case "method":
        return <Text value={String(column.value(row))} />;
      case "name":
        return <EntryName row={row} />;
      case "first_seen":
      case "last_seen":
        return <time title={time(row[column.id])}>{timeOfDay(row[column.id])}</time>;
      case "example":
        return (
          <button
            type="button"
            class="small"
            onClick={() => {
              opened.value = row;
            }}
          >
            Show
          </button>
        );
      default:
        return undefined;
    }
  };
  const close = (): void => {
    opened.value = null;
  };
  const { value: shown } = opened;
  return (
    <section class="block" aria-labelledby="failures-title">
      <header class="block-head">
        <h2 id="failures-title">{title}</h2>
        <span class="quiet-text">
          {plural(all, "failed request")}, {plural(failures.length, "cause")}
        </span>
        <div class="block-tools">
          <Search label="Search failures" value={search} />
        </div>
      </header>
      <Table
        label={title}
        columns={columns}
        rows={rows}
        rowKey={failureKey}
        sort={sort.value}
        onSort={(next) => {
          sort.value = next;
        }}
        cell={cell}
        onOpen={(row) => {
          opened.value = row;
        }}
        empty="No failure fits the search."
      />
      {shown?.example != null && <ExampleDialog example={shown.example} onClose={close} />}
      {shown !== null && shown.example == null && (
        <Dialog title="Why it failed" onClose={close} wide>
          <Lines value={shown.error} />
          <p class="quiet-text">No request of this cause was kept.</p>
        </Dialog>
      )}
    </section>
  );
}

/** The name, as a link to the entry that it belongs to. */
function EntryName({ row }: { row: FailureEntry }): JSX.Element {
  const entry =
    row.example ??
    live.value.report?.requests.find(({ method, name }) => method === row.method && name === row.name);
  const text = <Text value={row.name} />;
  return entry === undefined ? (
    text
  ) : (
    <a class="row-link" href={entryLink({ kind: entry.kind, method: row.method, name: row.name })}>
      {text}
    </a>
  );
}
