// The live connection: server-sent events, made again when it is lost.
import { effect } from "@preact/signals";
import type { LogLine, Update } from "../types";
import { asked } from "./asked";
import { client } from "./client";
import { announcement, connected, current, form, take, takeLog } from "./live";
import { isActive } from "./merge";
import { route } from "./route";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
/** While users run an update comes each second; when none has come for this long, nobody is there. */
const SILENCE_MS = 8000;

let source: EventSource | null = null;
let pause = FIRST_PAUSE_MS;
let again: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;

function address(): string {
  const entry = route.value.entry;
  const query = entry === null ? "" : `?${new URLSearchParams(entry).toString()}`;
  return `api/v1/events${query}`;
}

async function readForm(): Promise<void> {
  try {
    form.value = await client.form();
  } catch {
    // That the connection is lost, or that one has to log in, is shown by itself.
  }
}

function lost(): void {
  source?.close();
  source = null;
  clearTimeout(silence);
  if (connected.value !== false) announcement.value = "the connection is lost";
  connected.value = false;
  clearTimeout(again);
  again = setTimeout(() => {
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    open(address());
    // An event source does not tell a status; this finds out that the session is over.
    void readForm();
  }, pause);
}

function watch(): void {
  clearTimeout(silence);
  if (isActive(current.value.state)) silence = setTimeout(lost, SILENCE_MS);
}

function open(url: string): void {
  const before = source;
  const events = new EventSource(url);
  let first = true;
  let firstLog = true;
  source = events;
  const current = (): boolean => source === events;
  events.addEventListener("update", ({ data }: MessageEvent<string>) => {
    if (!current()) return;
    if (first && connected.value === false) announcement.value = "connected again";
    first = false;
    pause = FIRST_PAUSE_MS;
    take(JSON.parse(data) as Update);
    watch();
  });
  events.addEventListener("log", ({ data }: MessageEvent<string>) => {
    if (!current()) return;
    takeLog(JSON.parse(data) as LogLine[], firstLog);
    firstLog = false;
  });
  events.addEventListener("error", () => {
    if (current()) lost();
  });
  before?.close();
}

function close(): void {
  source?.close();
  source = null;
  clearTimeout(silence);
  clearTimeout(again);
  connected.value = null;
}

/** Connects, and connects anew when another entry is looked at, or when somebody has logged in. */
export function connect(): void {
  let before: string | null = null;
  effect(() => {
    const url = address();
    if (asked.value !== null) {
      close();
      before = null;
      return;
    }
    if (url === before) return;
    if (before === null) void readForm();
    before = url;
    clearTimeout(again);
    open(url);
  });
}
