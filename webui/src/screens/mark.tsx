// The dialog that sets a mark on the timeline, and the key that opens it.
import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { FormDialog } from "../components/form_dialog";
import { Icon } from "../components/icons";
import { client } from "../store/client";
import { announcement } from "../store/live";

const KEY = "m";

export function MarkButton(): JSX.Element {
  const asking = useSignal(false);
  useKey(asking);
  return (
    <>
      <button
        type="button"
        title={`Mark this moment (key ${KEY})`}
        aria-keyshortcuts={KEY}
        onClick={() => {
          asking.value = true;
        }}
      >
        <Icon name="flag" />
        <span>Mark</span>
      </button>
      {asking.value && (
        <MarkDialog
          onClose={() => {
            asking.value = false;
          }}
        />
      )}
    </>
  );
}

/** The key opens the dialog where it is not typed into something. */
function useKey(asking: Signal<boolean>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { target } = event;
      const typing = target instanceof Element && target.closest("input, textarea, select, dialog") !== null;
      if (event.key !== KEY || event.ctrlKey || event.metaKey || event.altKey || typing) return;
      event.preventDefault();
      asking.value = true;
    };
    addEventListener("keydown", pressed);
    return () => {
      removeEventListener("keydown", pressed);
    };
  }, [asking]);
}

function MarkDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const text = useSignal("");
  const error = useSignal<string | null>(null);
  const send = async (): Promise<void> => {
    await client.mark(text.value);
    announcement.value = "mark set";
  };
  return (
    <FormDialog
      title="Set a mark"
      submit="Set mark"
      onSubmit={send}
      onClose={onClose}
      error={error}
      errorId="mark-error"
    >
      <div class="field">
        <label for="mark-text">What happens now</label>
        <input
          id="mark-text"
          value={text.value}
          autoFocus
          required
          maxLength={200}
          aria-describedby="mark-help mark-error"
          aria-invalid={error.value !== null}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
            error.value = null;
          }}
        />
        <span class="field-help" id="mark-help">
          It is shown on all charts, and in the result.
        </span>
      </div>
    </FormDialog>
  );
}
