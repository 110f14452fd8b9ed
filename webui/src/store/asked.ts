// The login that is asked for.
import { signal } from "@preact/signals";
import type { LoginKind } from "../types";

/** What one has to log in with; null for who is logged in, or need not be. */
export const asked = signal<LoginKind | null>(null);
