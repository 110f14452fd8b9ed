// The screen of user classes: wanted and actual shares, figures, and how often their tasks are run.
import type { JSX } from "preact";
import { Text } from "../components/text";
import { count, millis, percent, rate } from "../format";
import { form, live } from "../store/live";
import { ratios, type Ratio } from "../store/ratios";
import type { ClassEntry, Report } from "../types";

export function Classes(): JSX.Element {
  const { report } = live.value;
  if (report === null) return <p class="nothing-yet">Nothing was measured yet.</p>;
  return (
    <>
      <Users classes={report.classes} />
      <Tasks report={report} />
    </>
  );
}

/** Two bars, one below the other: what was wanted, and what is. */
function Shares({ wanted, actual }: { wanted: number | null; actual: number | null }): JSX.Element {
  return (
    <span class="shares" aria-hidden="true">
      <span class="share wanted" style={{ "--share": wanted ?? 0 }} />
      <span class="share actual" style={{ "--share": actual ?? 0 }} />
    </span>
  );
}

const HEADS = [
  "Users",
  "Wanted",
  "Most",
  "Weight",
  "Fixed",
  "Runs",
  "Runs/s",
  "Errors",
  "p50 ms",
  "p95 ms",
  "p99 ms",
];

function Users({ classes }: { classes: ClassEntry[] }): JSX.Element {
  const users = classes.reduce((sum, entry) => sum + entry.users, 0);
  const wanted = classes.reduce((sum, entry) => sum + entry.wanted, 0);
  const shareOf = (part: number, all: number): number | null => (all === 0 ? null : part / all);
  return (
    <section class="block" aria-labelledby="classes-title">
      <header class="block-head">
        <h2 id="classes-title">Classes</h2>
        <Key />
      </header>
      <div class="table-box" tabIndex={0} role="region" aria-label="Table of classes">
        <table class="table plain">
          <thead>
            <tr>
              <th scope="col" class="text">
                Class
              </th>
              <th scope="col" class="text shares-column">
                Share of users: wanted, actual
              </th>
              {HEADS.map((head) => (
                <th key={head} scope="col" class="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map((entry) => (
              <tr key={entry.name}>
                <th scope="row" class="text">
                  <Text value={entry.name} />
                </th>
                <td class="text shares-column">
                  <Shares wanted={shareOf(entry.wanted, wanted)} actual={shareOf(entry.users, users)} />
                  <span class="share-figures">
                    {percent(shareOf(entry.wanted, wanted))}, {percent(shareOf(entry.users, users))}
                  </span>
                </td>
                {figuresOf(entry).map((value, index) => (
                  <td key={HEADS[index]} class="number">
                    {HEADS[index] === "Errors" && entry.errors > 0 ? (
                      <span class="bad-text">{value}</span>
                    ) : (
                      value
                    )}
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

function figuresOf(entry: ClassEntry): string[] {
  const { users, wanted, peak_users, weight, fixed_count, runs, runs_per_s, errors, duration_ms } = entry;
  return [
    count(users),
    count(wanted),
    count(peak_users),
    count(weight),
    fixed_count > 0 ? count(fixed_count) : "",
    count(runs),
    rate(runs_per_s),
    count(errors),
    millis(duration_ms.p50),
    millis(duration_ms.p95),
    millis(duration_ms.p99),
  ];
}

function Key(): JSX.Element {
  return (
    <span class="quiet-text key">
      <span class="swatch wanted" aria-hidden="true" /> wanted
      <span class="swatch actual" aria-hidden="true" /> actual
    </span>
  );
}

function Tasks({ report }: { report: Report }): JSX.Element | null {
  const infos = form.value?.classes ?? [];
  const taking = report.classes.flatMap(({ name }) => infos.find((info) => info.name === name) ?? []);
  if (taking.length === 0) return null;
  return (
    <section class="block" aria-labelledby="ratios-title">
      <header class="block-head">
        <h2 id="ratios-title">Tasks</h2>
        <Key />
      </header>
      <div class="ratio-cards">
        {taking.map((info) => (
          <div key={info.name} class="card">
            <h3>
              <Text value={info.name} />
            </h3>
            {info.doc !== "" && (
              <p class="quiet-text">
                <Text value={info.doc} whole />
              </p>
            )}
            <ul class="ratios">
              {ratios(info, report.run, report.tasks).map((ratio) => (
                <TaskRatio key={ratio.path} ratio={ratio} />
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

function TaskRatio({ ratio }: { ratio: Ratio }): JSX.Element {
  const { name, depth, isSet, wanted, actual, runs } = ratio;
  const told = wanted === null ? "by transitions" : percent(wanted);
  return (
    <li style={{ "--depth": depth }}>
      <Text value={name} />
      {isSet ? (
        <span class="quiet-text ratio-set">a set, picked {told}</span>
      ) : (
        <>
          <Shares wanted={wanted} actual={actual} />
          <span class="share-figures">
            <span class="unseen">wanted </span>
            {told}, <span class="unseen">actual </span>
            {percent(actual)}
          </span>
          <span class="ratio-runs">{count(runs)} runs</span>
        </>
      )}
    </li>
  );
}
