// What stands above a run of the history: which one it is, and how to get back.
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../components/icons";
import { Text } from "../components/text";
import { time } from "../format";
import { unread } from "../store/history";
import { active, current, earlier } from "../store/live";
import { goTo, screenLink } from "../store/route";
import { LabelDialog } from "./label_dialog";

export function EarlierHead(): JSX.Element {
  const editing = useSignal(false);
  const shown = earlier.value;
  const run = shown?.run.report?.run;
  return (
    <aside class="earlier" aria-label="An earlier run">
      <Icon name="warning" />
      {shown === null || run === undefined ? (
        <p role={unread.value === null ? undefined : "alert"}>{unread.value ?? "One moment…"}</p>
      ) : (
        <p>
          A run of {time(run.started_at)}: <Text value={run.name ?? shown.id} whole />
        </p>
      )}
      <div class="block-tools">
        {run !== undefined && (
          <button
            type="button"
            onClick={() => {
              editing.value = true;
            }}
          >
            <Icon name="edit" />
            Name and notes
          </button>
        )}
        <a class="button" href={screenLink("history")}>
          All runs
        </a>
        <a class="button" href={screenLink("statistics")}>
          <Icon name="left" />
          Back to the current run
          {active.value && `, which is ${current.value.state}`}
        </a>
      </div>
      {editing.value && shown !== null && run !== undefined && (
        <LabelDialog
          listed={{
            id: shown.id,
            problem: null,
            run: { name: run.name ?? null, notes: run.notes ?? null },
          }}
          onClose={() => {
            editing.value = false;
          }}
          onDeleted={() => {
            goTo(screenLink("history"));
          }}
        />
      )}
    </aside>
  );
}
