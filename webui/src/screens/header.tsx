// The head of the page: what runs, how it goes, and what can be done about it. It stays in view on every screen.
import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { Hint } from "../components/hint";
import { Icon, Logo } from "../components/icons";
import { Text } from "../components/text";
import { clock, count, figure, percent, plural, rate } from "../format";
import { reset, stop } from "../store/actions";
import { earlier, form, live } from "../store/live";
import { logOut } from "../store/login";
import { goTo, route, screenLink } from "../store/route";
import { progress, type Progress } from "../store/progress";
import { saved } from "../store/saved";
import type { Report, ThresholdEntry } from "../types";
import { EditLoad } from "./edit_load";
import { MarkButton } from "./mark";
import { ThemeSwitch } from "./theme_switch";

export function Header(): JSX.Element {
  const { report, state } = live.value;
  const host = report?.run.host ?? form.value?.entered.options["host"] ?? null;
  return (
    <header class="top">
      <div class="top-row">
        <a class="brand" href={screenLink("statistics")} aria-label="swarm, to the statistics">
          <Logo />
          <span class="brand-name">swarm</span>
        </a>
        <span class="host" data-testid="host">
          {host !== null && <Text value={host} />}
          {form.value?.demo === true && <span class="demo">demo site</span>}
        </span>
        <span class={`state state-${state}`} data-testid="state">
          {state}
        </span>
        {saved.value === null && earlier.value === null && <Actions />}
        {saved.value === null && form.value !== null && <HistoryLink />}
        <ThemeSwitch />
        {form.value?.login != null && <LogOut />}
      </div>
      {live.value.run > 0 && <Figures />}
    </header>
  );
}

function HistoryLink(): JSX.Element {
  const here = route.value.screen === "history" || route.value.screen === "compare";
  return (
    <a class="button history-link" href={screenLink("history")} aria-current={here ? "page" : undefined}>
      <Icon name="history" />
      <span>History</span>
    </a>
  );
}

function LogOut(): JSX.Element {
  return (
    <button
      type="button"
      class="quiet square"
      aria-label="Log out"
      title="Log out"
      onClick={() => void logOut()}
    >
      <Icon name="leave" />
    </button>
  );
}

function Actions(): JSX.Element {
  const editing = useSignal(false);
  const { state, load, report } = live.value;
  const runs = state === "spawning" || state === "running";
  const { screen } = route.value;
  const ended = state === "stopped" || (state === "ready" && live.value.run > 0);
  const searching = report?.run.find_limit != null;
  return (
    <div class="actions">
      {runs && !searching && (
        <button
          type="button"
          onClick={() => {
            editing.value = true;
          }}
        >
          <Icon name="edit" />
          <span>Edit load</span>
        </button>
      )}
      {runs && <MarkButton />}
      {runs && (
        <button type="button" onClick={() => void reset()}>
          <Icon name="reset" />
          <span>Reset</span>
        </button>
      )}
      {runs && (
        <button type="button" class="danger" onClick={() => void stop(false)}>
          <Icon name="stop" />
          <span>Stop</span>
        </button>
      )}
      {state === "stopping" && (
        <button type="button" class="danger" onClick={() => void stop(true)}>
          <Icon name="stop" />
          <span>Stop at once</span>
        </button>
      )}
      {ended && screen !== "new" && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            goTo(screenLink("new"));
          }}
        >
          <Icon name="plus" />
          <span>New test</span>
        </button>
      )}
      {editing.value && load !== null && (
        <EditLoad
          load={load}
          onClose={() => {
            editing.value = false;
          }}
        />
      )}
    </div>
  );
}

type FigureProps = { title: string; name: string; more?: ComponentChildren; children: ComponentChildren };

function Figure({ title, name, more, children }: FigureProps): JSX.Element {
  return (
    <div class={`figure figure-${name}`}>
      <dt>{title}</dt>
      <dd>
        <span class="figure-value" data-testid={name}>
          {children}
        </span>
        {more !== undefined && <span class="figure-more">{more}</span>}
      </dd>
    </div>
  );
}

