// What the page shows, as signals: filled by a connection, or by data that came with the page.
import { computed, signal } from "@preact/signals";
import type { Form, LeftOut, LogLine, Update } from "../types";
import { LOG_LINES, NOTHING, isActive, merge, mergeLog, type Live } from "./merge";

/** The run of the program, or of the file. */
export const current = signal<Live>(NOTHING);
/** An earlier run that is shown instead of it. */
export const earlier = signal<{ id: string; run: Live; leftOut: LeftOut } | null>(null);
/** The run that is shown. */
export const live = computed(() => earlier.value?.run ?? current.value);
export const log = signal<LogLine[]>([]);
/** Warnings and errors in the log that were not looked at. */
export const unseen = signal(0);
export const form = signal<Form | null>(null);
/** Whether updates come; null until it is known. */
export const connected = signal<boolean | null>(null);
/** What was said last to those who don't see the page. */
export const announcement = signal("");

export const report = computed(() => live.value.report);
/** Whether the program runs something. */
export const active = computed(() => isActive(current.value.state));

const STATES: Record<Live["state"], string> = {
  ready: "ready to start",
  spawning: "users are being started",
  running: "all users are running",
  stopping: "the run is stopping",
  stopped: "the run has stopped",
};

export function take(update: Update): void {
  const before = current.value;
  const after = merge(before, update);
  current.value = after;
  connected.value = true;
  if (before.state !== after.state) announcement.value = STATES[after.state];
  else if (kept(before) && !kept(after)) announcement.value = "a threshold has failed";
}

function kept({ report }: Live): boolean {
  return report?.thresholds.every(({ passed, value }) => passed || value == null) ?? true;
}

/** Takes lines; the first ones of a connection replace what was there. */
export function takeLog(lines: LogLine[], first: boolean): void {
  log.value = first ? lines.slice(-LOG_LINES) : mergeLog(log.value, lines);
  const warnings = lines.filter(({ level }) => level === "warn" || level === "error").length;
  unseen.value = first ? warnings : unseen.value + warnings;
}
