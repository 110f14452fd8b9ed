// What stands around a chart: its title, legend, a summary in words, and the same as a table.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

export type LegendItem = {
  label: string;
  swatch: string;
  value: string;
  on: boolean;
  toggle?: () => void;
};

type Props = {
  title: string;
  unit: string;
  summary: string;
  legend: LegendItem[];
  /** Heads and rows of the same as a table. */
  table: () => { heads: string[]; rows: string[][] };
  tools?: ComponentChildren;
  children: ComponentChildren;
};

export function ChartFrame({ title, unit, summary, legend, table, tools, children }: Props): JSX.Element {
  const asTable = useSignal(false);
  const heading = useId();
  const words = useId();
  return (
    <figure class="chart" aria-labelledby={heading} aria-describedby={words}>
      <header class="chart-head">
        <h2 id={heading}>
          {title} <span class="unit">{unit}</span>
        </h2>
        <ul class="legend">
          {legend.map((item) => (
            <li key={item.label}>
              <Item {...item} />
            </li>
          ))}
        </ul>
        <div class="chart-tools">
          {tools}
          <button
            type="button"
            class="quiet small"
            aria-pressed={asTable.value}
            onClick={() => {
              asTable.value = !asTable.value;
            }}
          >
            {asTable.value ? "Show as chart" : "Show as table"}
            <span class="unseen"> {title}</span>
          </button>
        </div>
      </header>
      {asTable.value ? <AsTable title={title} {...table()} /> : children}
      <figcaption id={words}>{summary}</figcaption>
    </figure>
  );
}

function Item({ label, swatch, value, on, toggle }: LegendItem): JSX.Element {
  const content = (
    <>
      <span class={`swatch ${swatch}`} aria-hidden="true" />
      {label}
      <span class="legend-value">{value}</span>
    </>
  );
  return toggle === undefined ? (
    <span class="legend-item">{content}</span>
  ) : (
    <button type="button" class="legend-item" aria-pressed={on} onClick={toggle}>
      {content}
    </button>
  );
}

function AsTable({ title, heads, rows }: { title: string; heads: string[]; rows: string[][] }): JSX.Element {
  return (
    <div class="table-box chart-table" tabIndex={0} role="region" aria-label={`${title} as a table`}>
      <table class="table plain">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first = "", ...rest]) => (
            <tr key={first}>
              <th scope="row" class="number">
                {first}
              </th>
              {rest.map((value, index) => (
                <td key={heads[index + 1]} class="number">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
