// A word that tells more when it is pointed at, focused or pressed.
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";

type Props = { word: ComponentChildren; tone?: string; label: string; children: ComponentChildren };

export function Hint({ word, tone = "", label, children }: Props): JSX.Element {
  const [hidden, setHidden] = useState(false);
  const id = useId();
  const show = (): void => {
    setHidden(false);
  };
  return (
    <span class="hint" onMouseEnter={show}>
      <button
        type="button"
        class={`hint-word ${tone}`}
        aria-label={label}
        aria-describedby={id}
        onFocus={show}
        onClick={show}
        onKeyDown={(event) => {
          if (event.key === "Escape") setHidden(true);
        }}
      >
        {word}
      </button>
      <span class="hint-more" role="tooltip" id={id} hidden={hidden}>
        {children}
      </span>
    </span>
  );
}
