// The screen of files to take away.
import type { JSX } from "preact";
import { Icon } from "../components/icons";
import { earlier, live } from "../store/live";

type File = [name: string, title: string, about: string];

/** Those that are made of a result alone. */
const OF_RESULT: File[] = [
  ["report.html", "Page", "The whole result as one file that opens in any browser, without a server."],
  ["report.json", "Report", "The whole result as JSON: everything that this page shows."],
  [
    "requests.csv",
    "Requests",
    "A row for each entry with counts, rates and percentiles, as Locust writes it.",
  ],
  ["failures.csv", "Failures", "Failed requests by cause, as Locust writes it."],
  ["exceptions.csv", "Exceptions", "Errors and panics of tasks, as Locust writes it."],
];
const FILES: File[] = [
  ...OF_RESULT,
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
      {!none && <DownloadList files={FILES} folder="api/v1/files" />}
    </section>
  );
}

function DownloadList({ files, folder }: { files: File[]; folder: string }): JSX.Element {
  return (
    <ul class="downloads">
      {files.map(([file, title, about]) => (
        <li key={file}>
          <a class="download" href={`${folder}/${file}`} download={file}>
            <Icon name="download" />
            <span>
              <strong>{title}</strong> <code>{file}</code>
              <span class="quiet-text">{about}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The files of a run of the history. */
export function EarlierDownloads(): JSX.Element {
  return (
    <section class="block" aria-labelledby="downloads-title">
      <header class="block-head">
        <h2 id="downloads-title">Downloads</h2>
      </header>
      <DownloadList files={OF_RESULT} folder={`api/v1/runs/${earlier.value?.id ?? ""}/files`} />
    </section>
  );
}
