// The load of a run as people edit it, and back.
import type { Load } from "../types";

export type LoadTexts = { users: string; spawn_rate: string } | { rate: string } | { stages: string };

export function textsOf(load: Load): LoadTexts {
  if ("users" in load) return { users: String(load.users), spawn_rate: String(load.spawn_rate) };
  if ("rate" in load) return { rate: `${load.rate}/s` };
  return { stages: load.stages };
}

const PER: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** The load that was written, or why it can't be read. Stages are read by the program. */
export function loadOf(texts: LoadTexts): Load | string {
  if ("stages" in texts) return { stages: texts.stages };
  if ("rate" in texts) {
    const [, number = "", unit = "s"] = /^\s*(\d+(?:\.\d+)?)\s*(?:\/\s*([smh]))?\s*$/.exec(texts.rate) ?? [];
    return number === ""
      ? "a rate is written 300/s, 90/m or 10/h"
      : { rate: Number(number) / (PER[unit] ?? 1) };
  }
  const users = texts.users.trim();
  const spawnRate = Number(texts.spawn_rate);
  if (!/^\d+$/.test(users)) return "the number of users is a whole number";
  if (texts.spawn_rate.trim() === "" || !Number.isFinite(spawnRate) || spawnRate <= 0) {
    return "the spawn rate is a number above 0";
  }
  return { users: Number(users), spawn_rate: spawnRate };
}
