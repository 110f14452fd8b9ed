// The screen of user classes: wanted and actual shares, figures, and how often their tasks are run.
import type { JSX } from "preact";
import { number, PlainTable, text, type PlainColumn } from "../components/plain";
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

function Users({ classes }: { classes: ClassEntry[] }): JSX.Element {
  const users = classes.reduce((sum, entry) => sum + entry.users, 0);
  const wanted = classes.reduce((sum, entry) => sum + entry.wanted, 0);
  const shareOf = (part: number, all: number): number | null => (all === 0 ? null : part / all);
  const shares = (entry: ClassEntry): JSX.Element => (
    <>
      <Shares wanted={shareOf(entry.wanted, wanted)} actual={shareOf(entry.users, users)} />
      <span class="share-figures">
        {percent(shareOf(entry.wanted, wanted))}, {percent(shareOf(entry.users, users))}
      </span>
    </>
  );
  const [name, ...figures] = COLUMNS;
  const columns = [name, { ...text("Share of users: wanted, actual", shares), class: "shares-column" }];
  return (
    <PlainTable
      id="classes"
      title="Classes"
      aside={<Key />}
      columns={[...columns, ...figures]}
      rows={classes}
    />
  );
}

const COLUMNS: [PlainColumn<ClassEntry>, ...PlainColumn<ClassEntry>[]] = [
  text("Class", ({ name }) => <Text value={name} />),
  number("Users", ({ users }) => count(users)),
  number("Wanted", ({ wanted }) => count(wanted)),
  number("Most", ({ peak_users }) => count(peak_users)),
  number("Weight", ({ weight }) => count(weight)),
  number("Fixed", ({ fixed_count }) => (fixed_count > 0 ? count(fixed_count) : "")),
  number("Runs", ({ runs }) => count(runs)),
  number("Runs/s", ({ runs_per_s }) => rate(runs_per_s)),
  number("Errors", ({ errors }) => <span class={errors > 0 ? "bad-text" : undefined}>{count(errors)}</span>),
  number("p50 ms", ({ duration_ms }) => millis(duration_ms.p50)),
  number("p95 ms", ({ duration_ms }) => millis(duration_ms.p95)),
  number("p99 ms", ({ duration_ms }) => millis(duration_ms.p99)),
];

function Key(): JSX.Element {
  return (
    <span class="quiet-text key">
      <span class="swatch wanted" aria-hidden="true" /> wanted
      <span class="swatch actual" aria-hidden="true" /> actual
    </span>
  );
}

function Tasks({ report }: { report: Report }): JSX.Element {
  const docs = new Map(form.value?.classes.map(({ name, doc }) => [name, doc]));
  return (
    <section class="block" aria-labelledby="ratios-title">
      <header class="block-head">
        <h2 id="ratios-title">Tasks</h2>
        <Key />
      </header>
      <div class="ratio-cards">
        {report.classes.map((entry) => (
          <div key={entry.name} class="card">
            <h3>
              <Text value={entry.name} />
            </h3>
            {docs.get(entry.name) && (
              <p class="quiet-text">
                <Text value={docs.get(entry.name) ?? ""} whole />
              </p>
            )}
            <ul class="ratios">
              {ratios(entry, report.tasks).map((ratio) => (
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
  return (
    <li style={{ "--depth": depth }}>
      <Text value={name} />
      {isSet ? (
        <span class="quiet-text ratio-set">a set, picked {percent(wanted)}</span>
      ) : (
        <>
          <Shares wanted={wanted} actual={actual} />
          <span class="share-figures">
            <span class="unseen">wanted </span>
            {percent(wanted)}, <span class="unseen">actual </span>
            {percent(actual)}
          </span>
          <span class="ratio-runs">{count(runs)} runs</span>
        </>
      )}
    </li>
  );
}
