// A table of any length: only the rows that are seen are in the page.
import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { nextSort, windowOf, type Column, type Sort } from "../store/rows";
import { printing } from "../store/printing";
import { Icon } from "./icons";
import { narrow } from "./narrow";

const ROW_HEIGHT = 34;

type Props<Row> = {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** The cell of a column that is more than text. */
  cell?: (row: Row, column: Column<Row>) => ComponentChildren;
  /** The row below all others. */
  totals?: (column: Column<Row>) => ComponentChildren;
  onOpen?: (row: Row) => void;
  empty: string;
};

type Groups = { title: string; columns: number }[];

function groupsOf<Row>(columns: Column<Row>[]): Groups {
  const groups: Groups = [];
  for (const { group } of columns) {
    const last = groups.at(-1);
    if (last?.title === group) last.columns += 1;
    else groups.push({ title: group, columns: 1 });
  }
  return groups;
}

export function Table<Row>(props: Props<Row>): JSX.Element {
  const { label, columns, rows, rowKey, cell, totals, onOpen, empty } = props;
  const box = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState<[number, number]>([0, 0]);
  const count = rows.length;
  const [first, last] = printing.value ? [0, count] : drawn;
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = (): void => {
      const next = windowOf(count, ROW_HEIGHT, element.scrollTop, element.clientHeight);
      setDrawn((known) => (covers(known, next, count) ? known : next));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [count]);
  const widths = columns.map(widthOf);
  const width = widths.reduce((sum, pixels) => sum + pixels, 0);
  const heads = isGrouped(columns) ? 2 : 1;
  return (
    // A box that scrolls is to be reached by the keyboard.
    <div
      class="table-box"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label={`Table of ${label.toLowerCase()}`}
    >
      <table
        class="table"
        aria-label={label}
        aria-rowcount={rows.length + heads + (totals === undefined ? 0 : 1)}
        style={{ minWidth: `${width}px` }}
      >
        <colgroup>
          {columns.map(({ id }, index) => (
            <col key={id} style={index === 0 ? {} : { width: `${widths[index] ?? 0}px` }} />
          ))}
        </colgroup>
        <Head {...props} />
        <tbody>
          <Space height={first * ROW_HEIGHT} columns={columns.length} />
          {rows.slice(first, last).map((row, index) => (
            <tr
              key={rowKey(row)}
              aria-rowindex={first + index + heads + 1}
              class={onOpen === undefined ? undefined : "opens"}
              onClick={(event) => {
                const inLink = (event.target as Element).closest("a, button") !== null;
                if (!inLink && getSelection()?.isCollapsed !== false) onOpen?.(row);
              }}
            >
              {columns.map((column, place) => (
                <Cell key={column.id} column={column} row={row} first={place === 0} cell={cell} />
              ))}
            </tr>
          ))}
          <Space height={(count - last) * ROW_HEIGHT} columns={columns.length} />
          {rows.length === 0 && (
            <tr class="nothing">
              <td colSpan={columns.length}>
                <span>{empty}</span>
              </td>
            </tr>
          )}
        </tbody>
        {totals !== undefined && rows.length > 0 && (
          <tfoot>
            <tr aria-rowindex={rows.length + heads + 1}>
              {columns.map((column, place) => {
                const value = totals(column);
                return place === 0 ? (
                  <th key={column.id} scope="row" class="text">
                    {value}
                  </th>
                ) : (
                  <td key={column.id} class={column.text === true ? "text" : "number"}>
                    {value}
                  </td>
                );
              })}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

/** How far rows may be from where they would be drawn anew. */
const SLACK = 6;

/** Whether what is drawn still covers what is seen. */
function covers(drawn: [number, number], wanted: [number, number], rows: number): boolean {
  const above = drawn[0] <= wanted[0] + (wanted[0] === 0 ? 0 : SLACK) && wanted[0] - drawn[0] <= SLACK;
  const below = drawn[1] >= wanted[1] - (wanted[1] === rows ? 0 : SLACK) && drawn[1] <= rows;
  return above && below;
}

function isGrouped<Row>(columns: Column<Row>[]): boolean {
  return columns.some(({ group }) => group !== "");
}

/** Texts have less room on a phone, so that figures are seen beside them. */
function widthOf<Row>({ width, text }: Column<Row>): number {
  return narrow.value && text === true ? Math.max(64, Math.round(width * 0.55)) : width;
}

function Space({ height, columns }: { height: number; columns: number }): JSX.Element | null {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" class="space">
      <td colSpan={columns} style={{ height: `${height}px` }} />
    </tr>
  );
}

type CellProps<Row> = { column: Column<Row>; row: Row; first: boolean; cell: Props<Row>["cell"] | undefined };

function Cell<Row>({ column, row, first, cell }: CellProps<Row>): JSX.Element {
  const content = cell?.(row, column) ?? column.show?.(row) ?? column.value(row);
  if (first) {
    return (
      <th scope="row" class="text">
        {content}
      </th>
    );
  }
  const share = column.bar?.(row);
  return (
    <td class={column.text === true ? "text" : "number"}>
      {share !== undefined && share > 0 && (
        <span
          class={`bar ${column.tone ?? "accent"}`}
          aria-hidden="true"
          style={{ "--share": Math.min(1, share) }}
        />
      )}
      <span class="value">{content}</span>
    </td>
  );
}

function Head<Row>({ columns, sort, onSort }: Props<Row>): JSX.Element {
  const starts = new Set(columns.filter(({ group }, index) => columns[index - 1]?.group !== group));
  return (
    <thead>
      {isGrouped(columns) && (
        <tr aria-rowindex={1} class="groups">
          {groupsOf(columns).map(({ title, columns: span }, index) =>
            title === "" ? (
              <td key={index} colSpan={span} />
            ) : (
              <th key={index} scope="colgroup" colSpan={span}>
                <span>{title}</span>
              </th>
            ),
          )}
        </tr>
      )}
      <tr aria-rowindex={isGrouped(columns) ? 2 : 1}>
        {columns.map((column) => {
          const by = sort.column === column.id;
          const direction = sort.descending ? "descending" : "ascending";
          return (
            <th
              key={column.id}
              scope="col"
              aria-sort={by ? direction : "none"}
              class={`${column.text === true ? "text" : "number"} ${starts.has(column) ? "starts" : ""}`}
            >
              <button
                type="button"
                onClick={() => {
                  onSort(nextSort(sort, column));
                }}
              >
                <span class="column-title">
                  {column.title}
                  <span class={by ? "sort-mark" : "sort-mark off"}>
                    <Icon name={sort.descending || !by ? "down" : "up"} />
                  </span>
                </span>
                {column.unit !== undefined && <span class="unit">{column.unit}</span>}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
