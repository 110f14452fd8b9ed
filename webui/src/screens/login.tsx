// The login: what one needs to see anything.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Logo } from "../components/icons";
import { logIn, loginRefused } from "../store/login";
import type { LoginKind } from "../types";
import { ThemeSwitch } from "./theme_switch";

export function LoginScreen({ kind }: { kind: LoginKind }): JSX.Element {
  const form = useRef<HTMLFormElement>(null);
  const busy = useSignal(false);
  useEffect(() => {
    form.current?.querySelector("input")?.focus();
  }, [kind]);
  // From the form, not from what was typed: a password manager may fill it in without a word.
  const send = async (element: HTMLFormElement): Promise<void> => {
    const values = new FormData(element);
    const text = (name: string): string => {
      const value = values.get(name);
      return typeof value === "string" ? value : "";
    };
    busy.value = true;
    const done = await logIn(
      kind === "token"
        ? { token: text("token").trim() }
        : { user: text("username"), password: text("password") },
    );
    busy.value = false;
    if (done) return;
    const secret = element.querySelector<HTMLInputElement>("input[type=password]");
    secret?.focus();
    secret?.select();
  };
  return (
    <main id="screen" tabIndex={-1}>
      <form
        ref={form}
        class="part login"
        method="post"
        action="login"
        aria-labelledby="login-title"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy.value) void send(event.currentTarget);
        }}
      >
        <h1 id="login-title">Log in</h1>
        {kind === "token" ? (
          <Field name="token" label="Token" secret complete="off">
            The program printed an address with it when it started.
          </Field>
        ) : (
          <>
            <Field name="username" label="User" complete="username" />
            <Field name="password" label="Password" secret complete="current-password" />
          </>
        )}
        <p class="field-error" id="login-error" role="alert">
          {loginRefused.value}
        </p>
        <button type="submit" class="primary big" aria-disabled={busy.value}>
          {busy.value ? "One moment…" : "Log in"}
        </button>
      </form>
    </main>
  );
}

/** What of the head those see who are not logged in. */
export function ClosedHeader(): JSX.Element {
  return (
    <header class="top">
      <div class="top-row">
        <span class="brand">
          <Logo />
          <span class="brand-name">swarm</span>
        </span>
        <span class="host" />
        <ThemeSwitch />
      </div>
    </header>
  );
}

type FieldProps = {
  name: string;
  label: string;
  complete: "off" | "username" | "current-password";
  secret?: boolean;
  children?: string;
};

function Field({ name, label, complete, secret = false, children }: FieldProps): JSX.Element {
  const id = `login-${name}`;
  const attributes = {
    id,
    name,
    autoComplete: complete,
    autoCapitalize: "none",
    spellcheck: false,
    required: true,
    "aria-describedby": `${id}-help login-error`,
    "aria-invalid": loginRefused.value !== null,
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {secret ? <input type="password" {...attributes} /> : <input type="text" {...attributes} />}
      <span class="field-help" id={`${id}-help`}>
        {children}
      </span>
    </div>
  );
}
