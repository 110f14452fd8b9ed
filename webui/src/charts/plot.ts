// What all charts have in common: the axis of time, marks, bounds, zoom and cursor.
import uPlot from "uplot";
import { clock, shorten, visible } from "../format";
import { markText } from "../store/marks";
import type { Mark } from "../types";
import { colour, translucent } from "./colours";
import { part, type Range } from "./range";

/** A horizontal line that a figure has to keep away from. */
export type Bound = { value: number; label: string };

const FONT = '11px system-ui, "Segoe UI", sans-serif';
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

export function timeAxis(): uPlot.Axis {
  return {
    scale: "x",
    stroke: colour("muted"),
    font: FONT,
    incrs: STEPS,
    space: 70,
    size: 28,
    gap: 6,
    grid: { show: false },
    ticks: { stroke: colour("grid"), width: 1, size: 4 },
    values: (_plot, splits) => splits.map(clock),
  };
}

export function valueAxis(write: (value: number) => string): uPlot.Axis {
  return {
    scale: "y",
    stroke: colour("muted"),
    font: FONT,
    size: 56,
    gap: 6,
    space: 34,
    grid: { stroke: colour("grid"), width: 1 },
    ticks: { show: false },
    values: (_plot, splits) => splits.map((value: number | null) => (value === null ? "" : write(value))),
  };
}

export function timeScale(shown: () => Range | null): uPlot.Scale {
  return {
    time: false,
    range: (_plot, least: number | null, most: number | null) => {
      const range = shown();
      if (range !== null) return [range.from, range.to];
      // Ten seconds at least, so that a run that has just begun does not jump about.
      const from = (least ?? 0) <= 2 ? 0 : (least ?? 0);
      return [from, Math.max(most ?? 0, from + 10)];
    },
  };
}

/** A cursor that all charts share; dragging zooms, a double click shows all. */
export function cursor(moved: (index: number | null) => void): Partial<uPlot.Options> {
  return {
    cursor: {
      sync: { key: "swarm", setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: {
        dblclick: () => () => {
          part.value = null;
          return null;
        },
      },
    },
    hooks: {
      setCursor: [
        (plot) => {
          moved(plot.cursor.idx ?? null);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          part.value = { from: plot.posToVal(left, "x"), to: plot.posToVal(left + width, "x") };
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** 1, 2, 5, 10, 20 … from one value to another; only powers of ten where that would be many. */
export function logSplits(from: number, to: number): number[] {
  const splits: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    for (const digit of [1, 2, 5]) {
      const value = Number((digit * power).toPrecision(1));
      if (value >= from && value <= to) splits.push(value);
    }
  }
  const tens = splits.filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
  return splits.length > 9 && tens.length > 1 ? tens : splits;
}

/** The axis of a logarithmic scale. */
export function logAxis(write: (value: number) => string, grid: boolean): uPlot.Axis {
  return {
    ...valueAxis(write),
    grid: { show: grid, stroke: colour("grid"), width: 1 },
    splits: (_plot, _axis, from, to) => logSplits(from, to),
    filter: (_plot, splits) => splits,
  };
}

function label(context: CanvasRenderingContext2D, text: string, x: number, y: number, ink: string): void {
  const ratio = devicePixelRatio;
  context.save();
  context.setLineDash([]);
  context.font = FONT.replace("11", String(11 * ratio));
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.lineWidth = 4 * ratio;
  context.lineJoin = "round";
  context.strokeStyle = colour("surface");
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
  context.restore();
}

/** Draws marks as vertical lines with their texts as far as there is room, and bounds as horizontal ones. */
export function decorate(plot: uPlot, marks: readonly Mark[], bounds: readonly Bound[]): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const muted = colour("muted");
  const bad = colour("bad");
  const accent = colour("accent");
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 4 * ratio]);
  let free = bbox.left;
  for (const mark of marks) {
    const x = plot.valToPos(mark.t_s, "x", true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const ink = { threshold_failed: bad, note: accent }[mark.kind as string] ?? muted;
    ctx.strokeStyle = translucent(ink, 0.7);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const text = shorten(visible(markText(mark)), 28);
    ctx.font = FONT.replace("11", String(11 * ratio));
    const width = ctx.measureText(text).width;
    const left = Math.min(x + 4 * ratio, bbox.left + bbox.width - width);
    if (left < free) continue;
    free = left + width + 10 * ratio;
    label(ctx, text, left, bbox.top - 5 * ratio, ink);
  }
  for (const bound of bounds) {
    const y = plot.valToPos(bound.value, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = bad;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    label(ctx, visible(bound.label), bbox.left + 6 * ratio, y - 4 * ratio, bad);
  }
  ctx.restore();
}

/** How wide a chart is in its box. */
export function widthIn(box: HTMLElement): number {
  return Math.max(200, box.clientWidth);
}

/** Keeps a chart as wide as its box; returns what takes it away. */
export function keepWidth(plot: uPlot, box: HTMLElement, height: number): () => void {
  const observer = new ResizeObserver(() => {
    plot.setSize({ width: widthIn(box), height });
  });
  observer.observe(box);
  return () => {
    observer.disconnect();
    plot.destroy();
  };
}
