// The screen of errors of tasks and listeners that are not failed requests.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Lines, Text } from "../components/text";
import { count, plural, time } from "../format";
import { live } from "../store/live";
import { exceptionKey } from "../store/merge";
import { found } from "../store/rows";
import { Search } from "../components/search";

/** So many are drawn; more on demand. */
const AT_ONCE = 100;

export function Exceptions(): JSX.Element {
  const search = useSignal("");
  const most = useSignal(AT_ONCE);
  const { report } = live.value;
  if (report === null) return <p class="nothing-yet">Nothing was measured yet.</p>;
  const { exceptions } = report;
  if (exceptions.length === 0) return <p class="nothing-yet">No task has ended in an error or a panic.</p>;
  const all = exceptions.reduce((sum, { occurrences }) => sum + occurrences, 0);
  const rows = exceptions
    .filter((row) => found(search.value, row.message, row.class, row.task))
    .sort((a, b) => b.occurrences - a.occurrences);
  return (
    <section class="block" aria-labelledby="exceptions-title">
      <header class="block-head">
        <h2 id="exceptions-title">Exceptions</h2>
        <span class="quiet-text">
          {plural(all, "occurrence")}, {plural(exceptions.length, "cause")}
        </span>
        <div class="block-tools">
          <Search label="Search exceptions" value={search} />
        </div>
      </header>
      <ul class="cards">
        {rows.slice(0, most.value).map((row) => (
          <li key={exceptionKey(row)} class="card">
            <header class="card-head">
              <span class="times">{count(row.occurrences)}×</span>
              <h3>
                <Text value={`${row.class}::${row.task}`} />
              </h3>
              <span class="quiet-text">
                first {time(row.first_seen)}, last {time(row.last_seen)}
              </span>
            </header>
            <Lines value={row.example?.text ?? row.message} />
            {row.example?.user != null && (
              <p class="quiet-text">The first of them, of user number {count(row.example.user)}.</p>
            )}
          </li>
        ))}
      </ul>
      {rows.length === 0 && <p class="nothing-yet">No exception fits the search.</p>}
      {rows.length > most.value && (
        <button
          type="button"
          onClick={() => {
            most.value = rows.length;
          }}
        >
          Show {plural(rows.length - most.value, "more", "more")}
        </button>
      )}
    </section>
  );
}
