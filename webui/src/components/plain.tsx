// A block with a table of a few rows, all of which are in the page.
import type { ComponentChildren, JSX } from "preact";

/** A column: its head, and its cell of each row. */
export type PlainColumn<Row> = {
  title: ComponentChildren;
  kind: "text" | "number";
  cell: (row: Row) => ComponentChildren;
  /** A class of its own, for its style. */
  class?: string;
};

type Cell<Row> = PlainColumn<Row>["cell"];

export function text<Row>(title: ComponentChildren, cell: Cell<Row>): PlainColumn<Row> {
  return { title, kind: "text", cell };
}

export function number<Row>(title: ComponentChildren, cell: Cell<Row>): PlainColumn<Row> {
  return { title, kind: "number", cell };
}

type Props<Row> = {
  /** What its elements are called. */
  id: string;
  title: string;
  /** Stands beside the title. */
  aside?: ComponentChildren;
  /** The first names the row. */
  columns: PlainColumn<Row>[];
  rows: Row[];
  /** Stands below the table. */
  children?: ComponentChildren;
};

export function PlainTable<Row>({ id, title, aside, columns, rows, children }: Props<Row>): JSX.Element {
  const styleOf = (column: PlainColumn<Row>): string =>
    column.class === undefined ? column.kind : `${column.kind} ${column.class}`;
  return (
    <section class="block" aria-labelledby={`${id}-title`}>
      <header class="block-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </header>
      <div class="table-box" tabIndex={0} role="region" aria-label={`Table of ${title.toLowerCase()}`}>
        <table class="table plain" aria-labelledby={`${id}-title`}>
          <thead>
            <tr>
              {columns.map((column, place) => (
                <th key={place} scope="col" class={styleOf(column)}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {columns.map((column, place) =>
                  place === 0 ? (
                    <th key={place} scope="row" class={styleOf(column)}>
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={place} class={styleOf(column)}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {children}
    </section>
  );
}
