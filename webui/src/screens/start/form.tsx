// The form of a new test.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../../components/icons";
import { plural } from "../../format";
import {
  checked,
  checkWhileTyping,
  checking,
  draft,
  errors,
  openForm,
  refused,
  setOption,
  start,
  starting,
} from "../../store/drafting";
import { otherFields, toggleWord, words, type LoadKind } from "../../store/entered";
import { current } from "../../store/live";
import { screenLink } from "../../store/route";
import type { Form } from "../../types";
import { ClassPicker } from "./classes";
import { FieldFrame, Option, Switch, helpOf, titleOf } from "./fields";
import { LoadFields } from "./load";
import { SettingFields } from "./settings";

/** How long a run takes without a run time. */
const RUN_TIMES: Record<LoadKind, string> = {
  users: "until it is stopped",
  stages: "as long as the stages",
  rate: "until it is stopped",
  shape: "as long as the shape",
  limit: "until the limit is found",
};

export function StartForm({ form }: { form: Form }): JSX.Element | null {
  useEffect(() => {
    openForm().catch(() => undefined);
    return checkWhileTyping();
  }, []);
  if (draft.value === null) return null;
  return (
    <form
      class="start"
      aria-label="New test"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit(event.currentTarget);
      }}
    >
      <h1>New test</h1>
      <fieldset class="part">
        <legend>Target</legend>
        <div class="fields">
          <Option form={form} name="host" placeholder="https://staging.example" wide />
        </div>
      </fieldset>
      <LoadFields form={form} />
      <fieldset class="part">
        <legend>End and judgement</legend>
        <div class="fields">
          <Option form={form} name="run-time" placeholder={RUN_TIMES[draft.value.load]} />
          <Option form={form} name="threshold" label="Thresholds" placeholder="p95 < 250ms, failures < 1%" />
        </div>
      </fieldset>
      <ClassPicker form={form} />
      {form.tags.length > 0 && <Tags form={form} />}
      <SettingFields form={form} />
      <Advanced form={form} />
      <Foot />
    </form>
  );
}

async function submit(element: HTMLFormElement): Promise<void> {
  if (await start()) return;
  for (const folded of element.querySelectorAll("details")) {
    if (folded.querySelector("[aria-invalid=true]") !== null) folded.open = true;
  }
  element.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}

function Tags({ form }: { form: Form }): JSX.Element {
  return (
    <fieldset class="part">
      <legend>Tags</legend>
      <div class="fields">
        {["tags", "exclude-tags"].map((name) => (
          <FieldFrame key={name} label={titleOf(name)} field={name} help={helpOf(form, name)}>
            {({ id, ...described }) => (
              <div class="chips" role="group" aria-label={titleOf(name)} id={id} {...described}>
                {form.tags.map((tag) => (
                  <button
                    key={tag}
                    type="button"
                    class="chip"
                    aria-pressed={words(draft.value?.options[name]).includes(tag)}
                    onClick={() => {
                      setOption(name, toggleWord(draft.value?.options[name], tag));
                    }}
                  >
                    {tag}
                  </button>
                ))}
              </div>
            )}
          </FieldFrame>
        ))}
      </div>
    </fieldset>
  );
}

function Advanced({ form }: { form: Form }): JSX.Element {
  const groups = [...otherFields(form)];
  const fields = groups.flatMap(([, members]) => members);
  const wrong = fields.filter(({ name }) => errors.value.has(name)).length;
  const set = fields.filter(({ name }) => (draft.value?.options[name] ?? "") !== "").length;
  return (
    <details class="part fold">
      <summary>
        <span class="fold-title">Advanced options</span>
        <span class="quiet-text">
          {set === 0 ? "all as usual" : plural(set, "set", "set")}
          {wrong > 0 && <span class="bad-text">, {plural(wrong, "error")}</span>}
        </span>
      </summary>
      {groups.map(([heading, members]) => (
        <fieldset key={heading} class="inner">
          <legend>{heading}</legend>
          <div class="fields">
            {members.map(({ name, switch: onOff }) =>
              onOff ? (
                <Switch key={name} form={form} name={name} />
              ) : (
                <Option key={name} form={form} name={name} />
              ),
            )}
          </div>
        </fieldset>
      ))}
    </details>
  );
}

function Foot(): JSX.Element {
  const answer = checked.value;
  const wrong = answer?.errors.length ?? 0;
  const general = answer?.errors.filter(({ field }) => field === "") ?? [];
  const known = answer !== null && !checking.value;
  return (
    <footer class="start-foot">
      <div class="start-says" role="status" aria-live="polite">
        {refused.value !== null && <p class="field-error">{refused.value}</p>}
        {general.map(({ message }) => (
          <p key={message} class="field-error">
            {message}
          </p>
        ))}
        {answer?.warnings.map((warning) => (
          <p key={warning} class="warning">
            <Icon name="warning" />
            {warning}
          </p>
        ))}
        {wrong > 0 && general.length === 0 && (
          <p class="field-error">{plural(wrong, "field")} to put right.</p>
        )}
      </div>
      {current.value.run > 0 && (
        <a class="button" href={screenLink("statistics")}>
          To the last result
        </a>
      )}
      <button type="submit" class="primary big" disabled={starting.value || (known && wrong > 0)}>
        {starting.value ? "Starting…" : "Start"}
      </button>
    </footer>
  );
}
