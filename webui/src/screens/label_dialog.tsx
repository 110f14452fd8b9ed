// The dialog that names a finished run, notes something of it, or deletes it.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { attempt, FormDialog } from "../components/form_dialog";
import { Text } from "../components/text";
import { deleteRun, label, nameOf } from "../store/history";

export type Labelled = {
  id: string;
  /** What it is called; null if its file can't be read. */
  run: { name: string | null; notes: string | null } | null;
  problem: string | null;
};
type Props = { listed: Labelled; onClose: () => void; onDeleted?: () => void };

export function LabelDialog({ listed, onClose, onDeleted }: Props): JSX.Element {
  const { id, run, problem } = listed;
  const name = useSignal(run?.name ?? "");
  const notes = useSignal(run?.notes ?? "");
  const error = useSignal<string | null>(null);
  const deleting = useSignal(false);
  const remove = (
    <button
      type="button"
      class={deleting.value ? "danger" : "quiet"}
      onClick={() => {
        error.value = deleting.value ? null : `Delete ${nameOf(listed)} for good?`;
        deleting.value = !deleting.value;
        if (deleting.value) return;
        const action = async (): Promise<void> => {
          await deleteRun(id);
          onDeleted?.();
        };
        void attempt(action, { error, onClose });
      }}
    >
      {deleting.value ? "Yes, delete it" : "Delete…"}
    </button>
  );
  return (
    <FormDialog
      title="Name and notes"
      submit={run === null ? null : "Save"}
      onSubmit={async () => label(id, { name: name.value, notes: notes.value })}
      onClose={onClose}
      error={error}
      errorId="label-error"
      actions={remove}
    >
      <p class="quiet-text">
        Run {id}
        {problem !== null && <Text value={`: ${problem}`} whole />}
      </p>
      {run !== null && (
        <>
          <div class="field">
            <label for="label-name">Name</label>
            <input
              id="label-name"
              value={name.value}
              maxLength={100}
              autoFocus
              aria-describedby="label-name-help label-error"
              onInput={({ currentTarget }) => {
                name.value = currentTarget.value;
              }}
            />
            <span class="field-help" id="label-name-help">
              Runs with a name are kept longer; several may have the same.
            </span>
          </div>
          <div class="field">
            <label for="label-notes">Notes</label>
            <textarea
              id="label-notes"
              rows={5}
              value={notes.value}
              maxLength={4000}
              onInput={({ currentTarget }) => {
                notes.value = currentTarget.value;
              }}
            />
          </div>
        </>
      )}
    </FormDialog>
  );
}
