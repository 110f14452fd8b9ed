// The fields of the form: an option or a setting, with its help and what is wrong with it.
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { draft, errors, setOption } from "../../store/drafting";
import type { Form } from "../../types";

type FieldProps = {
  label: ComponentChildren;
  field: string;
  help?: ComponentChildren;
  wide?: boolean;
  children: (attributes: FieldAttributes) => JSX.Element;
};
export type FieldAttributes = {
  id: string;
  "aria-describedby": string;
  "aria-invalid": boolean;
};

/** A label, the field, its help, and its error. */
export function FieldFrame({ label, field, help, wide = false, children }: FieldProps): JSX.Element {
  const id = useId();
  const error = errors.value.get(field);
  return (
    <div class={wide ? "field wide" : "field"}>
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-help ${id}-error`, "aria-invalid": error !== undefined })}
      <span class="field-help" id={`${id}-help`}>
        {help}
      </span>
      <FieldError id={`${id}-error`} message={error} />
    </div>
  );
}

/** What is wrong; a message of several lines points at the character, below it. */
export function FieldError({ id, message = "" }: { id: string; message?: string | undefined }): JSX.Element {
  return (
    <span class={message.includes("\n") ? "field-error pointing" : "field-error"} id={id}>
      {message}
    </span>
  );
}

type OptionProps = {
  form: Form;
  name: string;
  label?: string;
  placeholder?: string;
  wide?: boolean;
  numeric?: boolean;
};

/** What the command line says of an option. */
export function helpOf(form: Form, name: string): string {
  return form.fields.find((field) => field.name === name)?.help ?? "";
}

/** `stop-timeout` as people read it: `Stop timeout`. */
export function titleOf(name: string): string {
  const words = name.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

export function Option({
  form,
  name,
  label,
  placeholder,
  wide = false,
  numeric = false,
}: OptionProps): JSX.Element {
  const standard = form.fields.find((field) => field.name === name)?.default ?? "";
  return (
    <FieldFrame label={label ?? titleOf(name)} field={name} help={helpOf(form, name)} wide={wide}>
      {(attributes) => (
        <input
          {...attributes}
          name={name}
          value={draft.value?.options[name] ?? ""}
          placeholder={placeholder ?? standard}
          autoComplete="off"
          spellcheck={false}
          inputMode={numeric ? "decimal" : "text"}
          onInput={({ currentTarget }) => {
            setOption(name, currentTarget.value);
          }}
        />
      )}
    </FieldFrame>
  );
}

/** One of a few values. */
export function Choice({
  form,
  name,
  values,
}: {
  form: Form;
  name: string;
  values: [string, string][];
}): JSX.Element {
  return (
    <FieldFrame label={titleOf(name)} field={name} help={helpOf(form, name)}>
      {(attributes) => (
        <select
          {...attributes}
          name={name}
          value={draft.value?.options[name] ?? values[0]?.[0] ?? ""}
          onChange={({ currentTarget }) => {
            setOption(name, currentTarget.value);
          }}
        >
          {values.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}

/** An option that is on or off. */
export function Switch({ form, name }: { form: Form; name: string }): JSX.Element {
  const id = useId();
  const error = errors.value.get(name);
  return (
    <div class="field field-switch">
      <label>
        <input
          type="checkbox"
          name={name}
          checked={draft.value?.options[name] === "true"}
          aria-describedby={`${id}-help`}
          onChange={({ currentTarget }) => {
            setOption(name, currentTarget.checked ? "true" : "");
          }}
        />
        {titleOf(name)}
      </label>
      <span class="field-help" id={`${id}-help`}>
        {helpOf(form, name)}
      </span>
      {error !== undefined && <span class="field-error">{error}</span>}
    </div>
  );
}
