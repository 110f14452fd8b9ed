// The screen of what the program and user code have logged.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { plural, shorten, time, timeOfDay, visibleLines } from "../format";
import { log, unseen } from "../store/live";
import { found } from "../store/rows";
import { Search } from "../components/search";

const LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
const NAMES: Record<(typeof LEVELS)[number], string> = {
  error: "Errors",
  warn: "Warnings and errors",
  info: "Info and above",
  debug: "Debug and above",
  trace: "All levels",
};

export function Logs(): JSX.Element {
  const level = useSignal<(typeof LEVELS)[number]>("trace");
  const search = useSignal("");
  const follow = useSignal(true);
  const box = useRef<HTMLDivElement>(null);
  const lines = log.value;
  useEffect(() => {
    unseen.value = 0;
  }, [lines]);
  const wanted = LEVELS.slice(0, LEVELS.indexOf(level.value) + 1);
  const rows = lines.filter(
    (line) => wanted.includes(line.level) && found(search.value, line.text, line.target),
  );
  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && follow.value) element.scrollTop = element.scrollHeight;
  });
  return (
    <section class="block" aria-labelledby="logs-title">
      <header class="block-head">
        <h2 id="logs-title">Logs</h2>
        <span class="quiet-text">{plural(rows.length, "line")}</span>
        <div class="block-tools">
          <Search label="Search logs" value={search} />
          <select
            aria-label="Level"
            value={level.value}
            onChange={({ currentTarget }) => {
              level.value = LEVELS.find((known) => known === currentTarget.value) ?? "trace";
            }}
          >
            {LEVELS.map((name) => (
              <option key={name} value={name}>
                {NAMES[name]}
              </option>
            ))}
          </select>
          <label class="switch">
            <input
              type="checkbox"
              checked={follow.value}
              onChange={({ currentTarget }) => {
                follow.value = currentTarget.checked;
              }}
            />
            Follow
          </label>
        </div>
      </header>
      <div
        class="log"
        ref={box}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Lines of the log"
        onWheel={({ deltaY }) => {
          if (deltaY < 0) follow.value = false;
        }}
        onKeyDown={({ key }) => {
          if (key === "ArrowUp" || key === "PageUp" || key === "Home") follow.value = false;
        }}
      >
        {rows.length === 0 && (
          <p class="nothing-yet">{lines.length === 0 ? "Nothing was logged." : "No line fits."}</p>
        )}
        {rows.map(({ at, level: of, target, text }, index) => (
          <div key={`${at} ${index}`} class={`log-line log-${of}`}>
            <time title={time(at)}>{timeOfDay(at)}</time>
            <span class="log-level">{of}</span>
            <bdi class="log-target">{visibleLines(target)}</bdi>
            <bdi class="log-text">{shorten(visibleLines(text), 4000)}</bdi>
          </div>
        ))}
      </div>
    </section>
  );
}
