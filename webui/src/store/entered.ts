// The form of a new test: what stands in it, and what of that is said to the program.
import type { ClassInfo, Entered, Field, Form, SettingInfo, TaskInfo } from "../types";

/** The ways to say a load; each has options of its own. */
export const LOADS = ["users", "stages", "rate", "shape", "limit"] as const;
export type LoadKind = (typeof LOADS)[number];

const OF_LOAD: Record<LoadKind, readonly string[]> = {
  users: ["users", "spawn-rate"],
  stages: ["stages", "arrivals", "max-users"],
  rate: ["rate", "arrivals", "max-users"],
  shape: ["shape", "arrivals", "max-users"],
  limit: ["find-limit", "limit-by", "precision", "max-rate", "expect-limit", "max-users"],
};
const OF_CLASSES = ["class", "weight-of", "users-of", "stages-of", "rate-of", "task-weight-of"] as const;
/** Options that have a place of their own in the form. */
const PLACED = new Set<string>([
  ...Object.values(OF_LOAD).flat(),
  ...OF_CLASSES,
  ...["host", "run-time", "threshold", "tags", "exclude-tags"],
]);

/** How a class takes part: texts, as they stand in the fields; empty is "as declared". */
export type ClassDraft = {
  chosen: boolean;
  weight: string;
  fixed: string;
  /** A load of its own: stages or a rate. */
  load: string;
  /** Weights of tasks by path: `read`, `forum::read`. */
  tasks: Record<string, string>;
};

/** What stands in the form. */
export type Draft = {
  load: LoadKind;
  options: Record<string, string>;
  classes: Record<string, ClassDraft>;
  settings: Record<string, string>;
};

/** `A=3, B=2` and `A=10@1m, 20@5m, B=5@1m`: what is said of each class. */
export function readPairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  let last: string | null = null;
  for (const part of text.split(",")) {
    const at = part.indexOf("=");
    if (at >= 0) {
      last = part.slice(0, at).trim();
      pairs.set(last, part.slice(at + 1).trim());
    } else if (last !== null) {
      pairs.set(last, `${pairs.get(last) ?? ""},${part}`.trim());
    }
  }
  return pairs;
}

function writePairs(pairs: [string, string][]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(",");
}

/** Every task of a class with its path, those of sets behind their set. */
export function taskPaths(
  tasks: readonly TaskInfo[],
  before = "",
): { path: string; task: TaskInfo; depth: number }[] {
  return tasks.flatMap((task) => {
    const path = `${before}${task.name}`;
    const depth = before.split("::").length - 1;
    return [{ path, task, depth }, ...taskPaths(task.set?.tasks ?? [], `${path}::`)];
  });
}

const list = (text: string | undefined): string[] =>
  (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);

function kindOf(options: Record<string, string>): LoadKind {
  if ((options["find-limit"] ?? "") !== "") return "limit";
  return (["shape", "rate", "stages"] as const).find((name) => (options[name] ?? "") !== "") ?? "users";
}

/** The form as it stands when it is opened. Settings that were typed before stay, but for secrets: those are to be typed again. */
export function draftOf(form: Form, typed: Record<string, string> = {}): Draft {
  const { options } = form.entered;
  const open = form.settings.filter(({ key, secret }) => !secret && key in typed);
  const settings = {
    ...form.entered.settings,
    ...Object.fromEntries(open.map(({ key }) => [key, typed[key] ?? ""])),
  };
  const chosen = list(options["class"]);
  const of = (name: string): Map<string, string> => readPairs(options[name] ?? "");
  const [weights, fixed, stages, rates, tasks] = [
    of("weight-of"),
    of("users-of"),
    of("stages-of"),
    of("rate-of"),
    of("task-weight-of"),
  ];
  const drafts = form.classes.map(({ name, tasks: infos }): [string, ClassDraft] => {
    const changed = taskPaths(infos).flatMap(({ path }): [string, string][] => {
      const weight = tasks.get(`${name}::${path}`);
      return weight === undefined ? [] : [[path, weight]];
    });
    const draft = {
      chosen: chosen.length === 0 || chosen.includes(name),
      weight: weights.get(name) ?? "",
      fixed: fixed.get(name) ?? "",
      load: stages.get(name) ?? rates.get(name) ?? "",
      tasks: Object.fromEntries(changed),
    };
    return [name, draft];
  });
  const kept = Object.entries(options).filter(([name]) => !OF_CLASSES.some((known) => known === name));
  return {
    load: kindOf(options),
    options: Object.fromEntries(kept),
    classes: Object.fromEntries(drafts),
    settings,
  };
}

