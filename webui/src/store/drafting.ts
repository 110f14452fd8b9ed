// The form while somebody fills it in: its draft, and what the program says of it.
import { computed, effect, signal } from "@preact/signals";
import type { Checked, Form } from "../types";
import { client, reason } from "./client";
import { draftOf, entered, type ClassDraft, type Draft } from "./entered";
import { current, form } from "./live";

const PAUSE_MS = 200;

export const draft = signal<Draft | null>(null);
/** What was said of the draft last; null before that. */
export const checked = signal<Checked | null>(null);
/** What is said is not yet about what stands in the form. */
export const checking = signal(false);
export const starting = signal(false);
/** Why it could not be checked or started. */
export const refused = signal<string | null>(null);

/** The message for each field that is not right. */
export const errors = computed(() => {
  const known = new Map<string, string>();
  for (const { field, message } of checked.value?.errors ?? []) {
    if (!known.has(field)) known.set(field, message);
  }
  return known;
});

/** The run since which the draft stands. */
let since: number | null = null;

/** Begins with what the last run was started with; what was typed since then stays. */
export async function openForm(): Promise<void> {
  starting.value = false;
  const { run } = current.value;
  if (draft.value !== null && since === run) return;
  since = run;
  const before = draft.value;
  // Nobody is to type into what is about to be replaced.
  draft.value = null;
  try {
    form.value = await client.form();
  } finally {
    if (form.value !== null) draft.value = draftOf(form.value, before?.settings);
  }
}

export function setOption(name: string, value: string): void {
  const known = draft.value;
  if (known !== null) draft.value = { ...known, options: { ...known.options, [name]: value } };
}

export function setSetting(key: string, value: string): void {
  const known = draft.value;
  if (known !== null) draft.value = { ...known, settings: { ...known.settings, [key]: value } };
}

export function setClass(name: string, change: Partial<ClassDraft>): void {
  const known = draft.value;
  const before = known?.classes[name];
  if (known === null || before === undefined) return;
  draft.value = { ...known, classes: { ...known.classes, [name]: { ...before, ...change } } };
}

let asked: AbortController | null = null;

/** Asks what the program says of the draft. */
async function check(known: Form, now: Draft): Promise<Checked | null> {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  checking.value = true;
  try {
    const answer = await client.check(entered(known, now), mine.signal);
    checked.value = answer;
    refused.value = null;
    return answer;
  } catch (error) {
    if (!mine.signal.aborted) refused.value = reason(error);
    return null;
  } finally {
    if (!mine.signal.aborted) checking.value = false;
  }
}

/** Checks the draft a moment after each change, until the form is left. */
export function checkWhileTyping(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = effect(() => {
    const [known, now] = [form.value, draft.value];
    if (known === null || now === null) return;
    checking.value = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      // Who starts has it checked, and waits for that answer.
      if (!starting.peek()) void check(known, now);
    }, PAUSE_MS);
  });
  return () => {
    clearTimeout(timer);
    asked?.abort();
    done();
  };
}

/** Starts what stands in the form; says whether it was started. */
export async function start(): Promise<boolean> {
  const [known, now] = [form.value, draft.value];
  if (known === null || now === null || starting.value) return false;
  starting.value = true;
  refused.value = null;
  const answer = await check(known, now);
  if (answer?.spec == null || answer.errors.length > 0) {
    starting.value = false;
    return false;
  }
  try {
    await client.start({ spec: answer.spec, settings: entered(known, now).settings });
    return true;
  } catch (error) {
    refused.value = reason(error);
    starting.value = false;
    return false;
  }
}
