// The dialog that changes the load of a run, and nothing else of it.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { FormDialog } from "../components/form_dialog";
import { loadOf, textsOf, type LoadTexts } from "../store/load_texts";
import { announcement } from "../store/live";
import { client } from "../store/client";
import type { Load } from "../types";

const LABELS: Record<string, [string, string]> = {
  users: ["Users", "at the same time"],
  spawn_rate: ["Spawn rate", "users started, or stopped, per second"],
  rate: ["Rate", "iterations per second, as 300/s"],
  stages: ["Stages", "as 100@2m, 500@5m, 0@1m; from now on"],
};

export function EditLoad({ load, onClose }: { load: Load; onClose: () => void }): JSX.Element {
  // What was there when the dialog opened: updates come meanwhile.
  const texts = useSignal<LoadTexts>(textsOf(load));
  const error = useSignal<string | null>(null);
  const send = async (): Promise<void> => {
    const changed = loadOf(texts.value);
    if (typeof changed === "string") throw new Error(changed);
    await client.load(changed);
    announcement.value = "load changed";
  };
  return (
    <FormDialog
      title="Edit load"
      submit="Change load"
      onSubmit={send}
      onClose={onClose}
      error={error}
      errorId="load-error"
    >
      <p class="quiet-text">Run time, classes and all else stay as they are.</p>
      {Object.entries(texts.value).map(([name, value], index) => {
        const [label = name, help = ""] = LABELS[name] ?? [];
        return (
          <div class="field" key={name}>
            <label for={`load-${name}`}>{label}</label>
            <input
              id={`load-${name}`}
              value={value}
              autoFocus={index === 0}
              inputMode={name === "stages" || name === "rate" ? "text" : "decimal"}
              aria-describedby={`load-${name}-help load-error`}
              aria-invalid={error.value !== null}
              onInput={({ currentTarget }) => {
                texts.value = { ...texts.value, [name]: currentTarget.value };
                error.value = null;
              }}
            />
            <span class="field-help" id={`load-${name}-help`}>
              {help}
            </span>
          </div>
        );
      })}
    </FormDialog>
  );
}
