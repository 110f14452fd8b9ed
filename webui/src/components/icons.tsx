// The few pictures of the page.
import type { JSX } from "preact";

const PATHS = {
  sun: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12 1v3M12 20v3M4.2 4.2l2.1 2.1M17.7 17.7l2.1 2.1M1 12h3M20 12h3M4.2 19.8l2.1-2.1M17.7 6.3l2.1-2.1",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  system: "M3 4h18v12H3zM8 20h8M12 16v4",
  up: "M12 19V6M6 11l6-6 6 6",
  down: "M12 5v13M6 13l6 6 6-6",
  left: "M19 12H6M11 6l-6 6 6 6",
  columns: "M4 5h16v14H4zM9.3 5v14M14.6 5v14",
  close: "M6 6l12 12M18 6L6 18",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  warning: "M12 3.5L22 20H2zM12 10v4M12 17v.5",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  leave: "M10 4H4v16h6M15 7l5 5-5 5M9 12h11",
  stop: "M7 7h10v10H7z",
  reset: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4",
  flag: "M6 21V4M6 4h12l-3 4.5 3 4.5H6",
  history: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4M12 7.5V12l3 2",
  plus: "M12 5v14M5 12h14",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The sign of the program: a swarm. */
export function Logo(): JSX.Element {
  const dots: [number, number, number][] = [
    [6, 15, 2.6],
    [11.5, 9, 3.1],
    [18.5, 12.5, 2.7],
    [13, 17.5, 2.1],
    [18.5, 5.5, 1.8],
    [5, 7.5, 1.6],
    [19, 19, 1.5],
  ];
  return (
    <svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {dots.map(([x, y, r]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={r} />
      ))}
    </svg>
  );
}
