// The dialog that names a finished run, notes something of it, or deletes it.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Dialog } from "../components/dialog";
import { Text } from "../components/text";
import { reason } from "../store/client";
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
  const act = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
      onClose();
    } catch (wrong) {
      error.value = reason(wrong);
    }
  };
  return (
    <Dialog title="Name and notes" onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void act(async () => label(id, { name: name.value, notes: notes.value }));
        }}
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
        <p class="field-error" id="label-error" role="alert">
          {deleting.value ? `Delete ${nameOf(listed)} for good?` : error.value}
        </p>
        <footer class="dialog-foot">
          <button
            type="button"
            class={deleting.value ? "danger" : "quiet"}
            onClick={() => {
              if (!deleting.value) {
                deleting.value = true;
                return;
              }
              deleting.value = false;
              void act(async () => {
                await deleteRun(id);
                onDeleted?.();
              });
            }}
          >
            {deleting.value ? "Yes, delete it" : "Delete…"}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          {run !== null && (
            <button type="submit" class="primary">
              Save
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
