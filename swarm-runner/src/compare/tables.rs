//! A comparison for people: a table for the terminal, and one in Markdown.

use crate::console::{Column, ms, numbers, rate, table, words};
use crate::markup::{code, escaped};
use std::fmt::Write as _;
use swarm_core::compare::{Change, Compared, Comparison, ENOUGH_RUNS, Verdict};
use swarm_core::stats::Kind;
use swarm_core::threshold::Measure;

/// Rows of the table in Markdown: a comment on GitHub has 65,536 letters at most.
const MOST_ROWS: usize = 30;
/// Entries that are named below the table, and letters of their names.
const MOST_NAMED: usize = 10;
const MOST_LETTERS: usize = 100;

/// The table, what is not comparable, and what it comes to.
pub(super) fn text(comparison: &Comparison) -> String {
    const COLUMNS: [Column; 9] = [
        words("Type"),
        words("Name"),
        words("Verdict"),
        numbers("req/s").after_bar(),
        numbers("failures"),
        numbers("50%").after_bar(),
        numbers("95%"),
        numbers("99%"),
        numbers("95% found from").after_bar(),
    ];
    let row = |compared: &Compared| {
        let mut cells = [const { String::new() }; 9];
        (cells[0], cells[1]) = title(compared);
        cells[2] = verdict(compared.verdict).to_owned();
        for change in &compared.changes {
            let mark = match change.verdict {
                Verdict::Worse => "!",
                Verdict::Better => "*",
                Verdict::NoDifference | Verdict::NotComparable => " ",
            };
            let (place, after) = (place(change.measure), value(change.measure, change.after));
            cells[place] = format!("{after} ({}){mark}", signed(change));
        }
        cells[8] = smallest(compared);
        cells
    };
    let mut text = String::new();
    if comparison.not_comparable.is_empty() {
        let rows: Vec<_> = comparison.entries.iter().map(row).collect();
        let all: Vec<_> = comparison.all.iter().map(row).collect();
        text = table(COLUMNS, &rows, &all);
        text.push_str("After, and how it has changed: ! worse, * better, the rest may be chance or is within the margin\n\n");
    }
    for line in notes(comparison) {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// The same for a pull request.
pub(super) fn markdown(comparison: &Comparison) -> String {
    let mut text = String::new();
    if comparison.not_comparable.is_empty() {
        text.push_str(
            "| | verdict | req/s | failures | p50 (ms) | p95 (ms) | p99 (ms) | p95 found from |\n",
        );
        text.push_str("|---|---|--:|--:|--:|--:|--:|--:|\n");
        for compared in most_changed(comparison).into_iter().chain(&comparison.all) {
            let mut cells = [const { String::new() }; 5];
            for change in &compared.changes {
                let [before, after] =
                    [change.before, change.after].map(|number| value(change.measure, number));
                let by = match change.verdict {
                    Verdict::Worse | Verdict::Better => format!("**{}**", signed(change)),
                    Verdict::NoDifference | Verdict::NotComparable => signed(change),
                };
                cells[place(change.measure) - 3] = format!("{before} → {after} ({by})");
            }
            let said = verdict(compared.verdict);
            let said = match compared.verdict {
                Verdict::Worse | Verdict::Better => format!("**{said}**"),
                Verdict::NoDifference | Verdict::NotComparable => said.to_owned(),
            };
            let (cells, found) = (cells.join(" | "), smallest(compared));
            let _ = writeln!(text, "| {} | {said} | {cells} | {found} |", code(&named(compared)));
        }
        text.push('\n');
        if let left @ 1.. = comparison.entries.len().saturating_sub(MOST_ROWS) {
            let _ = writeln!(text, "{left} other rows are left out.\n");
        }
    }
    for line in notes(comparison) {
        let _ = writeln!(text, "{}  ", escaped(&line));
    }
    text
}

/// What got worse, then what got better, and so on, if there are too many; else all, as they are.
fn most_changed(comparison: &Comparison) -> Vec<&Compared> {
    let mut chosen: Vec<(usize, &Compared)> = comparison.entries.iter().enumerate().collect();
    chosen.sort_by_key(|(_, compared)| match compared.verdict {
        Verdict::Worse => 0,
        Verdict::Better => 1,
        Verdict::NotComparable => 2,
        Verdict::NoDifference => 3,
    });
    chosen.truncate(MOST_ROWS);
    chosen.sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, compared)| compared).collect()
}

