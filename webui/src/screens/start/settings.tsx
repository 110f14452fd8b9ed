// The fields of the users' own settings; a secret is only sent when it is typed.
import type { JSX } from "preact";
import { draft, errors, setSetting } from "../../store/drafting";
import { settingStart } from "../../store/entered";
import type { Form, SettingInfo } from "../../types";
import { FieldFrame } from "./fields";

export function SettingFields({ form }: { form: Form }): JSX.Element | null {
  if (form.settings.length === 0) return null;
  const groups = Map.groupBy(form.settings, ({ group }) => group);
  return (
    <>
      {[...groups].map(([group, settings]) => (
        <fieldset key={group} class="part">
          <legend>Settings{group !== "" && <span class="quiet-text"> of {group}</span>}</legend>
          <div class="fields">
            {settings.map((info) => (
              <SettingField key={info.key} form={form} info={info} />
            ))}
          </div>
        </fieldset>
      ))}
    </>
  );
}

function SettingField({ form, info }: { form: Form; info: SettingInfo }): JSX.Element {
  const value = draft.value?.settings[info.key] ?? settingStart(form, info);
  if (info.kind === "switch") {
    const error = errors.value.get(info.key);
    return (
      <div class="field field-switch">
        <label>
          <input
            type="checkbox"
            name={info.key}
            checked={value === "true"}
            onChange={({ currentTarget }) => {
              setSetting(info.key, String(currentTarget.checked));
            }}
          />
          {info.name}
        </label>
        <span class="field-help">{info.doc}</span>
        {error !== undefined && <span class="field-error">{error}</span>}
      </div>
    );
  }
  return (
    <FieldFrame label={<Label info={info} />} field={info.key} help={info.doc}>
      {(attributes) => {
        const common = {
          ...attributes,
          name: info.key,
          value,
          placeholder: placeholder(info),
          required: info.required && !info.is_set,
          spellcheck: false,
          onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
            setSetting(info.key, currentTarget.value);
          },
        };
        return info.secret ? (
          <input {...common} type="password" autoComplete="new-password" />
        ) : (
          <input {...common} type="text" autoComplete="off" />
        );
      }}
    </FieldFrame>
  );
}

const KINDS: Record<SettingInfo["kind"], string> = {
  one: "",
  optional: "optional",
  list: "comma list",
  switch: "",
};

function Label({ info }: { info: SettingInfo }): JSX.Element {
  const about = info.required && !info.is_set ? "required" : KINDS[info.kind];
  return (
    <>
      {info.name}
      {info.secret && <span class="tag">secret</span>}
      {about !== "" && <span class="quiet-text"> {about}</span>}
    </>
  );
}

function placeholder(info: SettingInfo): string {
  if (info.secret) return info.is_set ? "is set; type to replace it" : "not set";
  return info.default ?? "";
}
