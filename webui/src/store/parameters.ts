// What was asked of a run, and where it ran, in words.
import { bytes, figure, length, percent, plural, time } from "../format";
import type { Load, Report, RunSpec } from "../types";

export type Fact = [name: string, value: string];

export function loadText(load: Load): string {
  if ("users" in load) {
    return `${plural(load.users, "user")}, ${figure(load.spawn_rate)} more each second`;
  }
  return "rate" in load ? `${figure(load.rate)} iterations/s` : load.stages;
}

function classText({ name, weight, fixed_count, load }: RunSpec["classes"][number]): string {
  if (load != null) return `${name} (${loadText(load)})`;
  return fixed_count > 0 ? `${name} (${plural(fixed_count, "user")})` : `${name} (weight ${weight})`;
}

/** What a run was told to do; what was left as it is when nothing is said stands there only where it tells something. */
export function parameters(run: Report["run"]): Fact[] {
  const { find_limit: search, task_filter: tasks, client } = run;
  const optional: [string, string | null | undefined | false][] = [
    ["Name", run.name],
    ["Notes", run.notes],
    ["Target", run.host],
    ["Load", search == null ? loadText(run.load) : `a search for the limit, in ${search.unit}`],
    ["Has to keep", search?.criteria.join(", ")],
    ["Expected limit", search?.expected != null && `${figure(search.expected.at_least)} ${search.unit}`],
    ["Run time", run.run_time_s == null ? "until it is stopped" : length(run.run_time_s)],
    ["Warm-up", run.warmup_s > 0 && length(run.warmup_s)],
    ["Iterations", run.iterations != null && figure(run.iterations)],
    ["Iterations of a user", run.user_iterations != null && figure(run.user_iterations)],
    ["Classes", run.classes.map(classText).join(", ")],
    ["Only tasks tagged", tasks.tags.join(", ")],
    ["No tasks tagged", tasks.exclude_tags.join(", ")],
    ["Weights", tasks.equal_weights && "all equal"],
    ["Time to end", length(run.stop_timeout_s)],
    ["Seed", String(run.seed)],
    ["Logins in the totals", run.count_logins && "yes"],
    ["Time of a request", `${length(client.timeout_s)} at most`],
    ["Time to connect", `${length(client.connect_timeout_s)} at most`],
    ["HTTP", client.http],
    ["Longest answer", bytes(client.max_body)],
    ["TLS certificates", client.insecure && "any are accepted"],
    ["Hosts allowed", client.allow_hosts.join(", ")],
  ];
  return optional.flatMap(([name, value]) => (value ? [[name, value] as Fact] : []));
}

/** When and with what it ran, and how the generator was. */
export function environment({ run, swarm, outcome }: Report): Fact[] {
  const { health } = outcome;
  const optional: [string, string | null][] = [
    ["Started", time(run.started_at)],
    ["Ended", time(run.ended_at)],
    ["Measured for", length(Math.round(run.duration_s * 10) / 10)],
    ["swarm", swarm],
    ["CPU used", health.cpu == null ? null : percent(health.cpu)],
    ["CPU used, at most", health.cpu_max == null ? null : percent(health.cpu_max)],
    ["CPU taken by others, at most", health.steal_max == null ? null : percent(health.steal_max)],
    ["Longest lag", `${figure(health.lag_ms)} ms`],
    ["Bad seconds", `${health.bad_seconds} of ${health.seconds}`],
  ];
  return optional.flatMap(([name, value]) => (value === null ? [] : [[name, value] as Fact]));
}
