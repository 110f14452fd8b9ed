// A dialog with fields to fill in and a button that does it: it closes when that is done, and else says why not.
import type { Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { reason } from "../store/client";
import { Dialog } from "./dialog";

type Props = {
  title: string;
  /** What the button says; null where there is nothing to do. */
  submit: string | null;
  /** Does it, or throws. */
  onSubmit: () => Promise<void>;
  onClose: () => void;
  /** What is wrong. */
  error: Signal<string | null>;
  /** The id of the text that says so, for the fields that it is about. */
  errorId: string;
  /** More buttons. */
  actions?: ComponentChildren;
  children: ComponentChildren;
};

/** Does something that may fail, and closes the dialog; or shows why not. */
export async function attempt(
  action: () => Promise<void>,
  { error, onClose }: Pick<Props, "error" | "onClose">,
): Promise<void> {
  try {
    await action();
    onClose();
  } catch (problem) {
    error.value = reason(problem);
  }
}

export function FormDialog(props: Props): JSX.Element {
  const { title, submit, onSubmit, onClose, error, errorId, actions, children } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(onSubmit, props);
        }}
      >
        {children}
        <p class="field-error" id={errorId} role="alert">
          {error.value}
        </p>
        <footer class="dialog-foot">
          {actions}
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          {submit !== null && (
            <button type="submit" class="primary">
              {submit}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
