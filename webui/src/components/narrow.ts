// Whether the page is as narrow as a phone.
import { signal } from "@preact/signals";

const query = matchMedia("(width <= 720px)");

export const narrow = signal(query.matches);

query.addEventListener("change", ({ matches }) => {
  narrow.value = matches;
});
