// What can be done to a run, with what went wrong last.
import { signal } from "@preact/signals";
import { client, reason } from "./client";
import { announcement } from "./live";

/** What went wrong with the last action. */
export const trouble = signal<string | null>(null);

async function act(action: () => Promise<unknown>, done: string): Promise<boolean> {
  trouble.value = null;
  try {
    await action();
  } catch (error) {
    trouble.value = reason(error);
    return false;
  }
  announcement.value = done;
  return true;
}

export const stop = async (now: boolean): Promise<boolean> =>
  act(async () => client.stop(now), now ? "stopping at once" : "stopping");
export const reset = async (): Promise<boolean> => act(async () => client.reset(), "figures were reset");
