// From the form to what is said to the program, and back.
import { expect, it } from "vitest";
import { draftOf, entered, isChanged, otherFields, readPairs, taskPaths, toggleWord } from "./entered";
import { classInfo, form, taskInfo } from "./fixtures";
import type { SettingInfo } from "../types";

const forum = taskInfo("forum", 1, { set: { order: "random", wait: null, tasks: [taskInfo("read", 4)] } });
const classes = [
  classInfo("Buyer", [taskInfo("buy", 2), forum], { weight: 3 }),
  classInfo("Seller", [taskInfo("sell", 1)]),
];

it("says again what it began with", () => {
  const options = {
    host: "http://a",
    users: "5",
    class: "Buyer",
    "weight-of": "Buyer=7",
    "stages-of": "Buyer=10@1m, 20@5m",
    "task-weight-of": "Buyer::forum::read=9",
  };
  const known = form(classes, options);
  expect(entered(known, draftOf(known)).options).toEqual(options);
});

it("says nothing of classes that are as declared", () => {
  const known = form(classes, { users: "5" });
  const draft = draftOf(known);
  const buyer = draft.classes["Buyer"];
  if (buyer === undefined) throw new Error("no draft of the class");
  expect(isChanged(classes[0] ?? classInfo("", []), { ...buyer, weight: "3" })).toBe(false);
  draft.classes["Buyer"] = { ...buyer, weight: "3", tasks: { buy: "2" } };
  expect(entered(known, draft).options).toEqual({ users: "5" });
});

it("says only the options of the load that is chosen; the others stay in the form", () => {
  const known = form(classes, { users: "5", "spawn-rate": "2", "max-users": "9" });
  const draft = draftOf(known);
  draft.options = { ...draft.options, rate: "30/s", stages: "1@1m" };
  expect(entered(known, { ...draft, load: "rate" }).options).toEqual({ rate: "30/s", "max-users": "9" });
  expect(entered(known, { ...draft, load: "users" }).options).toEqual({ users: "5", "spawn-rate": "2" });
});

it("finds the kind of load in what was entered", () => {
  const kind = (options: Record<string, string>): string => draftOf(form(classes, options)).load;
  expect(
    [{}, { stages: "1@1m" }, { rate: "3/s" }, { shape: "waves" }, { "find-limit": "p95 < 1s" }].map(kind),
  ).toEqual(["users", "stages", "rate", "shape", "limit"]);
});

it("asks for a class when none is chosen", () => {
  const known = form(classes);
  const draft = draftOf(known);
  for (const own of Object.values(draft.classes)) own.chosen = false;
  expect(entered(known, draft).options).toEqual({ class: "" });
});

it("sends a secret only when it was typed, and other settings only when they differ", () => {
  const setting = (key: string, rest: Partial<SettingInfo>): SettingInfo => ({
    key,
    name: key,
    group: "shop",
    doc: "",
    flag: key,
    kind: "one",
    secret: false,
    required: false,
    is_set: true,
    value: null,
    default: null,
    ...rest,
  });
  const known = {
    ...form(classes),
    settings: [setting("password", { secret: true }), setting("name", { value: "demo" })],
  };
  const draft = draftOf(known);
  const said = (settings: Record<string, string>): object => entered(known, { ...draft, settings }).settings;
  expect(said({ password: "", name: "demo", unknown: "x" })).toEqual({});
  expect(said({ password: "secret", name: "" })).toEqual({ password: "secret", name: "" });
  // They stay for the next test, the secret does not.
  expect(draftOf(known, { password: "secret", name: "Zoë", gone: "x" }).settings).toEqual({ name: "Zoë" });
});

it("reads pairs, of which a value may have commas", () => {
  expect([...readPairs("A=10@1m, 20@5m,B=5@1m")]).toEqual([
    ["A", "10@1m, 20@5m"],
    ["B", "5@1m"],
  ]);
  expect([...readPairs("")]).toEqual([]);
});

it("knows tasks by their path", () => {
  const paths = taskPaths(classes[0]?.tasks ?? []);
  expect(paths.map(({ path, depth }) => [path, depth])).toEqual([
    ["buy", 0],
    ["forum", 0],
    ["forum::read", 1],
  ]);
});

it("leaves only options without a place of their own to the advanced ones", () => {
  const field = (
    name: string,
  ): { name: string; help: string; default: null; heading: string; switch: boolean } => ({
    name,
    help: "",
    default: null,
    heading: "Client",
    switch: false,
  });
  const others = otherFields({ ...form(classes), fields: [field("users"), field("timeout")] });
  expect([...others].map(([heading, fields]) => [heading, fields.map(({ name }) => name)])).toEqual([
    ["Client", ["timeout"]],
  ]);
});

it("adds and takes words of a list", () => {
  expect([toggleWord(undefined, "a"), toggleWord("a, b", "a"), toggleWord("b", "a")]).toEqual([
    "a",
    "b",
    "b,a",
  ]);
});
