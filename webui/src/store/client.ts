// The requests that the page makes.
import { asked } from "./asked";
import type {
  Checked,
  Comparison,
  Credentials,
  Entered,
  Form,
  Label,
  Load,
  Problem,
  Runs,
  Saved,
  Start,
} from "../types";

/** An answer that is a problem, with what helps. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly help: string[],
  ) {
    super(message);
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "error" in value && typeof value.error === "string";
}

/** The value of a body, which may be empty or no JSON when something between us and the program answers. */
function read(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return { error: text.slice(0, 500) };
  }
}

async function ask(path: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new Refused("the program can't be reached", []);
  }
  const value = read(await response.text());
  if (response.ok) return value;
  // Nobody is logged in, or no longer.
  if (response.status === 401 && isProblem(value)) asked.value = value.login ?? null;
  if (isProblem(value)) throw new Refused(value.error, Array.isArray(value.help) ? value.help : []);
  throw new Refused(`the program answered with status ${response.status}`, []);
}

async function post(path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  return ask(path, signal === undefined ? init : { ...init, signal });
}

// The answers are what the API's description, from which the types were made, says.
export const client = {
  form: async (): Promise<Form> => (await ask("api/v1/form", {})) as Form,
  check: async (entered: Entered, signal: AbortSignal): Promise<Checked> =>
    (await post("api/v1/check", entered, signal)) as Checked,
  start: async (start: Start): Promise<unknown> => post("api/v1/start", start),
  load: async (load: Load): Promise<unknown> => post("api/v1/load", load),
  stop: async (now: boolean): Promise<unknown> => post("api/v1/stop", { now }),
  mark: async (text: string): Promise<unknown> => post("api/v1/marks", { text }),
  reset: async (): Promise<unknown> => post("api/v1/reset", {}),
  runs: async (): Promise<Runs> => (await ask("api/v1/runs", {})) as Runs,
  run: async (id: string): Promise<Saved> => (await ask(`api/v1/runs/${id}`, {})) as Saved,
  label: async (id: string, label: Label): Promise<unknown> => post(`api/v1/runs/${id}`, label),
  deleteRun: async (id: string): Promise<unknown> => ask(`api/v1/runs/${id}`, { method: "DELETE" }),
  compare: async (query: string): Promise<Comparison> =>
    (await ask(`api/v1/compare?${query}`, {})) as Comparison,
  logIn: async (credentials: Credentials): Promise<unknown> => post("login", credentials),
  logOut: async (): Promise<unknown> => post("logout", {}),
};

/** What went wrong, in a line. */
export function reason(error: unknown): string {
  if (error instanceof Refused) return [error.message, ...error.help].join("; ");
  return error instanceof Error ? error.message : String(error);
}
