// One request as it was.
import type { ComponentChildren, JSX } from "preact";
import { Dialog } from "../components/dialog";
import { Lines, Text } from "../components/text";
import { millis, time } from "../format";
import { typeOf } from "../store/request_columns";
import type { Example } from "../types";

export function ExampleDialog({ example, onClose }: { example: Example; onClose: () => void }): JSX.Element {
  const facts: [string, ComponentChildren][] = [
    ["Request", <Text key="type" value={`${typeOf(example)} ${example.name}`} whole />],
    ["Address", <Text key="url" value={example.url === "" ? "not sent by HTTP" : example.url} whole />],
    ["Status", example.status ?? "no answer"],
    ["Took", `${millis(example.response_time_ms)} ms`],
    ["Ended", time(example.at)],
    ["User", <Text key="user" value={`${example.class}, number ${example.user}`} whole />],
  ];
  return (
    <Dialog title="A request in full" onClose={onClose} wide>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {example.error != null && (
        <>
          <h3>Why it failed</h3>
          <Lines value={example.error} />
        </>
      )}
      {example.body != null && (
        <>
          <h3>The answer begins</h3>
          <Lines value={example.body} />
        </>
      )}
    </Dialog>
  );
}
