// The screen of a search for a limit: the curve, the levels as they come, and the answer.
import type { JSX } from "preact";
import { CapacityCurve } from "../charts/capacity";
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

const HEADS = ["Achieved, iterations/s", "In flight", "Failures, %", "p50, ms", "p95, ms", "p99, ms"];

function Levels({ capacity }: { capacity: Capacity }): JSX.Element {
  const figures = (level: LevelEntry): string[] => [
    figure(level.achieved),
    figure(level.in_flight),
    figure(level.failures),
    millis(level.p50),
    millis(level.p95),
    millis(level.p99),
  ];
  return (
    <section class="block" aria-labelledby="levels-title">
      <header class="block-head">
        <h2 id="levels-title">Levels</h2>
        <span class="quiet-text">{count(capacity.levels.length)}, in order</span>
      </header>
      <div class="table-box" tabIndex={0} role="region" aria-label="Table of levels">
        <table class="table plain">
          <thead>
            <tr>
              <th scope="col" class="number">
                Offered, {capacity.unit}
              </th>
              <th scope="col" class="text">
                Result
              </th>
              {HEADS.map((head) => (
                <th key={head} scope="col" class="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {capacity.levels.map((level, index) => (
              <tr key={index}>
                <th scope="row" class="number">
                  {figure(level.offered)}
                </th>
                <td class="text">
                  <span class={level.passed ? "good-text" : "bad-text"}>
                    {level.passed ? "held" : "failed"}
                  </span>
                </td>
                {figures(level).map((value, place) => (
                  <td key={HEADS[place]} class="number">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
