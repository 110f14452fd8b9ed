// How often tasks are to be run, and how often they are, within their class or set.
import type { ClassInfo, RunSpec, TaskEntry, TaskInfo } from "../types";

/** A task, or the head of a set, in a list of tasks. */
export type Ratio = {
  path: string;
  name: string;
  depth: number;
  isSet: boolean;
  /** Of a task its share among the tasks of its list, from 0 to 1, and of a set how often it is picked; null where it can't be told beforehand. */
  wanted: number | null;
  /** Share of the runs; null for a set, which is no row of its own, and before anything ran. */
  actual: number | null;
  runs: number;
  errors: number;
};

type Weighted = { task: TaskInfo; path: string; weight: number };

function weightOf(
  task: TaskInfo,
  path: string,
  tags: readonly string[],
  spec: RunSpec,
  own: Record<string, number>,
): number {
  const { tags: only, exclude_tags: except, equal_weights } = spec.task_filter;
  const has = (list: readonly string[]): boolean => list.some((tag) => tags.includes(tag));
  if ((only.length > 0 && !has(only)) || has(except)) return 0;
  return equal_weights ? 1 : (own[path] ?? task.weight);
}

/** In the long run, how often each task follows from the transitions: the distribution that they leave as it is. */
function stationary(list: readonly Weighted[]): number[] | null {
  const place = new Map(list.map(({ task }, index) => [task.name, index]));
  let shares = list.map(() => 1 / list.length);
  for (let round = 0; round < 500; round += 1) {
    const next = list.map(() => 0);
    for (const [index, { task }] of list.entries()) {
      const all = task.transitions.reduce((sum, { weight }) => sum + weight, 0);
      if (all === 0) return null;
      for (const { task: to, weight } of task.transitions) {
        const at = place.get(to);
        if (at !== undefined) next[at] = (next[at] ?? 0) + ((shares[index] ?? 0) * weight) / all;
      }
    }
    // The mean of two rounds, so that a circle comes to rest too.
    shares = shares.map((share, index) => (share + (next[index] ?? 0)) / 2);
  }
  return shares;
}

function wantedShares(order: string, list: readonly Weighted[]): (number | null)[] {
  if (order === "markov") return stationary(list) ?? list.map(() => null);
  const weights = list.map(({ weight }) => (order === "sequential" ? Number(weight > 0) : weight));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (all === 0 ? 0 : weight / all));
}

/** The tasks of a class as they are listed, each with its shares. */
export function ratios(info: ClassInfo, spec: RunSpec, rows: readonly TaskEntry[]): Ratio[] {
  const own = spec.classes.find(({ name }) => name === info.name)?.task_weights ?? {};
  const entries = new Map(rows.filter((row) => row.class === info.name).map((row) => [row.task, row]));
  const gather = (
    tasks: readonly TaskInfo[],
    order: string,
    before: string,
    tags: string[],
    depth: number,
  ): Ratio[] => {
    const list = tasks.map((task) => {
      const path = `${before}${task.name}`;
      return { task, path, weight: weightOf(task, path, [...tags, ...task.tags], spec, own) };
    });
    const picked = wantedShares(order, list);
    const sum = (of: (index: number) => number): number =>
      list.reduce((total, { task }, index) => total + (task.set == null ? of(index) : 0), 0);
    // How long one stays in a set is its own affair, so tasks are compared with tasks.
    const plain = sum((index) => picked[index] ?? 0);
    const runs = sum((index) => entries.get(list[index]?.path ?? "")?.runs ?? 0);
    const wanted = list.map(({ task }, index) => {
      const share = picked[index] ?? null;
      return share === null || task.set != null || plain === 0 ? share : share / plain;
    });
    return list.flatMap(({ task, path }, index) => {
      const entry = entries.get(path);
      const head: Ratio = {
        path,
        name: task.name,
        depth,
        isSet: task.set != null,
        wanted: wanted[index] ?? null,
        actual: task.set != null || runs === 0 ? null : (entry?.runs ?? 0) / runs,
        runs: entry?.runs ?? 0,
        errors: entry?.errors ?? 0,
      };
      const { set } = task;
      return set == null
        ? [head]
        : [head, ...gather(set.tasks, set.order, `${path}::`, [...tags, ...task.tags], depth + 1)];
    });
  };
  return gather(info.tasks, info.order, "", [], 0);
}
