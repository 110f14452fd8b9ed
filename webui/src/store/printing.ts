// Whether the page is being printed: then it is light, and tables have all their rows.
import { signal } from "@preact/signals";

export const printing = signal(false);

export function followPrinting(): void {
  addEventListener("beforeprint", () => {
    printing.value = true;
  });
  addEventListener("afterprint", () => {
    printing.value = false;
  });
}
