// Figures, times and foreign text as they are written.
import { describe, expect, it } from "vitest";
import {
  bytes,
  clock,
  count,
  figure,
  millis,
  percent,
  plural,
  rate,
  shorten,
  time,
  visible,
  visibleLines,
} from "./format";

describe("figures", () => {
  it("have thousands separators", () => {
    expect(count(1234567)).toBe("1,234,567");
    expect(count(null)).toBe("–");
  });
  it("have as many decimals as tell something", () => {
    expect([0, 1.234, 12.34, 123.4, 12345.6].map(figure)).toEqual(["0", "1.23", "12.3", "123", "12,346"]);
    expect([0.0421, 0.9994, 1.0499, 1049, 64.81].map(millis)).toEqual([
      "0.042",
      "0.999",
      "1.05",
      "1,049",
      "64.8",
    ]);
    expect([0, 0.04, 0.06, 14.24, 1234.5].map(rate)).toEqual(["0.0", "< 0.1", "0.1", "14.2", "1,235"]);
    expect([NaN, Infinity, null].map(figure)).toEqual(["–", "–", "–"]);
  });
  it("tell nothing from little, and all from nearly all", () => {
    expect([0, 0.0004, 0.00001, 0.104, 0.9991, 0.99995, 1].map(percent)).toEqual([
      "0 %",
      "0.04 %",
      "< 0.01 %",
      "10.4 %",
      "99.91 %",
      "> 99.99 %",
      "100 %",
    ]);
  });
  it("of bytes have their unit", () => {
    expect([0, 999, 1500, 1_200_000].map(bytes)).toEqual(["0 B", "999 B", "1.50 kB", "1.20 MB"]);
  });
  it("of times are read as on a clock", () => {
    expect([0, 7.9, 750, 3723].map(clock)).toEqual(["0:00", "0:07", "12:30", "1:02:03"]);
    expect(time("not a time")).toBe("not a time");
    expect(time("2026-11-25T18:04:05Z")).toMatch(/^2026-11-2\d \d\d:\d\d:05$/);
  });
  it("agree with their words", () => {
    expect([plural(1, "entry", "entries"), plural(2000, "entry", "entries")]).toEqual([
      "1 entry",
      "2,000 entries",
    ]);
  });
});

describe("foreign text", () => {
  it("shows what can't be seen", () => {
    expect(visible("a\0b\u001b[31m\n\t\u007f")).toBe("a\\0b\\u{1b}[31m\\n\\t\\u{7f}");
    expect(visible("exe.\u202egnp")).toBe("exe.\\u{202e}gnp");
    expect(visible("</script> שלום é 🐝")).toBe("</script> שלום é 🐝");
  });
  it("keeps its lines", () => {
    expect(visibleLines("at a\r\n\tat b\0 C:\\temp")).toBe("at a\n\tat b\\0 C:\\temp");
  });
  it("is not cut within a character", () => {
    expect(shorten("ab🐝cd", 3)).toBe("ab…");
    expect(shorten("abc", 3)).toBe("abc");
  });
});
