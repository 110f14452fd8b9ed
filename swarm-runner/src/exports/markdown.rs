//! A summary in Markdown with the tables of GitHub and GitLab, for pages of CI: bounded, whatever the run was.

use crate::console::{count, kind, level_cells, ms, observed_cells, rate, share, threshold_cells};
use crate::markup::{code, plain};
use std::fmt::Write as _;
use std::time::Duration;
use swarm_core::duration;
use swarm_core::judge::exit_code;
use swarm_core::report::{MarkKind, Report};
use swarm_core::stats::{RequestEntry, Totals};

/// Rows of a table.
const MOST_ROWS: usize = 30;

/// A column of words, or of numbers, which stand to the right.
const WORDS: &str = "---";
const NUMBERS: &str = "--:";

/// The whole file.
pub(super) fn text(report: &Report) -> String {
    let mut parts = vec![head(report)];
    let cells = |cells: &[String]| cells.iter().map(|cell| code(cell)).collect();
    let thresholds = report.thresholds.iter();
    let thresholds = thresholds.map(|entry| cells(&threshold_cells(entry))).collect();
    let columns = "Result,Threshold,Value>,First failed>,For>";
    parts.push(table("Thresholds", columns, thresholds));
    if let Some(capacity) = &report.capacity {
        let levels = capacity.levels.iter();
        let levels = levels.map(|level| cells(&level_cells(capacity, level))).collect();
        let columns =
            "Result,Offered>,Achieved/s>,In flight>,p50 (ms)>,p95 (ms)>,p99 (ms)>,Failures>";
        parts.push(table("Levels of load", columns, levels));
    }
    parts.push(requests(report));
    let failures = report.failures.iter();
    let failures = failures.map(|row| {
        vec![count(row.occurrences), code(&row.method), code(&row.name), code(&row.error)]
    });
    parts.push(table("Failures", "Occurrences>,Type,Name,Error", failures.collect()));
    let exceptions = report.exceptions.iter();
    let exceptions = exceptions.map(|row| {
        let place = format!("{}::{}", row.class, row.task);
        vec![count(row.occurrences), code(&place), code(&row.message)]
    });
    parts.push(table("Exceptions", "Occurrences>,Task,Message", exceptions.collect()));
    let observed = report.observed.iter().map(|series| cells(&observed_cells(series)));
    parts.push(table("Observed", "Name,Series,Mean>,Max>,Last>", observed.collect()));
    let notes = report.marks.iter().filter(|mark| mark.kind == MarkKind::Note);
    let notes = notes.map(|mark| {
        let at = Duration::from_secs_f64(mark.t_s.max(0.0).floor());
        vec![duration::text(at), code(&mark.text)]
    });
    parts.push(table("Marks", "After>,Mark", notes.collect()));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// How it ended and why, whether that can be trusted, and what was run.
fn head(report: &Report) -> String {
    let (run, outcome) = (&report.run, &report.outcome);
    let passed = outcome.exit_code == exit_code::PASSED;
    let (mark, word) = if passed { ('✅', "passed") } else { ('❌', "failed") };
    let mut text = format!("## {mark} Load test {word} (exit code {})\n\n", outcome.exit_code);
    for label in [&run.spec.name, &run.spec.notes].into_iter().flatten() {
        let lines: Vec<String> = label.lines().map(plain).collect();
        let _ = writeln!(text, "{}\n", lines.join("<br>"));
    }
    for reason in &outcome.reasons {
        let _ = writeln!(text, "* {}", plain(reason));
    }
    let doubts = outcome.health.reasons.iter().map(|reason| plain(reason));
    let doubts: Vec<String> = doubts.collect();
    let _ = match doubts.is_empty() {
        true => writeln!(text, "\nThe measurement is **{}**.", outcome.validity),
        false => {
            writeln!(text, "\nThe measurement is **{}**: {}.", outcome.validity, doubts.join("; "))
        }
    };
    let load = match &run.spec.find_limit {
        Some(_) => "a search for the limit".to_owned(),
        None => run.spec.load.to_string(),
    };
    let host = run.spec.host.as_ref().map(|host| format!(" against {}", code(host)));
    let measured = Duration::from_secs_f64((run.duration_s.max(0.0) * 10.0).round() / 10.0);
    let _ = writeln!(
        text,
        "\n{}{}, measured for {}, from {}, seed {}.",
        code(&load),
        host.unwrap_or_default(),
        duration::text(measured),
        run.started_at,
        run.spec.seed
    );
    if let Some(capacity) = &report.capacity {
        let _ = writeln!(text, "\n{}.", plain(&capacity.to_string()));
    }
    text
}

/// The table of requests with their sum; of many those with the most failures, and then the most requests.
fn requests(report: &Report) -> String {
    let row = |kind: String, name: String, totals: &Totals| {
        let times = &totals.response_time_ms;
        let mut cells = vec![kind, name, count(totals.requests)];
        cells.push(share(totals.failures, totals.requests));
        cells.extend([times.mean, times.p50, times.p95, times.p99, times.max].map(ms));
        cells.push(rate(totals.rps));
        cells
    };
    let mut chosen: Vec<(usize, &RequestEntry)> = report.requests.iter().enumerate().collect();
    chosen.sort_by_key(|(at, entry)| {
        std::cmp::Reverse((entry.totals.failures, entry.totals.requests, std::cmp::Reverse(*at)))
    });
    chosen.truncate(MOST_ROWS);
    chosen.sort_by_key(|(at, _)| *at);
    let rows = chosen.into_iter().map(|(_, entry)| {
        row(code(&kind(entry.kind, &entry.method)), code(&entry.name), &entry.totals)
    });
    let sum = row(String::new(), "**Aggregated**".to_owned(), &report.totals);
    let columns = "Type,Name,Requests>,Failures>,Mean (ms)>,p50 (ms)>,p95 (ms)>,p99 (ms)>,Max (ms)>,Per second>";
    let text = rows_of("Requests", columns, rows.chain([sum]));
    text + &left_out(report.requests.len(), "with fewer failures and requests")
}

/// A table with a heading, without the rows beyond the bound; nothing if there are no rows.
fn table(title: &str, columns: &str, rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let number = rows.len();
    rows_of(title, columns, rows.into_iter().take(MOST_ROWS)) + &left_out(number, "further down")
}

/// The same with all rows. The titles of columns are in a comma list; numbers have a `>` behind theirs.
fn rows_of(title: &str, columns: &str, rows: impl Iterator<Item = Vec<String>>) -> String {
    let titles: Vec<&str> = columns.split(',').map(|title| title.trim_end_matches('>')).collect();
    let sides = columns.split(',').map(|title| if title.ends_with('>') { NUMBERS } else { WORDS });
    let sides: Vec<&str> = sides.collect();
    let mut text = format!("### {title}\n\n| {} |\n|{}|\n", titles.join(" | "), sides.join("|"));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

fn left_out(number: usize, which: &str) -> String {
    match number.saturating_sub(MOST_ROWS) {
        0 => String::new(),
        left => format!("\n{left} rows {which} are left out.\n"),
    }
}
