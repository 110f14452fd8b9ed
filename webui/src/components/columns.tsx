// The choice of columns of a table.
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { remembered } from "../store/remembered";
import type { Column } from "../store/rows";
import { Icon } from "./icons";

/** Columns that were switched on or off, against what is usual. */
export type Choice = Record<string, boolean>;

export function rememberedColumns(table: string): Signal<Choice> {
  return remembered<Choice>(`columns.${table}`, {}, (value) => {
    if (typeof value !== "object" || value === null) return undefined;
    const known = Object.entries(value).flatMap(([id, on]): [string, boolean][] =>
      typeof on === "boolean" ? [[id, on]] : [],
    );
    return Object.fromEntries(known);
  });
}

export function chosenColumns<Row>(columns: Column<Row>[], choice: Choice): Column<Row>[] {
  return columns.filter(({ id, usual }, index) => index === 0 || (choice[id] ?? usual));
}

type Props<Row> = { label: string; columns: Column<Row>[]; choice: Signal<Choice> };

export function ColumnChooser<Row>({ label, columns, choice }: Props<Row>): JSX.Element {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const away = (event: Event): void => {
      const element = details.current;
      if (element?.open === true && !element.contains(event.target as Node)) element.open = false;
    };
    document.addEventListener("pointerdown", away);
    return () => {
      document.removeEventListener("pointerdown", away);
    };
  }, []);
  const groups = Map.groupBy(columns.slice(1), ({ group }) => group);
  const toggle = (changed: Column<Row>[], on: boolean): void => {
    const ids = changed.map(({ id }): [string, boolean] => [id, on]);
    choice.value = { ...choice.value, ...Object.fromEntries(ids) };
  };
  const isOn = ({ id, usual }: Column<Row>): boolean => choice.value[id] ?? usual;
  return (
    <details
      class="chooser"
      ref={details}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || details.current === null) return;
        details.current.open = false;
        details.current.querySelector("summary")?.focus();
      }}
    >
      <summary class="button" aria-label={label}>
        <Icon name="columns" />
        Columns
      </summary>
      <div class="chooser-list">
        {[...groups].map(([group, members]) => (
          <fieldset key={group}>
            <legend>
              <label>
                <input
                  type="checkbox"
                  checked={members.every(isOn)}
                  ref={(box) => {
                    if (box !== null) box.indeterminate = members.some(isOn) && !members.every(isOn);
                  }}
                  onChange={({ currentTarget }) => {
                    toggle(members, currentTarget.checked);
                  }}
                />
                {group === "" ? "General" : group}
              </label>
            </legend>
            {members.map((column) => (
              <label key={column.id}>
                <input
                  type="checkbox"
                  checked={isOn(column)}
                  onChange={({ currentTarget }) => {
                    toggle([column], currentTarget.checked);
                  }}
                />
                {column.title}
                {column.unit !== undefined && <span class="unit"> {column.unit}</span>}
              </label>
            ))}
          </fieldset>
        ))}
        <button
          type="button"
          class="quiet"
          onClick={() => {
            choice.value = {};
          }}
        >
          As usual
        </button>
      </div>
    </details>
  );
}
