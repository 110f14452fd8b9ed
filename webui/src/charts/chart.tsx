// A chart of lines over time.
import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { clock, tick } from "../format";
import { alone, thin, within, type Values } from "../store/thin";
import { colours } from "../store/theme";
import type { Mark } from "../types";
import { colour, translucent, type Colour } from "./colours";
import { ChartFrame } from "./frame";
import {
  cursor,
  decorate,
  keepWidth,
  logAxis,
  timeAxis,
  timeScale,
  valueAxis,
  widthIn,
  type Bound,
} from "./plot";
import { logarithmic, part as partShown, rangeOf } from "./range";

/** One line: how it looks, and its value at a point. */
export type Line<Point> = {
  label: string;
  colour: Colour;
  value: (point: Point) => number | null;
  width?: number;
  dash?: number[];
  /** Opacity of the area down to the axis. */
  fill?: number;
  /** The line below which an area reaches to, by its place, and the area's opacity. */
  band?: [number, number];
  /** Stays where it was until the next point. */
  steps?: boolean;
  opacity?: number;
};

/** What says in the legend how a line is drawn. */
function look(dash: Line<never>["dash"], band: Line<never>["band"]): string {
  if (band !== undefined) return `band-${band[0]}`;
  return dash === undefined ? "" : "dashed";
}

type Props<Point> = {
  title: string;
  unit: string;
  points: readonly Point[];
  lines: Line<Point>[];
  write: (value: number | null) => string;
  marks: readonly Mark[];
  bounds?: readonly Bound[];
  /** Whether it may be drawn on a logarithmic scale. */
  spread?: boolean;
  /** How far the axis reaches at least. */
  reach?: number;
  summary: string;
  tools?: ComponentChildren;
};

const HEIGHT = 220;
const TABLE_ROWS = 120;

export function Chart<Point extends { t_s: number }>(props: Props<Point>): JSX.Element {
  const {
    title,
    unit,
    points,
    lines,
    write,
    marks,
    bounds = [],
    spread = false,
    reach = 0,
    summary,
    tools,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const hidden = useSignal<ReadonlySet<string>>(new Set());
  const at = useSignal<number | null>(null);
  const chosen = partShown.value;
  const now = points.at(-1)?.t_s ?? 0;
  const shown = useMemo(() => rangeOf(chosen, now), [chosen, now]);
  const data = useMemo(() => {
    const part = within(points, shown);
    const all = { times: part.map(({ t_s }) => t_s), lines: lines.map(({ value }) => part.map(value)) };
    return thin(all, 1400);
    // The lines of a chart are always the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [points, shown]);
  const drawn = useRef({ marks, bounds, shown });
  drawn.current = { marks, bounds, shown };
  const log = spread && logarithmic.value;
  const theme = colours.value;

  // Not after the next frame: what is printed has none.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const shared = cursor((index) => {
      at.value = index;
    });
    const made = new uPlot(
      {
        ...shared,
        width: widthIn(element),
        height: HEIGHT,
        padding: [22, 12, 0, 0],
        legend: { show: false },
        scales: {
          x: timeScale(() => drawn.current.shown),
          y: yScale(log, reach, () => drawn.current.bounds),
        },
        axes: [timeAxis(), log ? logAxis(tick, true) : valueAxis(tick)],
        series: [{}, ...lines.map((line) => series(line, hidden.peek().has(line.label)))],
        bands: bandsOf(lines),
        hooks: {
          ...shared.hooks,
          draw: [
            (finished) => {
              decorate(finished, drawn.current.marks, drawn.current.bounds);
            },
          ],
        },
      },
      uplotData(data.times, data.lines),
      element,
    );
    plot.current = made;
    const remove = keepWidth(made, element, HEIGHT);
    return () => {
      remove();
      plot.current = null;
    };
    // Made anew for another look; data comes by the next effect.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [theme, log]);

  useEffect(() => {
    plot.current?.setData(uplotData(data.times, data.lines), true);
  }, [data, marks]);

  useSignalEffect(() => {
    const off = hidden.value;
    lines.forEach(({ label }, index) => {
      plot.current?.setSeries(index + 1, { show: !off.has(label) });
    });
  });

  const last = data.times.findLastIndex((time) => shown === null || time <= shown.to);
  const index = at.value ?? last;
  const legend = lines.map(({ label, colour: ink, dash, band }, place) => ({
    label,
    swatch: `probe-${ink} ${look(dash, band)}`,
    value: write(valueNear(data.lines[place], index)),
    on: !hidden.value.has(label),
    toggle: () => {
      const next = new Set(hidden.value);
      if (!next.delete(label)) next.add(label);
      hidden.value = next;
    },
  }));
  const table = (): { heads: string[]; rows: string[][] } => {
    const few = thin({ times: data.times, lines: data.lines }, TABLE_ROWS);
    return {
      heads: ["Time", ...lines.map(({ label }) => label)],
      rows: few.times.map((time, row) => [clock(time), ...few.lines.map((line) => write(line[row] ?? null))]),
    };
  };
  return (
    <ChartFrame
      {...{ title, unit, summary, legend, table }}
      tools={
        <>
          {tools}
          <Moment times={data.times} index={at.value} />
        </>
      }
    >
      <div class="plot" ref={box} aria-hidden="true" />
    </ChartFrame>
  );
}

function Moment({ times, index }: { times: number[]; index: number | null }): JSX.Element {
  const time = index === null ? undefined : times[index];
  return <span class="moment">{time === undefined ? "" : `at ${clock(time)}`}</span>;
}

function valueNear(line: Values | undefined, index: number): number | null {
  return line?.[index] ?? null;
}

function uplotData(times: number[], lines: Values[]): uPlot.AlignedData {
  return [times, ...lines];
}

function series<Point>(line: Line<Point>, hidden: boolean): uPlot.Series {
  const ink = colour(line.colour);
  const steps = line.steps === true ? uPlot.paths.stepped?.({ align: -1 }) : undefined;
  return {
    label: line.label,
    scale: "y",
    show: !hidden,
    stroke: translucent(ink, line.opacity ?? 1),
    width: line.width ?? 1.75,
    points: { show: true, size: 5, fill: ink, filter: (plot, place) => alone(plot.data[place] ?? []) },
    ...(line.dash === undefined ? {} : { dash: line.dash }),
    ...(line.fill === undefined ? {} : { fill: translucent(ink, line.fill) }),
    ...(steps === undefined ? {} : { paths: steps }),
  };
}

function bandsOf<Point>(lines: Line<Point>[]): uPlot.Band[] {
  return lines.flatMap(({ band, colour: ink }, index) =>
    band === undefined ? [] : [{ series: [index + 1, band[0] + 1], fill: translucent(colour(ink), band[1]) }],
  );
}

function yScale(log: boolean, reach: number, bounds: () => readonly Bound[]): uPlot.Scale {
  if (log) {
    const range = (_plot: uPlot, least: number | null, most: number | null): [number, number] => {
      const low = least === null || least <= 0 ? 0.1 : least;
      return [low / 1.15, Math.max(most ?? 0, low * 10) * 1.25];
    };
    return { distr: 3, log: 10, range };
  }
  return {
    range: (_plot, least: number | null, most: number | null) => {
      // A bound is shown when the figures are anywhere near it.
      const near = bounds().filter(({ value }) => value <= 3 * (most ?? 0));
      const top = Math.max(reach, most ?? 0, ...near.map(({ value }) => value * 1.1));
      const bottom = Math.min(0, least ?? 0) * 1.06;
      return [bottom, top === 0 && bottom === 0 ? 1 : top * 1.06];
    },
  };
}