/** What stands in a field that differs from what was declared. */
function said(text: string, declared: string): boolean {
  return text.trim() !== "" && text.trim() !== declared;
}

/** What differs from the declared, class by class. */
export function isChanged(info: ClassInfo, draft: ClassDraft): boolean {
  return (
    said(draft.weight, String(info.weight)) ||
    said(draft.fixed, String(info.fixed_count)) ||
    draft.load.trim() !== "" ||
    taskPaths(info.tasks).some(({ path, task }) => said(draft.tasks[path] ?? "", String(task.weight)))
  );
}

function classOptions(classes: readonly ClassInfo[], drafts: Draft["classes"]): Record<string, string> {
  const taking = classes.flatMap((info) => {
    const draft = drafts[info.name];
    return draft?.chosen === true ? [{ info, draft }] : [];
  });
  const load = (isStages: boolean): [string, string][] =>
    taking
      .filter(({ draft }) => draft.load.trim() !== "" && draft.load.includes("@") === isStages)
      .map(({ info, draft }) => [info.name, draft.load.trim()]);
  const own: Record<string, [string, string][]> = {
    "weight-of": taking
      .filter(({ info, draft }) => said(draft.weight, String(info.weight)))
      .map(({ info, draft }) => [info.name, draft.weight.trim()]),
    "users-of": taking
      .filter(({ info, draft }) => said(draft.fixed, String(info.fixed_count)))
      .map(({ info, draft }) => [info.name, draft.fixed.trim()]),
    "stages-of": load(true),
    "rate-of": load(false),
    "task-weight-of": taking.flatMap(({ info, draft }) =>
      taskPaths(info.tasks)
        .filter(({ path, task }) => said(draft.tasks[path] ?? "", String(task.weight)))
        .map(({ path }): [string, string] => [`${info.name}::${path}`, (draft.tasks[path] ?? "").trim()]),
    ),
  };
  const options = Object.entries(own)
    .filter(([, pairs]) => pairs.length > 0)
    .map(([name, pairs]): [string, string] => [name, writePairs(pairs)]);
  const names = taking.map(({ info }) => info.name);
  if (names.length < classes.length) options.push(["class", names.join(",")]);
  return Object.fromEntries(options);
}

/** What is said to the program: options of other kinds of load stay in the form only. */
export function entered(form: Form, draft: Draft): Entered {
  const foreign = new Set(
    LOADS.filter((kind) => kind !== draft.load)
      .flatMap((kind) => OF_LOAD[kind])
      .filter((name) => !OF_LOAD[draft.load].includes(name)),
  );
  const plain = Object.entries(draft.options).filter(
    ([name, value]) => !foreign.has(name) && value.trim() !== "",
  );
  return {
    options: { ...Object.fromEntries(plain), ...classOptions(form.classes, draft.classes) },
    settings: Object.fromEntries(
      Object.entries(draft.settings).filter(([key, value]) => {
        const info = form.settings.find((setting) => setting.key === key);
        return info !== undefined && settingIsSaid(form, info, value);
      }),
    ),
  };
}

/** What a setting's field begins with; of a secret, nothing. */
export function settingStart(form: Form, info: SettingInfo): string {
  return info.secret ? "" : (form.entered.settings[info.key] ?? info.value ?? info.default ?? "");
}

function settingIsSaid(form: Form, info: SettingInfo, value: string): boolean {
  if (info.secret) return value !== "";
  return info.key in form.entered.settings || value !== (info.value ?? info.default ?? "");
}

/** Options without a place of their own, by their heading. */
export function otherFields(form: Form): Map<string, Field[]> {
  return Map.groupBy(
    form.fields.filter(({ name }) => !PLACED.has(name)),
    ({ heading }) => heading,
  );
}

/** Chosen words in a list, with one more or one less. */
export function toggleWord(text: string | undefined, word: string): string {
  const words = list(text);
  return (words.includes(word) ? words.filter((known) => known !== word) : [...words, word]).join(",");
}

export const words = list;