/// What stands below the table: why something is not comparable, how sure it all is, and what it comes to.
fn notes(comparison: &Comparison) -> Vec<String> {
    let all = comparison.entries.iter().chain(&comparison.all);
    let why = |compared: &Compared| {
        let why = compared.why.as_ref()?;
        Some(format!("{}: not comparable: {why}", named(compared)))
    };
    let mut lines: Vec<String> = all.filter_map(why).collect();
    bound(&mut lines);
    let [before, after] = comparison.runs;
    if comparison.indicative && comparison.not_comparable.is_empty() {
        lines.push(format!(
            "indicative: {before} before and {after} after; {ENOUGH_RUNS} runs of each (--repeat {ENOUGH_RUNS}) tell what differs from run to run anyway"
        ));
    }
    lines.push(closing(comparison));
    lines
}

fn closing(comparison: &Comparison) -> String {
    let code = comparison.exit_code();
    if !comparison.not_comparable.is_empty() {
        return format!(
            "not comparable: {} (exit code {code})",
            comparison.not_comparable.join("; ")
        );
    }
    let all = || comparison.entries.iter().chain(&comparison.all);
    let count = |verdict| all().filter(|compared| compared.verdict == verdict).count();
    let (worse, better) = (count(Verdict::Worse), count(Verdict::Better));
    let margin = comparison.margin;
    match (worse, better) {
        (0, 0) => {
            format!("no difference beyond the margin of {margin}% was found (exit code {code})")
        }
        (0, _) => format!("better: {} (exit code {code})", list(comparison, Verdict::Better)),
        (_, _) => format!("worse: {} (exit code {code})", list(comparison, Verdict::Worse)),
    }
}

/// The entries of a verdict, with what made it.
fn list(comparison: &Comparison, verdict: Verdict) -> String {
    let all = comparison.entries.iter().chain(&comparison.all);
    let of_it = all.filter(|compared| compared.verdict == verdict);
    let entry = |compared: &Compared| {
        let changes = compared.changes.iter().filter(|change| change.verdict == verdict);
        let changes: Vec<_> =
            changes.map(|change| format!("{} {}", change.measure, signed(change))).collect();
        format!("{} ({})", named(compared), changes.join(", "))
    };
    let mut entries: Vec<String> = of_it.map(entry).collect();
    bound(&mut entries);
    entries.join("; ")
}

/// Leaves as many as can be read.
fn bound(entries: &mut Vec<String>) {
    if let left @ 1.. = entries.len().saturating_sub(MOST_NAMED) {
        entries.truncate(MOST_NAMED);
        entries.push(format!("and {left} more"));
    }
}

/// Type and name in a line, if need be without their end.
fn named(compared: &Compared) -> String {
    let (method, name) = title(compared);
    let whole = format!("{method} {name}");
    match whole.trim().char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &whole.trim()[..end]),
        None => whole.trim().to_owned(),
    }
}

/// The columns "Type" and "Name", as in the tables of a run.
fn title(compared: &Compared) -> (String, String) {
    match compared.kind {
        None => (String::new(), "Aggregated".to_owned()),
        Some(Kind::Auth) => (format!("{} (auth)", compared.method), compared.name.clone()),
        Some(Kind::Http | Kind::Probe | Kind::Step) => {
            (compared.method.clone(), compared.name.clone())
        }
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::NoDifference => "no difference",
        Verdict::NotComparable => "not comparable",
    }
}

/// The column of a measure.
fn place(measure: Measure) -> usize {
    match measure {
        Measure::Failures => 4,
        Measure::Percentile(percent) if percent <= 50.0 => 5,
        Measure::Percentile(percent) if percent <= 95.0 => 6,
        Measure::Percentile(_) => 7,
        Measure::Rps | Measure::Mean => 3,
    }
}

fn value(measure: Measure, number: f64) -> String {
    match measure {
        Measure::Rps => rate(number),
        Measure::Failures => format!("{number:.2}%"),
        Measure::Percentile(_) | Measure::Mean => ms(Some(number)),
    }
}

/// `+3.1%`; of failures, which are percent themselves, the difference.
fn signed(change: &Change) -> String {
    match change.measure {
        Measure::Failures => format!("{:+.2}", change.change),
        _ => format!("{:+.1}%", change.change),
    }
}

/// From which change on one of the 95th percentile would have been found.
fn smallest(compared: &Compared) -> String {
    let p95 = compared.changes.iter().find(|change| place(change.measure) == 6);
    p95.map(|change| format!("±{:.1}%", change.smallest)).unwrap_or_default()
}
