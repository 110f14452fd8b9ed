// The screen of files to take away.
import type { JSX } from "preact";
import { Icon } from "../components/icons";
import { live } from "../store/live";

const FILES: [string, string, string][] = [
  ["report.html", "Page", "The whole result as one file that opens in any browser, without a server."],
  ["report.json", "Report", "The whole result as JSON: everything that this page shows."],
  [
    "requests.csv",
    "Requests",
    "A row for each entry with counts, rates and percentiles, as Locust writes it.",
  ],
  ["failures.csv", "Failures", "Failed requests by cause, as Locust writes it."],
  ["exceptions.csv", "Exceptions", "Errors and panics of tasks, as Locust writes it."],
  ["history.csv", "History", "A row for each second."],
  ["log.txt", "Log", "The last lines of the log."],
];

export function Downloads(): JSX.Element {
  const none = live.value.run === 0;
  return (
    <section class="block" aria-labelledby="downloads-title">
      <header class="block-head">
        <h2 id="downloads-title">Downloads</h2>
        <span class="quiet-text">
          {none ? "There is nothing to take away before the first run." : "As of now."}
        </span>
      </header>
      {!none && (
        <ul class="downloads">
          {FILES.map(([file, title, about]) => (
            <li key={file}>
              <a class="download" href={`api/v1/files/${file}`} download={file}>
                <Icon name="download" />
                <span>
                  <strong>{title}</strong> <code>{file}</code>
                  <span class="quiet-text">{about}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
