// The part of the form that says the load: its kind, and the fields of that.
import type { JSX } from "preact";
import { draft } from "../../store/drafting";
import { LOADS, type LoadKind } from "../../store/entered";
import type { Form } from "../../types";
import { Choice, FieldFrame, Option, helpOf } from "./fields";
import { setOption } from "../../store/drafting";

const KINDS: Record<LoadKind, string> = {
  users: "Users",
  stages: "Stages",
  rate: "Arrival rate",
  shape: "Shape",
  limit: "Search for the limit",
};

export function LoadFields({ form }: { form: Form }): JSX.Element | null {
  const now = draft.value;
  if (now === null) return null;
  const kinds = LOADS.filter((kind) => kind !== "shape" || form.shapes.length > 0);
  return (
    <fieldset class="part">
      <legend>Load</legend>
      <div class="segments" role="radiogroup" aria-label="Kind of load">
        {kinds.map((kind) => (
          <label key={kind} class="segment">
            <input
              type="radio"
              name="kind-of-load"
              value={kind}
              checked={now.load === kind}
              onChange={() => {
                draft.value = { ...now, load: kind };
                if (kind === "shape" && (now.options["shape"] ?? "") === "") {
                  setOption("shape", form.shapes[0]?.name ?? "");
                }
              }}
            />
            <span>{KINDS[kind]}</span>
          </label>
        ))}
      </div>
      <div class="fields">
        <OfKind form={form} kind={now.load} />
      </div>
    </fieldset>
  );
}

function OfKind({ form, kind }: { form: Form; kind: LoadKind }): JSX.Element {
  switch (kind) {
    case "users":
      return (
        <>
          <Option form={form} name="users" numeric />
          <Option form={form} name="spawn-rate" numeric />
        </>
      );
    case "stages":
      return (
        <>
          <Option form={form} name="stages" placeholder="100@2m, 500@5m, 0@1m" wide />
          {(draft.value?.options["stages"] ?? "").includes("/") && <Arrivals form={form} />}
        </>
      );
    case "rate":
      return (
        <>
          <Option form={form} name="rate" label="Iterations per second" placeholder="300/s" />
          <Arrivals form={form} />
        </>
      );
    case "shape":
      return <Shape form={form} />;
    case "limit":
      return (
        <>
          <Option
            form={form}
            name="find-limit"
            label="What has to hold"
            placeholder="p95 < 250ms, failures < 1%"
            wide
          />
          <Choice
            form={form}
            name="limit-by"
            values={[
              ["rate", "Iterations per second"],
              ["users", "Users"],
            ]}
          />
          <Option form={form} name="precision" />
          <Option form={form} name="max-rate" placeholder="any" />
          <Option form={form} name="max-users" numeric />
          <Option form={form} name="expect-limit" placeholder="> 200/s" />
        </>
      );
  }
}

function Arrivals({ form }: { form: Form }): JSX.Element {
  return (
    <>
      <Choice
        form={form}
        name="arrivals"
        values={[
          ["even", "Even"],
          ["poisson", "Poisson"],
        ]}
      />
      <Option form={form} name="max-users" numeric />
    </>
  );
}

function Shape({ form }: { form: Form }): JSX.Element {
  const name = draft.value?.options["shape"] ?? "";
  const doc = form.shapes.find((shape) => shape.name === name)?.doc ?? "";
  return (
    <FieldFrame label="Shape" field="shape" help={doc === "" ? helpOf(form, "shape") : doc} wide>
      {(attributes) => (
        <select
          {...attributes}
          name="shape"
          value={name}
          onChange={({ currentTarget }) => {
            setOption("shape", currentTarget.value);
          }}
        >
          {form.shapes.map((shape) => (
            <option key={shape.name} value={shape.name}>
              {shape.name}
            </option>
          ))}
        </select>
      )}
    </FieldFrame>
  );
}
