// The class picker: which classes take part, with what weights, and how often their tasks are picked.
import type { JSX } from "preact";
import { useRef, useEffect } from "preact/hooks";
import { Text } from "../../components/text";
import { figure, plural } from "../../format";
import { draft, errors, setClass } from "../../store/drafting";
import { isChanged, taskPaths, type ClassDraft } from "../../store/entered";
import type { ClassInfo, Form } from "../../types";

const OF_CLASSES = ["class", "weight-of", "users-of", "stages-of", "rate-of", "task-weight-of"];

export function ClassPicker({ form }: { form: Form }): JSX.Element | null {
  const picker = useRef<HTMLDetailsElement>(null);
  const messages = OF_CLASSES.flatMap((name) => errors.value.get(name) ?? []);
  const wrong = messages.length > 0;
  useEffect(() => {
    // What is wrong is shown, and stays open when it is right.
    if (wrong && picker.current !== null) picker.current.open = true;
  }, [wrong]);
  const now = draft.value;
  if (now === null) return null;
  const chosen = form.classes.filter(({ name }) => now.classes[name]?.chosen === true);
  const changed = chosen.filter((info) => {
    const own = now.classes[info.name];
    return own !== undefined && isChanged(info, own);
  });
  return (
    <details class="part fold" ref={picker} open={form.class_picker}>
      <summary>
        <span class="fold-title">User classes</span>
        <span class="quiet-text" data-testid="classes-summary">
          {chosen.length === form.classes.length
            ? `all ${form.classes.length}`
            : `${chosen.length} of ${form.classes.length} chosen`}
          {changed.length > 0 && `, ${plural(changed.length, "changed", "changed")}`}
        </span>
      </summary>
      <SelectAll form={form} chosen={chosen.length} />
      <ul class="picker">
        {form.classes.map((info) => {
          const own = now.classes[info.name];
          return own === undefined ? null : <Picked key={info.name} info={info} draft={own} />;
        })}
      </ul>
      {messages.map((message) => (
        <p key={message} class="field-error" role="alert">
          {message}
        </p>
      ))}
    </details>
  );
}

function SelectAll({ form, chosen }: { form: Form; chosen: number }): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  const all = form.classes.length;
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = chosen > 0 && chosen < all;
  }, [chosen, all]);
  return (
    <label class="select-all">
      <input
        type="checkbox"
        ref={box}
        checked={chosen === all}
        onChange={({ currentTarget }) => {
          for (const { name } of form.classes) setClass(name, { chosen: currentTarget.checked });
        }}
      />
      All classes
    </label>
  );
}

/** A number that may differ from what was declared, and shows it. */
function Amount(props: {
  label: string;
  title: string;
  value: string;
  declared: string;
  disabled?: boolean;
  wide?: boolean;
  onInput: (value: string) => void;
}): JSX.Element {
  const { label, title, value, declared, disabled = false, wide = false, onInput } = props;
  const differs = value.trim() !== "" && value.trim() !== declared;
  return (
    <label class={`amount ${differs ? "changed" : ""} ${wide ? "wide" : ""}`}>
      <span>{title}</span>
      <input
        value={value}
        placeholder={declared}
        aria-label={label}
        disabled={disabled}
        inputMode={wide ? "text" : "numeric"}
        autoComplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => {
          onInput(currentTarget.value);
        }}
      />
    </label>
  );
}

function Picked({ info, draft: own }: { info: ClassInfo; draft: ClassDraft }): JSX.Element {
  const { name, doc, visits } = info;
  const changed = isChanged(info, own);
  return (
    <li class={own.chosen ? "picked" : "picked off"}>
      <div class="picked-head">
        <label class="picked-name">
          <input
            type="checkbox"
            checked={own.chosen}
            onChange={({ currentTarget }) => {
              setClass(name, { chosen: currentTarget.checked });
            }}
          />
          <span>
            <strong>
              <Text value={name} />
            </strong>
            {doc !== "" && (
              <span class="quiet-text doc">
                <Text value={doc} whole />
              </span>
            )}
          </span>
        </label>
        <div class="picked-figures">
          <Amount
            label={`Weight of ${name}`}
            title="Weight"
            value={own.weight}
            declared={String(info.weight)}
            disabled={!own.chosen}
            onInput={(weight) => {
              setClass(name, { weight });
            }}
          />
          <Amount
            label={`Fixed count of ${name}`}
            title="Fixed count"
            value={own.fixed}
            declared={info.fixed_count === 0 ? "none" : String(info.fixed_count)}
            disabled={!own.chosen}
            onInput={(fixed) => {
              setClass(name, { fixed });
            }}
          />
          <Amount
            label={`Load of its own of ${name}: a rate or stages`}
            title="Own load"
            value={own.load}
            declared={visits === null ? "none" : `${figure(visits)}/s`}
            disabled={!own.chosen}
            wide
            onInput={(load) => {
              setClass(name, { load });
            }}
          />
        </div>
      </div>
      <details class="picked-tasks">
        <summary>
          {plural(taskPaths(info.tasks).length, "task")}
          {changed && <span class="changed-mark">changed</span>}
        </summary>
        <TaskWeights info={info} draft={own} />
      </details>
      {changed && (
        <button
          type="button"
          class="quiet small as-declared"
          onClick={() => {
            setClass(name, { weight: "", fixed: "", load: "", tasks: {} });
          }}
        >
          As declared<span class="unseen"> for {name}</span>
        </button>
      )}
    </li>
  );
}

function TaskWeights({ info, draft: own }: { info: ClassInfo; draft: ClassDraft }): JSX.Element {
  return (
    <ul class="task-weights">
      {taskPaths(info.tasks).map(({ path, task, depth }) => (
        <li key={path} style={{ "--depth": depth }}>
          <span class="task-name">
            <Text value={task.name} />
            {task.set != null && <span class="tag">set</span>}
            {task.tags.map((tag) => (
              <span key={tag} class="tag">
                <Text value={tag} />
              </span>
            ))}
            {task.doc !== "" && (
              <span class="quiet-text">
                <Text value={task.doc} whole />
              </span>
            )}
          </span>
          <Amount
            label={`Weight of ${info.name}::${path}`}
            title="Weight"
            value={own.tasks[path] ?? ""}
            declared={String(task.weight)}
            disabled={!own.chosen}
            onInput={(weight) => {
              setClass(info.name, { tasks: { ...own.tasks, [path]: weight } });
            }}
          />
        </li>
      ))}
    </ul>
  );
}
