// Text that others wrote: a name, an error. It can't break the page, nor hide what is in it.
import type { JSX } from "preact";
import { shorten, visible, visibleLines } from "../format";

/** So much of a long text stands in a table; the whole of it where it is opened. */
const MOST = 300;

/** On one line, cut by the space there is; the whole is in the title. */
export function Text({ value, whole = false }: { value: string; whole?: boolean }): JSX.Element {
  const text = visible(value);
  if (whole) return <bdi class="foreign-whole">{text}</bdi>;
  return (
    <bdi class="foreign" title={text.length > 24 ? text : undefined}>
      {shorten(text, MOST)}
    </bdi>
  );
}

/** Of several lines, which are kept. */
export function Lines({ value }: { value: string }): JSX.Element {
  return (
    <pre class="lines">
      <bdi>{visibleLines(value)}</bdi>
    </pre>
  );
}
