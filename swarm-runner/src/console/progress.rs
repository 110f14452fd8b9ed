//! How far a run is, in a line and in a picture.

use super::numbers::{count, ms, rate, share};
use super::tables::{levels, requests, thresholds};
use std::time::Duration;
use swarm_core::duration;
use swarm_core::engine::{RunState, Snapshot};
use swarm_core::judge::Validity;
use swarm_core::stats::HistoryPoint;

/// The progress as one line, for pipes and logs.
pub(super) fn line(snapshot: &Snapshot, run_time: Option<Duration>) -> String {
    let parts = [state(snapshot, run_time)].into_iter().chain(figures(snapshot));
    parts.chain(failing(snapshot)).collect::<Vec<String>>().join(", ")
}

/// The thresholds that don't hold.
fn failing(snapshot: &Snapshot) -> Option<String> {
    let entries = snapshot.report.iter().flat_map(|report| &report.thresholds);
    let failing = entries.filter(|entry| !entry.passed && entry.value.is_some());
    let failing: Vec<String> = failing.map(|entry| entry.expression.to_string()).collect();
    (!failing.is_empty()).then(|| format!("failing: {}", failing.join(", ")))
}

fn state(snapshot: &Snapshot, run_time: Option<Duration>) -> String {
    let elapsed = duration::text(whole(snapshot.elapsed));
    let time = run_time
        .map_or_else(|| elapsed.clone(), |all| format!("{elapsed} of {}", duration::text(all)));
    let users = count(snapshot.users.into());
    let users = match snapshot.rate > 0.0 {
        true => format!(
            "{}/s arriving, {} in flight, {users} users",
            rate(snapshot.rate),
            count(snapshot.in_flight.into()),
        ),
        false => format!("{users} of {} users", count(snapshot.wanted.into())),
    };
    let validity = snapshot.report.as_ref().map(|report| report.outcome.validity);
    let doubt = match validity.filter(|validity| *validity != Validity::Valid) {
        Some(validity) => format!(" ({validity})"),
        None => String::new(),
    };
    format!("[{time}] {}{doubt}: {users}", word(snapshot.state))
}

fn word(state: RunState) -> &'static str {
    match state {
        RunState::Ready => "ready",
        RunState::Spawning => "spawning",
        RunState::Running => "running",
        RunState::Stopping => "stopping",
        RunState::Stopped => "stopped",
    }
}

fn figures(snapshot: &Snapshot) -> Option<String> {
    let report = snapshot.report.as_ref()?;
    let totals = &report.totals;
    // What is shown as current is the mean of the last seconds, as far as there are any.
    let recent: &[HistoryPoint] = &report.history[report.history.len().saturating_sub(10)..];
    let now = recent.iter().map(|point| point.rps).sum::<f64>() / recent.len().max(1) as f64;
    let last = recent.last();
    let dropped = match totals.dropped {
        0 => String::new(),
        some => format!(", {} dropped", count(some)),
    };
    Some(format!(
        "{}/s now, {} requests, failed {}{}, p50 {} ms, p95 {} ms",
        rate(now),
        count(totals.requests),
        share(totals.failures, totals.requests),
        dropped,
        ms(last.and_then(|point| point.p50)),
        ms(last.and_then(|point| point.p95)),
    ))
}

/// The progress as lines for a terminal of this size: a bar, the figures, and as many entries as fit.
pub(super) fn picture(
    snapshot: &Snapshot,
    run_time: Option<Duration>,
    (width, height): (usize, usize),
) -> Vec<String> {
    let mut lines = vec![bar(snapshot, run_time, width), state(snapshot, run_time)];
    lines.extend(figures(snapshot));
    if let Some(report) = &snapshot.report {
        if !report.thresholds.is_empty() {
            lines.extend(thresholds(report).lines().map(str::to_owned));
        }
        if let Some(capacity) = &report.capacity {
            lines.extend(levels(capacity).lines().map(str::to_owned));
        }
        let table = requests(report);
        let rows: Vec<&str> = table.lines().collect();
        let room = height.saturating_sub(lines.len() + 2);
        // Titles and rule, the first entries, and the sum with its rule.
        let entries = rows.len().saturating_sub(4);
        let shown = entries.min(room.saturating_sub(4));
        let hidden = entries - shown;
        let (head, tail) = (&rows[..2 + shown], &rows[rows.len() - 2..]);
        lines.extend(head.iter().map(|row| (*row).to_owned()));
        if hidden > 0 {
            lines.push(format!("… and {hidden} more"));
        }
        lines.extend(tail.iter().map(|row| (*row).to_owned()));
    }
    // One line must stay free for the cursor, or the terminal scrolls.
    let fitting = lines.into_iter().take(height.saturating_sub(1).max(1));
    fitting.map(|line| line.chars().take(width).collect()).collect()
}

fn bar(snapshot: &Snapshot, run_time: Option<Duration>, width: usize) -> String {
    let Some(all) = run_time.filter(|all| !all.is_zero()) else {
        return "Ctrl-C stops the run".to_owned();
    };
    let left = all.saturating_sub(snapshot.elapsed);
    let label = format!(" {} left", duration::text(whole(left)));
    let room = width.saturating_sub(label.len() + 2).min(60);
    let share = (snapshot.elapsed.as_secs_f64() / all.as_secs_f64()).min(1.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the room")]
    let done = (room as f64 * share) as usize;
    format!("[{}{}]{label}", "=".repeat(done), " ".repeat(room - done))
}

fn whole(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs_f64().round() as u64)
}
