// The curve of a search for a limit: response time and throughput by load.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { figure, millis, tick } from "../format";
import { colours } from "../store/theme";
import type { Capacity, LevelEntry } from "../types";
import { colour } from "./colours";
import { ChartFrame } from "./frame";
import { valueAxis } from "./plot";

const HEIGHT = 280;

/** The levels by load; of those that were held twice, both. */
function byLoad({ levels }: Capacity): LevelEntry[] {
  return [...levels].sort((a, b) => a.offered - b.offered);
}

function paintPoints(plot: uPlot, levels: readonly LevelEntry[]): void {
  const { ctx } = plot;
  const [good, bad] = [colour("good"), colour("bad")];
  ctx.save();
  for (const { offered, p95, passed } of levels) {
    if (p95 == null) continue;
    ctx.fillStyle = passed ? good : bad;
    ctx.beginPath();
    const radius = 5 * devicePixelRatio;
    const [x, y] = [plot.valToPos(offered, "x", true), plot.valToPos(p95, "y", true)];
    if (passed) ctx.arc(x, y, radius, 0, 2 * Math.PI);
    else ctx.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    ctx.fill();
  }
  ctx.restore();
}

export function CapacityCurve({ capacity }: { capacity: Capacity }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const levels = useMemo(() => byLoad(capacity), [capacity]);
  const drawn = useRef(levels);
  drawn.current = levels;
  const theme = colours.value;

  // Not after the next frame: what is printed has none.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const line = (name: "accent" | "second"): uPlot.Series => ({
      stroke: colour(name),
      width: 1.75,
      points: { show: name === "second", size: 6, fill: colour(name) },
    });
    const made = new uPlot(
      {
        width: Math.max(200, element.clientWidth),
        height: HEIGHT,
        padding: [16, 12, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: (_plot, _low, high: number | null) => [0, (high ?? 1) * 1.05] },
          y: { range: (_plot, _low, high: number | null) => [0, (high ?? 1) * 1.1] },
          throughput: { range: (_plot, _low, high: number | null) => [0, (high ?? 1) * 1.1] },
        },
        axes: [
          { ...valueAxis(tick), scale: "x", size: 28, space: 70 },
          valueAxis(tick),
          { ...valueAxis(tick), scale: "throughput", side: 1, grid: { show: false } },
        ],
        series: [
          {},
          { ...line("accent"), scale: "y" },
          { ...line("second"), scale: "throughput", dash: [5, 4] },
        ],
        hooks: {
          draw: [
            (finished) => {
              paintPoints(finished, drawn.current);
            },
          ],
        },
      },
      dataOf(drawn.current),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: Math.max(200, element.clientWidth), height: HEIGHT });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme]);

  useEffect(() => {
    plot.current?.setData(dataOf(levels), true);
  }, [levels]);

  const passed = levels.filter((level) => level.passed);
  const summary = `Over the load in ${capacity.unit}: ${passed.length} of ${levels.length} levels held (green circles), the others failed (red squares).`;
  const legend = [
    { label: "p95, ms (left)", swatch: "probe-accent", value: "", on: true },
    { label: "Achieved, iterations/s (right)", swatch: "probe-second dashed", value: "", on: true },
  ];
  const table = (): { heads: string[]; rows: string[][] } => ({
    heads: ["Offered", "p95, ms", "Achieved, iterations/s"],
    rows: levels.map(({ offered, p95, achieved }) => [figure(offered), millis(p95), figure(achieved)]),
  });
  return (
    <ChartFrame title="Load and response time" unit={capacity.unit} {...{ summary, legend, table }}>
      <div class="plot" ref={box} aria-hidden="true" />
    </ChartFrame>
  );
}

function dataOf(levels: readonly LevelEntry[]): uPlot.AlignedData {
  return [
    levels.map(({ offered }) => offered),
    levels.map(({ p95 }) => p95 ?? null),
    levels.map(({ achieved }) => achieved),
  ];
}
