// The colours of the style sheet, for what is painted on a canvas.

export type Colour =
  "accent" | "bad" | "warn" | "good" | "muted" | "line" | "grid" | "text" | "surface" | "second";

/** The present value of a colour. */
export function colour(name: Colour): string {
  const probe = document.createElement("span");
  probe.className = `probe-${name}`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** The same, let through. */
export function translucent(value: string, opacity: number): string {
  const parts = value.match(/[\d.]+/g) ?? [];
  const [red = "0", green = "0", blue = "0"] = parts;
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}
