// Logging in and out.
import { signal } from "@preact/signals";
import type { Credentials } from "../types";
import { trouble } from "./actions";
import { asked } from "./asked";
import { client, reason } from "./client";

/** Why the last login failed. */
export const loginRefused = signal<string | null>(null);

export async function logIn(credentials: Credentials): Promise<boolean> {
  loginRefused.value = null;
  try {
    await client.logIn(credentials);
  } catch (error) {
    // Without the help, which is for programs.
    loginRefused.value = error instanceof Error ? error.message : reason(error);
    return false;
  }
  trouble.value = null;
  asked.value = null;
  return true;
}

export async function logOut(): Promise<void> {
  try {
    await client.logOut();
    // Nothing of what was seen is kept.
    location.reload();
  } catch (error) {
    trouble.value = reason(error);
  }
}

/** The token in an address as the program prints it: `/login#token=…`. */
export function tokenIn(hash: string): string | null {
  return new URLSearchParams(hash.slice(1)).get("token");
}

/** Logs in with the token in the address, if there is one, and takes it out of there at once. */
export async function logInByAddress(): Promise<void> {
  const token = tokenIn(location.hash);
  if (token !== null) {
    history.replaceState(null, "", "./");
    await logIn({ token });
  } else if (location.pathname.endsWith("/login")) {
    history.replaceState(null, "", `./${location.hash}`);
  }
}
