// Finished runs that the program keeps: the list, and the one that is looked at.
import { effect, signal } from "@preact/signals";
import type { Label, Runs } from "../types";
import { client, reason } from "./client";
import { announcement, earlier } from "./live";
import { route } from "./route";
import { ended } from "./saved";

/** How often the list is read while it is looked at: other programs may put something in too. */
const PAUSE_MS = 5000;

export const runs = signal<Runs | null>(null);
/** Why it could not be read. */
export const unread = signal<string | null>(null);
/** Runs that are chosen to be compared, by their ids. */
export const chosen = signal<ReadonlySet<string>>(new Set());

export async function readRuns(): Promise<void> {
  try {
    runs.value = await client.runs();
    unread.value = null;
  } catch (error) {
    unread.value = reason(error);
  }
}

/** Reads the list now and then; returns what ends that. */
export function followRuns(): () => void {
  void readRuns();
  const timer = setInterval(() => {
    if (!document.hidden) void readRuns();
  }, PAUSE_MS);
  return () => {
    clearInterval(timer);
  };
}

export function choose(id: string, on: boolean): void {
  const next = new Set(chosen.value);
  if (on) next.add(id);
  else next.delete(id);
  chosen.value = next;
}

/** Gives a run another name and notes. */
export async function label(id: string, given: Label): Promise<void> {
  await client.label(id, given);
  announcement.value = "name and notes are changed";
  await readRuns();
  const shown = earlier.value;
  if (shown?.id !== id) return;
  const { report } = shown.run;
  if (report === null) return;
  const run = { ...report.run, name: given.name ?? null, notes: given.notes ?? null };
  earlier.value = { ...shown, run: { ...shown.run, report: { ...report, run } } };
}

export async function deleteRun(id: string): Promise<void> {
  await client.deleteRun(id);
  choose(id, false);
  announcement.value = "the run is deleted";
  await readRuns();
}

/** What a run is called where there is room for a few words. */
export function nameOf({ id, run }: { id: string; run: { name: string | null } | null }): string {
  return run?.name ?? id;
}

/** Opens the run that the address names, and closes it when the address names it no more. */
export function followEarlier(): void {
  effect(() => {
    const id = route.value.run;
    if (id === (earlier.peek()?.id ?? null)) return;
    earlier.value = null;
    unread.value = null;
    if (id !== null) void open(id);
  });
}

async function open(id: string): Promise<void> {
  try {
    const { report, left_out } = await client.run(id);
    if (route.peek().run === id) earlier.value = { id, run: ended(report), leftOut: left_out };
  } catch (error) {
    if (route.peek().run === id) unread.value = reason(error);
  }
}
