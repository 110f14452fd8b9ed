//! What is shown of a run as a whole, of its thresholds, and of the generator.

use super::family::{Family, Label, MOST, Number, Point, Points, Unit};
use swarm_core::engine::{RunState, Snapshot};
use swarm_core::judge::Validity;
use swarm_core::report::Report;
use swarm_core::stats::OTHER;

/// Whatever is known, even before the first run.
pub(super) fn state(snapshot: &Snapshot) -> Vec<Family> {
    let states = [
        ("ready", RunState::Ready),
        ("spawning", RunState::Spawning),
        ("running", RunState::Running),
        ("stopping", RunState::Stopping),
        ("stopped", RunState::Stopped),
    ];
    let of_all = states.map(|(word, state)| (word, state == snapshot.state));
    let offered = if snapshot.why.is_none() { snapshot.rate } else { 0.0 };
    vec![
        state_set("swarm_run_state", "How far the run is.", of_all.to_vec()),
        Family::gauge(
            "swarm_run_elapsed",
            "Time since the start of the run.",
            Unit::Seconds,
            Some(snapshot.elapsed.as_secs_f64()),
        ),
        Family::numbers(
            "swarm_iterations_in_flight",
            "Iterations that are running.",
            [(Vec::new(), u64::from(snapshot.in_flight))],
        ),
        Family::gauge(
            "swarm_offered_iterations_per_second",
            "Iterations that arrive per second, as the load says; 0 for a load of users.",
            Unit::Things,
            Some(offered),
        ),
    ]
}

pub(super) fn run(number: u32, report: &Report) -> Vec<Family> {
    let run = &report.run;
    let info = vec![
        ("version", report.swarm.clone()),
        ("host", run.spec.host.clone().unwrap_or_default()),
        ("seed", run.spec.seed.to_string()),
        ("run", number.to_string()),
    ];
    let words = [
        ("valid", Validity::Valid),
        ("suspect", Validity::Suspect),
        ("invalid", Validity::Invalid),
    ];
    let validity = words.map(|(word, validity)| (word, validity == report.outcome.validity));
    let exceptions = report.exceptions.iter().map(|row| row.occurrences).sum();
    vec![
        Family {
            name: "swarm_run",
            help: "What is run, by which version of swarm, and which run of the program it is.",
            unit: Unit::Things,
            points: Points::Info(info),
        },
        Family::gauge(
            "swarm_run_start_time",
            "When the run began, in seconds since 1970.",
            Unit::Seconds,
            Some(run.started_at.millis() as f64 / 1_000.0),
        ),
        Family::gauge(
            "swarm_run_measured_from",
            "Since when figures count, from the start of the run: the end of the warm-up, or the last reset.",
            Unit::Seconds,
            Some(run.measured_from_s),
        ),
        Family::numbers(
            "swarm_run_exit_code",
            "The exit code that the run would end with now.",
            [(Vec::new(), u64::from(report.outcome.exit_code))],
        ),
        state_set(
            "swarm_run_validity",
            "Whether the measurement can be trusted.",
            validity.to_vec(),
        ),
        count(
            "swarm_exceptions",
            "Errors of tasks and listeners that are no failed requests.",
            exceptions,
        ),
        count(
            "swarm_dropped_iterations",
            "Iterations that arrived while no user was free, and did not take place.",
            report.totals.dropped,
        ),
        count(
            "swarm_missed_iterations",
            "Iterations that were due and had not started at the end.",
            report.totals.missed,
        ),
    ]
}

pub(super) fn wire(report: &Report) -> Vec<Family> {
    let wire = report.wire;
    let outcomes = [
        ("answered", wire.answered),
        ("not_sent", wire.not_sent),
        ("partly_sent", wire.partly_sent),
        ("sent_unanswered", wire.sent_unanswered),
    ];
    let labels = |outcome: &str| vec![("outcome", outcome.to_owned())];
    vec![
        Family::counts(
            "swarm_wire_attempts",
            "Attempts on the wire by what became of them, those of redirects, retries and logins too.",
            outcomes.map(|(outcome, count)| (labels(outcome), count)),
        ),
        count(
            "swarm_wire_retries",
            "Attempts that repeat one whose idle connection the server had closed.",
            wire.retries,
        ),
    ]
}

/// Of those beyond the bound, whether all are kept.
pub(super) fn thresholds(report: &Report) -> Family {
    let mut rows: Vec<(String, bool)> = Vec::new();
    for entry in &report.thresholds {
        let own = entry.expression.to_string();
        let place = |rows: &[(String, bool)], text: &str| rows.iter().position(|row| row.0 == text);
        let has_its_own = rows.len() < MOST || place(&rows, &own).is_some();
        let text = if has_its_own { own } else { OTHER.to_owned() };
        match place(&rows, &text) {
            Some(place) => rows[place].1 &= entry.passed,
            None => rows.push((text, entry.passed)),
        }
    }
    let points = rows.into_iter().map(|(text, kept)| (vec![("threshold", text)], kept.into()));
    Family::numbers(
        "swarm_threshold_kept",
        "Whether a threshold holds; one over a window, whether it always held.",
        points,
    )
}

pub(super) fn generator(snapshot: &Snapshot, report: &Report) -> Vec<Family> {
    let health = &report.outcome.health;
    let vitals = snapshot.vitals.filter(|_| snapshot.state != RunState::Stopped);
    let seconds = |name, help, value| Family {
        name,
        help,
        unit: Unit::Seconds,
        points: Points::Counter(vec![Point { labels: Vec::new(), value: Number::Real(value) }]),
    };
    let labels = |lacking: &str| -> Vec<Label> { vec![("lacking", lacking.to_owned())] };
    let scarce = health.scarce;
    vec![
        Family::gauge(
            "swarm_generator_cpu",
            "Part of the CPU that the load generator used in the last second, of all cores that it may use.",
            Unit::Ratio,
            vitals.and_then(|it| it.cpu),
        ),
        Family::gauge(
            "swarm_generator_steal",
            "Part of the CPU that other virtual machines took in the last second.",
            Unit::Ratio,
            vitals.and_then(|it| it.steal),
        ),
        Family::gauge(
            "swarm_generator_lag",
            "How late the load generator was at most in the last second.",
            Unit::Seconds,
            vitals.map(|it| it.lag.as_secs_f64()),
        ),
        seconds(
            "swarm_generator_examined",
            "Seconds in which the load generator was looked at.",
            f64::from(health.seconds),
        ),
        seconds(
            "swarm_generator_bad",
            "Seconds in which the load generator was too late.",
            f64::from(health.bad_seconds),
        ),
        seconds(
            "swarm_generator_throttled",
            "How long a limit of the container stopped the load generator.",
            health.throttled_s.unwrap_or_default(),
        ),
        Family::counts(
            "swarm_generator_lacked_connections",
            "Connections that could not be made for lack of file descriptors or local ports.",
            [(labels("descriptors"), scarce.descriptors), (labels("ports"), scarce.ports)],
        ),
    ]
}

fn count(name: &'static str, help: &'static str, sum: u64) -> Family {
    Family::counts(name, help, [(Vec::new(), sum)])
}

fn state_set(name: &'static str, help: &'static str, states: Vec<(&'static str, bool)>) -> Family {
    Family { name, help, unit: Unit::Things, points: Points::StateSet(states) }
}
