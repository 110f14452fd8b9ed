// What the browser remembers from visit to visit: the theme, the columns.
import { effect, signal, type Signal } from "@preact/signals";

/** A signal that survives a reload; `read` says whether what was stored can be used. */
export function remembered<T>(key: string, initial: T, read: (value: unknown) => T | undefined): Signal<T> {
  const name = `swarm.${key}`;
  let value = initial;
  try {
    const stored = localStorage.getItem(name);
    if (stored !== null) value = read(JSON.parse(stored)) ?? initial;
  } catch {
    // Storage is off, or what is in it is not ours.
  }
  const kept = signal(value);
  effect(() => {
    const text = JSON.stringify(kept.value);
    try {
      localStorage.setItem(name, text);
    } catch {
      // It lasts as long as the page, then.
    }
  });
  return kept;
}
