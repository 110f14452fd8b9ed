// The heat map of response times: over time, and by how long they took, how many requests there were.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { clock, count, millis, tick } from "../format";
import { bucketStart, heatColumns, within, type Heat } from "../store/thin";
import { colours } from "../store/theme";
import type { Mark } from "../types";
import { colour, translucent } from "./colours";
import { ChartFrame } from "./frame";
import { cursor, decorate, keepWidth, logAxis, timeAxis, timeScale, widthIn } from "./plot";
import { part, rangeOf } from "./range";

type Point = { t_s: number; heat: readonly (readonly number[])[] };
type Props = { points: readonly Point[]; marks: readonly Mark[] };

const HEIGHT = 240;
const COLUMNS = 300;

/** The lowest and highest bucket, and the highest count. */
function extent(columns: Heat[]): { low: number; high: number; most: number } | null {
  let [low, high, most] = [Infinity, -Infinity, 0];
  for (const { buckets } of columns) {
    for (const [bucket, requests] of buckets) {
      low = Math.min(low, bucket);
      high = Math.max(high, bucket);
      most = Math.max(most, requests);
    }
  }
  return most === 0 ? null : { low, high, most };
}

function paint(plot: uPlot, columns: Heat[]): void {
  const bounds = extent(columns);
  if (bounds === null) return;
  const { ctx, bbox } = plot;
  const ink = colour("accent");
  const scale = Math.log1p(bounds.most);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { from, to, buckets } of columns) {
    const left = Math.round(plot.valToPos(from, "x", true));
    const right = Math.round(plot.valToPos(to, "x", true));
    for (const [bucket, requests] of buckets) {
      const bottom = Math.round(plot.valToPos(bucketStart(bucket), "y", true));
      const top = Math.round(plot.valToPos(bucketStart(bucket + 1), "y", true));
      ctx.fillStyle = translucent(ink, 0.12 + (0.88 * Math.log1p(requests)) / scale);
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, bottom - top));
    }
  }
  ctx.restore();
}

/** What is under the cursor, in words. */
function under(plot: uPlot, columns: Heat[]): string {
  const { left, top } = plot.cursor;
  if (left == null || top == null || left < 0 || top < 0) return "";
  const [time, took] = [plot.posToVal(left, "x"), plot.posToVal(top, "y")];
  const column = columns.find(({ from, to }) => time > from && time <= to);
  if (column === undefined) return "";
  const bucket = Math.floor(4 * Math.log2(took * 1000));
  const requests = column.buckets.get(bucket) ?? 0;
  const bucketText = `${millis(bucketStart(bucket))} to ${millis(bucketStart(bucket + 1))} ms`;
  return `${clock(column.to)}, ${bucketText}: ${count(requests)}`;
}

export function HeatMap({ points, marks }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const pointed = useSignal("");
  const chosen = part.value;
  const now = points.at(-1)?.t_s ?? 0;
  const shown = useMemo(() => rangeOf(chosen, now), [chosen, now]);
  const columns = useMemo(() => heatColumns(within(points, shown), COLUMNS), [points, shown]);
  const drawn = useRef({ columns, marks, shown });
  drawn.current = { columns, marks, shown };
  const theme = colours.value;

  // Not after the next frame: what is printed has none.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const shared = cursor(() => undefined);
    const made = new uPlot(
      {
        ...shared,
        width: widthIn(element),
        height: HEIGHT,
        padding: [22, 12, 0, 0],
        legend: { show: false },
        scales: {
          x: timeScale(() => drawn.current.shown),
          y: {
            distr: 3,
            log: 10,
            range: () => {
              const bounds = extent(drawn.current.columns);
              return bounds === null
                ? [0.1, 1000]
                : [bucketStart(bounds.low - 1), bucketStart(Math.max(bounds.high + 2, bounds.low + 12))];
            },
          },
        },
        axes: [timeAxis(), logAxis(tick, false)],
        series: [{}, { scale: "y", show: true, points: { show: false }, stroke: "transparent" }],
        hooks: {
          ...shared.hooks,
          setCursor: [
            (moved) => {
              pointed.value = under(moved, drawn.current.columns);
            },
          ],
          drawClear: [
            (cleared) => {
              paint(cleared, drawn.current.columns);
            },
          ],
          draw: [
            (finished) => {
              decorate(finished, drawn.current.marks, []);
            },
          ],
        },
      },
      dataOf(drawn.current.columns),
      element,
    );
    plot.current = made;
    const remove = keepWidth(made, element, HEIGHT);
    return () => {
      remove();
      plot.current = null;
    };
  }, [theme, pointed]);

  useEffect(() => {
    plot.current?.setData(dataOf(columns), true);
  }, [columns, marks]);

  const bounds = extent(columns);
  const summary =
    bounds === null
      ? "No response times yet."
      : `Response times lie between ${millis(bucketStart(bounds.low))} and ${millis(bucketStart(bounds.high + 1))} ms; the darkest cell holds ${count(bounds.most)} requests.`;
  return (
    <ChartFrame
      title="Response times, all of them"
      unit="ms, logarithmic"
      summary={summary}
      legend={[]}
      tools={<span class="moment">{pointed.value}</span>}
      table={() => heatTable(columns)}
    >
      <div class="plot" ref={box} aria-hidden="true" />
    </ChartFrame>
  );
}

/** Values that only place the axes: the cells are painted. */
function dataOf(columns: Heat[]): uPlot.AlignedData {
  return [columns.map(({ to }) => to), columns.map(() => null)];
}

function heatTable(columns: Heat[]): { heads: string[]; rows: string[][] } {
  const size = Math.max(1, Math.ceil(columns.length / 100));
  const few = columns.filter((_, index) => index % size === 0);
  const rows = few.map(({ to, buckets }) => {
    const all = [...buckets.values()].reduce((sum, requests) => sum + requests, 0);
    const [most = null] = [...buckets].sort(([, a], [, b]) => b - a);
    const usual =
      most === null ? "" : `${millis(bucketStart(most[0]))} to ${millis(bucketStart(most[0] + 1))}`;
    const low = buckets.size === 0 ? "" : millis(bucketStart(Math.min(...buckets.keys())));
    const high = buckets.size === 0 ? "" : millis(bucketStart(Math.max(...buckets.keys()) + 1));
    return [clock(to), count(all), low, usual, high];
  });
  return { heads: ["Time", "Requests", "From, ms", "Most took, ms", "To, ms"], rows };
}
