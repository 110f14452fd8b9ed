// How figures, times and foreign text are written for people.

/** What stands where there is no figure. */
export const NONE = "–";

const grouped = [0, 1, 2, 3].map(
  (digits) =>
    new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

function withDigits(value: number, digits: number): string {
  return grouped[digits]?.format(value) ?? String(value);
}

/** A count: `12,345`. */
export function count(value: number | null | undefined): string {
  return value == null ? NONE : withDigits(Math.round(value), 0);
}

/** A figure with as many decimals as tell something: `1,234`, `45.6`, `4.56`. */
export function figure(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 99.95) return withDigits(value, 0);
  return withDigits(value, size >= 9.995 ? 1 : 2);
}

/** Milliseconds, without the unit; below 1 with three decimals. */
export function millis(value: number | null | undefined): string {
  if (value != null && value !== 0 && Math.abs(value) < 0.9995) return withDigits(value, 3);
  return figure(value);
}

const ticks = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

/** A figure at an axis. */
export function tick(value: number): string {
  return ticks.format(value);
}

/** Per second. */
export function rate(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  if (value !== 0 && value < 0.05) return "< 0.1";
  return withDigits(value, value >= 999.95 ? 0 : 1);
}

/** A share from 0 to 1 in percent; what is more than nothing never reads as 0 %, and less than all never as 100 %. */
export function percent(share: number | null | undefined): string {
  if (share == null || !Number.isFinite(share)) return NONE;
  const value = share * 100;
  if (value === 0) return "0 %";
  if (value < 0.005) return "< 0.01 %";
  if (value >= 100) return `${withDigits(value, 0)} %`;
  if (value > 99.99) return "> 99.99 %";
  return `${withDigits(value, value < 9.995 || value > 99 ? 2 : 1)} %`;
}

const SIZES = ["B", "kB", "MB", "GB", "TB"];

/** Bytes with their unit: `1.20 MB`. */
export function bytes(value: number | null | undefined): string {
  if (value == null || !Number.isFinite(value)) return NONE;
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < SIZES.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? withDigits(size, 0) : figure(size)} ${SIZES[unit] ?? ""}`;
}

/** A time of a run as on a clock: `0:07`, `12:30`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A length as the options write it: `90s`, `5m`, `1h30m`. */
export function length(seconds: number): string {
  const whole = Math.floor(seconds);
  const rest = seconds - whole;
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [(whole % 60) + rest, "s"],
  ];
  const text = parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${Number(value.toFixed(3))}${unit}`)
    .join("");
  return text === "" ? "0s" : text;
}

const moment = new Intl.DateTimeFormat("en-GB", {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** A moment in the reader's time zone: `2026-11-25 18:04:05`. */
export function time(rfc3339: string): string {
  const date = new Date(rfc3339);
  if (Number.isNaN(date.getTime())) return rfc3339;
  const part = Object.fromEntries(moment.formatToParts(date).map(({ type, value }) => [type, value]));
  const of = (name: string): string => part[name] ?? "";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")}`;
}

/** The same without the day. */
export function timeOfDay(rfc3339: string): string {
  const text = time(rfc3339);
  return text === rfc3339 ? text : text.slice(11);
}

/** `1 request`, `2 requests`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

// Controls, marks that turn the direction of writing, and what has no width: all that can't be seen.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const SHORT: Record<string, string> = { "\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function shown(character: string): string {
  return SHORT[character] ?? `\\u{${character.charCodeAt(0).toString(16)}}`;
}

/** Foreign text with everything to be seen in it, as Rust writes it: a zero byte is `\0`. Not every font has signs for them. */
export function visible(text: string): string {
  return text.replace(UNSEEN, shown);
}

/** The same for text of several lines, which stay lines. */
export function visibleLines(text: string): string {
  const lines = text.split(/\r?\n/);
  return lines.map((line) => line.split("\t").map(visible).join("\t")).join("\n");
}

/** The beginning of a long text; whole characters. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = /[\ud800-\udbff]$/.test(text.slice(0, most)) ? most - 1 : most;
  return `${text.slice(0, cut)}…`;
}