function Figures(): JSX.Element {
  const { users, report, state, elapsed_s, length_s, why } = live.value;
  const failed =
    report === null || report.totals.requests === 0 ? 0 : report.totals.failures / report.totals.requests;
  const bar = progress(live.value);
  const ended = state === "stopped";
  return (
    <dl class="figures" aria-label="Live figures">
      <Figure
        title={ended ? "Lasted" : "Elapsed"}
        name="elapsed"
        more={<Remaining length={length_s} elapsed={elapsed_s} ended={ended} why={why} />}
      >
        {clock(elapsed_s)}
        {bar !== null && <Bar {...bar} />}
      </Figure>
      <Figure title="Users" name="users" more={ended ? undefined : <Wanted />}>
        {count(users)}
      </Figure>
      <Figure title={ended ? "Mean rate" : "Rate"} name="rate" more="req/s">
        {rate(ended ? report?.totals.rps : requestRate(report))}
      </Figure>
      <Figure
        title="Failures"
        name="failures"
        more={`${count(report?.totals.failures ?? 0)} of ${count(report?.totals.requests ?? 0)}`}
      >
        <span class={failed > 0 ? "bad-text" : ""}>{percent(failed)}</span>
      </Figure>
      {report !== null && ended && <Outcome report={report} />}
      {report !== null && <Validity report={report} />}
      {report !== null && report.thresholds.length > 0 && <Thresholds entries={report.thresholds} />}
    </dl>
  );
}

/** How many users are wanted, or how many iterations arrive, whoever runs them. */
function Wanted(): JSX.Element {
  const { wanted, rate: arriving } = live.value;
  return (
    <>
      {wanted > 0 && `of ${count(wanted)}`}
      {arriving > 0 && ` for ${figure(arriving)} iterations/s`}
    </>
  );
}

/** Requests per second, of the last ten seconds; of the last one while that is all there is. */
function requestRate(report: Report | null): number {
  return report?.totals.recent?.rps ?? report?.history.at(-1)?.rps ?? 0;
}

type RemainingProps = { length: number | null; elapsed: number; ended: boolean; why: string | null };

function Remaining({ length, elapsed, ended, why }: RemainingProps): JSX.Element {
  if (ended) return <>{why !== null && <Text value={why} />}</>;
  if (length === null) return <>until it is stopped</>;
  return <>{clock(Math.ceil(length - elapsed))} left</>;
}

function Bar({ share, label }: Progress): JSX.Element {
  return <progress class="progress" max={1} value={share} aria-label={label} />;
}

function Outcome({ report }: { report: Report }): JSX.Element {
  const { exit_code, reasons } = report.outcome;
  const word = exit_code === 0 ? "passed" : "failed";
  return (
    <Figure title="Result" name="outcome">
      <Hint word={word} tone={exit_code === 0 ? "good-text" : "bad-text"} label={`Result: ${word}`}>
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>
              <Text value={reason} whole />
            </li>
          ))}
          <li class="quiet-text">Exit code {exit_code}</li>
        </ul>
      </Hint>
    </Figure>
  );
}

function Validity({ report }: { report: Report }): JSX.Element {
  const { validity, health } = report.outcome;
  const tone = { valid: "good-text", suspect: "warn-text", invalid: "bad-text" }[validity];
  return (
    <Figure title="Measurement" name="validity">
      <Hint word={validity} tone={tone} label={`Measurement: ${validity}`}>
        {health.reasons.length === 0 ? (
          "The load generator kept up: these figures can be trusted."
        ) : (
          <ul>
            {health.reasons.map((reason) => (
              <li key={reason}>
                <Text value={reason} whole />
              </li>
            ))}
          </ul>
        )}
      </Hint>
    </Figure>
  );
}

/** What a threshold is judged by, in the unit of its measure. */
export function judgedBy(expression: string, value: number | null | undefined): string {
  if (value == null) return "nothing";
  if (expression.startsWith("failures")) return percent(value / 100);
  return expression.startsWith("rps") ? `${figure(value)}/s` : `${figure(value)} ms`;
}

function Thresholds({ entries }: { entries: ThresholdEntry[] }): JSX.Element {
  const judged = entries.filter(({ value }) => value != null);
  const failed = judged.filter(({ passed }) => !passed).length;
  const word =
    failed > 0 ? `${failed} of ${entries.length} failed` : judged.length === 0 ? "no data yet" : "kept";
  return (
    <Figure title="Thresholds" name="thresholds">
      <Hint word={word} tone={failed > 0 ? "bad-text" : "good-text"} label={`Thresholds: ${word}`}>
        <ul>
          {entries.map(({ expression, value, passed, failed_for_s }) => (
            <li key={expression}>
              <span class={value == null ? "" : passed ? "good-text" : "bad-text"}>
                {value == null ? "no data" : passed ? "kept" : "failed"}
              </span>{" "}
              <Text value={expression} whole /> (now {judgedBy(expression, value)}
              {failed_for_s > 0 && `, failed for ${plural(failed_for_s, "second")}`})
            </li>
          ))}
        </ul>
      </Hint>
    </Figure>
  );
}
