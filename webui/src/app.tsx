// The page: its head, its tabs, and the screen that is chosen.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Tabs, type Tab } from "./components/tabs";
import { Icon } from "./components/icons";
import { trouble } from "./store/actions";
import { asked } from "./store/asked";
import { visible } from "./format";
import { active, announcement, connected, current, earlier, form, live, unseen } from "./store/live";
import { saved } from "./store/saved";
import { SCREENS, goTo, route, screenLink, type Screen } from "./store/route";
import { part } from "./charts/range";
import { CapacityScreen } from "./screens/capacity";
import { Charts } from "./screens/charts";
import { Classes } from "./screens/classes";
import { Compare } from "./screens/compare";
import { Downloads, EarlierDownloads } from "./screens/downloads";
import { EarlierHead } from "./screens/earlier";
import { Exceptions } from "./screens/exceptions";
import { Failures } from "./screens/failures";
import { History } from "./screens/history";
import { Header } from "./screens/header";
import { ClosedHeader, LoginScreen } from "./screens/login";
import { Logs } from "./screens/logs";
import { StartForm } from "./screens/start/form";
import { Statistics } from "./screens/statistics";
import { Summary } from "./screens/summary";

const BODIES: Record<Screen, () => JSX.Element> = {
  statistics: Statistics,
  charts: Charts,
  failures: Failures,
  exceptions: Exceptions,
  classes: Classes,
  capacity: CapacityScreen,
  logs: Logs,
  downloads: Downloads,
};

export function App(): JSX.Element {
  const { run, state } = current.value;
  const { screen, run: opened } = route.value;
  const unknown = connected.value === null;
  const closed = asked.value;
  const starting =
    !active.value && (screen === "new" || (run === 0 && (screen === null || screen === "statistics")));
  const Kept = screen === "history" || screen === "compare" ? HISTORY[screen] : null;
  const inFile = saved.value !== null;
  useBegun(run, unknown);
  useEffect(() => {
    document.title =
      saved.value !== null ? reportTitle() : run === 0 || closed !== null ? "swarm" : `${state} – swarm`;
  }, [run, state, closed]);
  return (
    <>
      <a class="skip" href="#screen" onClick={skip}>
        To the content
      </a>
      {closed === null ? <Header /> : <ClosedHeader />}
      <Banner />
      {inFile ? (
        <Saved title="Report of a run" />
      ) : closed !== null ? (
        <LoginScreen kind={closed} />
      ) : opened !== null && !unknown ? (
        <>
          <EarlierHead />
          {earlier.value !== null && <Saved title="An earlier run" files />}
        </>
      ) : Kept !== null && !unknown ? (
        <main id="screen" tabIndex={-1} class="panel">
          <h1 class="unseen">{screen === "compare" ? "Comparison of runs" : "History"}</h1>
          <Kept />
        </main>
      ) : unknown || starting ? (
        <main id="screen" tabIndex={-1}>
          {unknown || form.value === null ? (
            <p class="nothing-yet">One moment…</p>
          ) : (
            <StartForm form={form.value} />
          )}
        </main>
      ) : (
        <Screens current={SCREENS.find((known) => known === screen) ?? "statistics"} />
      )}
      <p class="unseen" role="status" aria-live="polite">
        {announcement.value}
      </p>
    </>
  );
}

function reportTitle(): string {
  const name = current.peek().report?.run.name;
  return name == null ? "swarm report" : `${visible(name)} – swarm report`;
}

const HISTORY = { history: History, compare: Compare };

/** A run that has begun, here or in another window, is what one wants to see. */
function useBegun(run: number, unknown: boolean): void {
  const known = useRef<number | null>(null);
  useEffect(() => {
    if (unknown) return;
    const began = known.current !== null && known.current !== run;
    known.current = run;
    if (began) part.value = null;
    if ((began || active.peek()) && route.peek().screen === "new") goTo(screenLink("statistics"));
  }, [run, unknown]);
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("screen")?.focus();
}

/** A result that is over: all of it, one screen after the other; or one entry. */
function Saved({ title, files = false }: { title: string; files?: boolean }): JSX.Element {
  const { report } = live.value;
  const screens: (() => JSX.Element | null)[] = [Summary, Charts, Statistics, Failures, Exceptions, Classes];
  if (report?.capacity != null) screens.push(CapacityScreen);
  if (files) screens.push(EarlierDownloads);
  const shown = route.value.entry === null ? screens : [Statistics];
  return (
    <main id="screen" tabIndex={-1} class="panel">
      <h1 class="unseen">{title}</h1>
      {shown.map((Body) => (
        <Body key={Body.name} />
      ))}
    </main>
  );
}

function Screens({ current }: { current: Screen }): JSX.Element {
  const { report } = live.value;
  const tabs: Tab[] = [
    { screen: "statistics", title: "Statistics" },
    { screen: "charts", title: "Charts" },
    {
      screen: "failures",
      title: "Failures",
      badge: report?.failures.length ?? 0,
      badgeLabel: "causes",
      tone: "bad",
    },
    {
      screen: "exceptions",
      title: "Exceptions",
      badge: report?.exceptions.length ?? 0,
      badgeLabel: "causes",
      tone: "bad",
    },
    { screen: "classes", title: "Classes" },
  ];
  if (report?.capacity != null) tabs.push({ screen: "capacity", title: "Capacity" });
  tabs.push(
    { screen: "logs", title: "Logs", badge: unseen.value, badgeLabel: "new warnings", tone: "warn" },
    { screen: "downloads", title: "Downloads" },
  );
  const shown = tabs.some(({ screen }) => screen === current) ? current : "statistics";
  const Body = BODIES[shown];
  return (
    <>
      <Tabs tabs={tabs} current={shown} />
      <main id="screen" tabIndex={-1}>
        <div id="panel" role="tabpanel" aria-labelledby={`tab-${shown}`} class="panel">
          <h1 class="unseen">{tabs.find(({ screen }) => screen === shown)?.title}</h1>
          <Body />
        </div>
      </main>
    </>
  );
}

function Banner(): JSX.Element | null {
  const lost = connected.value === false && asked.value === null;
  if (!lost && trouble.value === null) return null;
  return (
    <div class="banners">
      {lost && (
        <p class="banner" role="alert">
          <Icon name="warning" />
          The connection is lost: what is shown may be old. Trying again…
        </p>
      )}
      {trouble.value !== null && (
        <p class="banner bad" role="alert">
          <Icon name="warning" />
          {trouble.value}
          <button
            type="button"
            class="quiet square"
            aria-label="Dismiss"
            onClick={() => {
              trouble.value = null;
            }}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}
