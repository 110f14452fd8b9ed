// How often tasks are to be run, and how often they are, within their class or set.
import type { ClassEntry, TaskEntry } from "../types";

/** A task, or the head of a set, in a list of tasks. */
export type Ratio = {
  path: string;
  name: string;
  depth: number;
  isSet: boolean;
  /** Of a task its share among the tasks of its list, from 0 to 1, and of a set how often it is picked. */
  wanted: number;
  /** Share of the runs; null for a set, which is no row of its own, and before anything ran. */
  actual: number | null;
  runs: number;
  errors: number;
};

/** The list that a task or set stands in: the path of the set around it. */
function listOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("::")));
}

/** The tasks of a class as they are listed, each with its shares. */
export function ratios(entry: ClassEntry, rows: readonly TaskEntry[]): Ratio[] {
  const { shares } = entry;
  const entries = new Map(rows.filter((row) => row.class === entry.name).map((row) => [row.task, row]));
  // How long one stays in a set is its own affair, so tasks are compared with tasks.
  const tasks = Map.groupBy(
    shares.filter(({ is_set }) => !is_set),
    ({ task }) => listOf(task),
  );
  return shares.map(({ task: path, is_set: isSet, share }) => {
    const list = tasks.get(listOf(path)) ?? [];
    const plain = list.reduce((sum, other) => sum + other.share, 0);
    const runs = list.reduce((sum, other) => sum + (entries.get(other.task)?.runs ?? 0), 0);
    const row = entries.get(path);
    return {
      path,
      name: path.split("::").at(-1) ?? path,
      depth: path.split("::").length - 1,
      isSet,
      wanted: isSet || plain === 0 ? share : share / plain,
      actual: isSet || runs === 0 ? null : (row?.runs ?? 0) / runs,
      runs: row?.runs ?? 0,
      errors: row?.errors ?? 0,
    };
  });
}
