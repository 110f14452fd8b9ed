// The screen of a search for a limit: the curve, the levels as they come, and the answer.
import type { JSX } from "preact";
import { CapacityCurve } from "../charts/capacity";
import { number, PlainTable, text, type PlainColumn } from "../components/plain";
import { Text } from "../components/text";
import { count, figure, millis } from "../format";
import { active, live } from "../store/live";
import type { Capacity, LevelEntry } from "../types";

const LIMITS: Record<NonNullable<Capacity["limited_by"]>, string> = {
  target: "the target",
  generator: "the load generator itself",
  max_users: "the number of users allowed",
  max_rate: "the highest rate allowed",
};

export function CapacityScreen(): JSX.Element {
  const capacity = live.value.report?.capacity ?? null;
  if (capacity === null) return <p class="nothing-yet">This run does not search for a limit.</p>;
  return (
    <>
      <Answer capacity={capacity} />
      <CapacityCurve capacity={capacity} />
      <Levels capacity={capacity} />
    </>
  );
}

function Answer({ capacity }: { capacity: Capacity }): JSX.Element {
  const { bracket, interval, knee, limited_by, broke_first, note, unit } = capacity;
  const [held, failed] = bracket;
  const facts: [string, string][] = [
    ["Held", held === null ? "nothing yet" : `${figure(held)} ${unit}`],
    ["Failed at", failed === null ? "nothing yet" : `${figure(failed)} ${unit}`],
    ["Limited by", limited_by == null ? "not known yet" : LIMITS[limited_by]],
    ...(broke_first == null ? [] : [["Broke first", broke_first] as [string, string]]),
    ...(interval == null
      ? []
      : [
          [
            "The limit is, at 90 % confidence",
            `from ${figure(interval[0])} to ${figure(interval[1])} ${unit}`,
          ] as [string, string],
        ]),
    ...(knee == null ? [] : [["Waiting grows faster from", `${figure(knee)} ${unit}`] as [string, string]]),
  ];
  return (
    <section class="block" aria-labelledby="capacity-title">
      <header class="block-head">
        <h2 id="capacity-title">Capacity</h2>
      </header>
      <dl class="tiles big">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Text value={value} whole />
            </dd>
          </div>
        ))}
      </dl>
      {note != null && !active.value && (
        <p class="note">
          <Text value={note} whole />
        </p>
      )}
    </section>
  );
}

function Levels({ capacity }: { capacity: Capacity }): JSX.Element {
  return (
    <PlainTable
      id="levels"
      title="Levels"
      aside={<span class="quiet-text">{count(capacity.levels.length)}, in order</span>}
      columns={[
        number<LevelEntry>(`Offered, ${capacity.unit}`, ({ offered }) => figure(offered)),
        ...LEVEL_COLUMNS,
      ]}
      rows={capacity.levels}
    />
  );
}

const LEVEL_COLUMNS: PlainColumn<LevelEntry>[] = [
  text("Result", ({ passed }) => (
    <span class={passed ? "good-text" : "bad-text"}>{passed ? "held" : "failed"}</span>
  )),
  number("Achieved, iterations/s", ({ achieved }) => figure(achieved)),
  number("In flight", ({ in_flight }) => figure(in_flight)),
  number("Failures, %", ({ failures }) => figure(failures)),
  number("p50, ms", ({ p50 }) => millis(p50)),
  number("p95, ms", ({ p95 }) => millis(p95)),
  number("p99, ms", ({ p99 }) => millis(p99)),
];
