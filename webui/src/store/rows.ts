// Rows of tables: what columns are, sorting, searching.

/** One column of a table of `Row`s. */
export type Column<Row> = {
  /** Its name in what is remembered. */
  id: string;
  /** Its head, and the unit below it. */
  title: string;
  unit?: string;
  /** The head above the heads; columns of a group stand together. */
  group: string;
  /** Width in pixels; the first column of text takes what is left. */
  width: number;
  text?: boolean;
  /** What is sorted by. */
  value: (row: Row) => number | string | null;
  /** What is written; the value itself if absent. */
  show?: (row: Row) => string;
  /** A bar behind the figure: its length as a share, and its meaning. */
  bar?: (row: Row) => number;
  tone?: "bad" | "accent";
  /** Whether it is shown until somebody chooses. */
  usual: boolean;
};

export type Sort = { column: string; descending: boolean };

/** The order after a click on a head: figures begin with the highest, text with A. */
export function nextSort<Row>(sort: Sort, column: Column<Row>): Sort {
  if (sort.column === column.id) return { column: column.id, descending: !sort.descending };
  return { column: column.id, descending: column.text !== true };
}

/** What a text is sorted by: numbers in it as numbers, large and small letters alike. A collator takes ten times as long for ten thousand names. */
function sortKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(15, "0"));
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return a < b ? -1 : Number(a > b);
}

/** The rows in order; rows without a value come last, whichever way. Equal ones keep their places. */
export function sorted<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort): Row[] {
  const column = columns.find(({ id }) => id === sort.column) ?? columns[0];
  if (column === undefined) return [...rows];
  const sign = sort.descending ? -1 : 1;
  const keyed = rows.map((row) => {
    const value = column.value(row);
    return { row, value: typeof value === "string" ? sortKey(value) : value };
  });
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    return sign * compare(a.value, b.value);
  });
  return keyed.map(({ row }) => row);
}

/** Whether each word of a search is somewhere in the texts. */
export function found(search: string, ...texts: string[]): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const all = texts.join("\n").toLowerCase();
  return words.every((word) => all.includes(word));
}

/** The rows of a long table that are to be drawn: from the first to before the last, with some around what is seen. */
export function windowOf(
  rows: number,
  rowHeight: number,
  scrolled: number,
  height: number,
  around = 12,
): [number, number] {
  const first = Math.max(0, Math.min(rows, Math.floor(scrolled / rowHeight)) - around);
  const last = Math.min(rows, Math.ceil((scrolled + height) / rowHeight) + around);
  return [first, Math.max(first, last)];
}
