// The field to search a table with.
import type { JSX } from "preact";

export function Search({ label, value }: { label: string; value: { value: string } }): JSX.Element {
  return (
    <input
      type="search"
      class="search"
      aria-label={label}
      placeholder="Search"
      value={value.value}
      onInput={({ currentTarget }) => {
        value.value = currentTarget.value;
      }}
    />
  );
}
