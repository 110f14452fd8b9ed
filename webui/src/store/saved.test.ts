import { expect, it } from "vitest";
import { point, report } from "./fixtures";
import { connected, live } from "./live";
import { environment, loadText, parameters } from "./parameters";
import { openSaved, saved } from "./saved";
import type { Report } from "../types";

const run = {
  host: "http://shop",
  load: { users: 100, spawn_rate: 2.5 },
  classes: [
    { name: "Buyer", weight: 3, fixed_count: 0, load: null, task_weights: {} },
    { name: "Admin", weight: 1, fixed_count: 2, load: null, task_weights: {} },
    { name: "Feed", weight: 1, fixed_count: 0, load: { rate: 5 }, task_weights: {} },
  ],
  task_filter: { tags: ["reading"], exclude_tags: [], equal_weights: false },
  client: {
    timeout_s: 60,
    connect_timeout_s: 10,
    http: "auto",
    max_body: 1e6,
    insecure: true,
    allow_hosts: [],
  },
  find_limit: null,
  run_time_s: 90,
  warmup_s: 0,
  iterations: null,
  user_iterations: null,
  stop_timeout_s: 5,
  seed: 7,
  count_logins: false,
  started_at: "2026-11-25T18:00:00.000Z",
  ended_at: "2026-11-25T18:01:30.000Z",
  measured_from_s: 2,
  duration_s: 88,
} as unknown as Report["run"];

it("a page without a result of its own asks its program", () => {
  expect(openSaved(undefined)).toBe(false);
  expect(openSaved(null)).toBe(false);
  expect(saved.value).toBeNull();
  expect(connected.value).toBeNull();
});

it("a result that came with the page is a run that is over", () => {
  const marks = [
    { t_s: 1, kind: "spawning_complete", text: "all are there" },
    { t_s: 90, kind: "stopping", text: "the run time was over" },
  ];
  const kept = report({ run, marks: marks as Report["marks"], history: [point(1), point(90.5)] });
  const left_out = { requests: 3, tasks: 0, failures: 0, exceptions: 0 };
  expect(openSaved(JSON.stringify({ report: kept, left_out }))).toBe(true);
  expect(saved.value).toEqual(left_out);
  expect(connected.value).toBe(true);
  expect(live.value).toMatchObject({
    run: 1,
    state: "stopped",
    elapsed_s: 90.5,
    why: "the run time was over",
  });
  expect(live.value.report).toEqual(kept);
});

it("what was asked of a run is told in words", () => {
  const facts = new Map(parameters(run));
  expect(facts.get("Load")).toBe("100 users, 2.50 more each second");
  expect(facts.get("Classes")).toBe("Buyer (weight 3), Admin (2 users), Feed (5.00 iterations/s)");
  expect(facts.get("Only tasks tagged")).toBe("reading");
  expect(facts.get("Run time")).toBe("1m30s");
  expect(facts.get("TLS certificates")).toBe("any are accepted");
  for (const unsaid of ["Warm-up", "Iterations", "Hosts allowed", "No tasks tagged", "Has to keep"]) {
    expect(facts.has(unsaid), unsaid).toBe(false);
  }
  const search = { criteria: ["p95 < 250ms"], unit: "iterations/s", expected: { at_least: 200 } };
  const found = new Map(parameters({ ...run, find_limit: search } as unknown as Report["run"]));
  expect(found.get("Load")).toBe("a search for the limit, in iterations/s");
  expect(found.get("Expected limit")).toBe("200 iterations/s");
  expect(loadText({ stages: "10@1m" })).toBe("10@1m");
});

it("what the system does not tell of the generator is not shown", () => {
  const health = { cpu: 0.5, cpu_max: null, steal_max: null, lag_ms: 1.5, bad_seconds: 1, seconds: 90 };
  const outcome = { health } as unknown as Report["outcome"];
  const facts = new Map(environment(report({ run, outcome, swarm: "0.1.0" })));
  expect(facts.get("CPU used")).toBe("50.0 %");
  expect(facts.get("Bad seconds")).toBe("1 of 90");
  expect(facts.has("CPU used, at most")).toBe(false);
});
