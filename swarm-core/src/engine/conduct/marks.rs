//! What happened in a run, and when: the marks of its history.

use super::limit_search::Next;
use crate::judge::ThresholdEntry;
use crate::judge::search::LevelEntry;
use crate::plan::{Crowd, Load, RunSpec, Unit};
use crate::report::{Mark, MarkKind};
use std::time::Duration;

/// Most marks that a run keeps; then one says that later ones are left out.
const MOST: usize = 500;
/// Most of them that somebody set, so that they leave room for the others.
const MOST_NOTES: usize = 200;
/// Characters of one.
const LONGEST_NOTE: usize = 200;
/// Most stages of a load that are marked: more are the lines of a curve, and nobody's steps.
const MOST_STAGES: usize = 50;

/// The marks so far, and those that the plans will bring.
pub(crate) struct Marks {
    list: Vec<Mark>,
    /// Those of the plans, in no order.
    due: Vec<Due>,
    /// Which thresholds failed when they were last looked at.
    failed: Vec<bool>,
    /// How many levels of a search have ended.
    levels: usize,
}

/// A mark that comes with its time.
struct Due {
    mark: Mark,
    /// Whether it is of the run's own load, which may be changed.
    of_run: bool,
}

impl Marks {
    /// Those of a run that begins, and whose warm-up takes this long.
    pub(crate) fn new(spec: &RunSpec, warmup: Duration) -> Self {
        let failed = vec![false; spec.thresholds.len()];
        Self { list: Vec::new(), due: planned(spec, warmup), failed, levels: 0 }
    }

    /// All up to now.
    pub(crate) fn until(&mut self, now: Duration) -> Vec<Mark> {
        self.pass(now);
        self.list.clone()
    }

    /// Something happened.
    pub(crate) fn add(&mut self, at: Duration, kind: MarkKind, text: impl Into<String>) {
        self.pass(at);
        self.push(Mark { t_s: at.as_secs_f64(), kind, text: text.into() });
    }

    /// Somebody sets one: a line of text.
    ///
    /// # Errors
    ///
    /// Why there can be none.
    pub(crate) fn note(&mut self, at: Duration, text: &str) -> Result<(), String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Err("a mark needs a text".to_owned());
        }
        if text.chars().count() > LONGEST_NOTE {
            return Err(format!("a mark is a text of at most {LONGEST_NOTE} characters"));
        }
        self.pass(at);
        let notes = self.list.iter().filter(|mark| mark.kind == MarkKind::Note).count();
        if notes < MOST_NOTES && self.list.len() < MOST {
            self.add(at, MarkKind::Note, text);
            return Ok(());
        }
        if !self.list.iter().any(|mark| mark.kind == MarkKind::LeftOut) {
            self.add(at, MarkKind::LeftOut, "later marks that somebody set are left out");
        }
        Err(format!("there are too many marks: of those that are set a run keeps {MOST_NOTES}"))
    }

    /// A user's code sets one: nobody is there to be told what is wrong with it.
    pub(crate) fn note_of_code(&mut self, at: Duration, text: &str) {
        let short: String = text.chars().take(LONGEST_NOTE).collect();
        // Only that it is empty, or one too many, which a mark says.
        let _ = self.note(at, &short);
    }

    /// The run goes on to another load, whose stages begin now.
    pub(crate) fn load(&mut self, now: Duration, load: &Load) {
        self.add(now, MarkKind::Load, load.to_string());
        self.due.retain(|due| !due.of_run);
        let stages = stages(load, now, "").into_iter();
        self.due.extend(stages.map(|mark| Due { mark, of_run: true }));
    }

    /// How the thresholds stand at this time: those are marked that stand otherwise than before.
    pub(crate) fn thresholds(&mut self, at: Duration, entries: &[ThresholdEntry]) {
        for (index, entry) in entries.iter().enumerate() {
            let failed = entry.value.is_some() && !entry.passed;
            if std::mem::replace(&mut self.failed[index], failed) == failed {
                continue;
            }
            let kind = if failed { MarkKind::ThresholdFailed } else { MarkKind::ThresholdKept };
            self.add(at, kind, format!("{}: {}", entry.expression, entry.value_text()));
        }
    }

    /// How far a search is: the levels that have ended, and what it does next.
    pub(crate) fn search(&mut self, now: Duration, unit: Unit, levels: &[LevelEntry], next: &Next) {
        for level in levels.iter().skip(self.levels) {
            let verdict = if level.passed { "passed" } else { "failed" };
            let offered = rounded(level.offered);
            self.add(now, MarkKind::SearchLevel, format!("{offered} {unit} {verdict}"));
        }
        self.levels = levels.len();
        match next {
            Next::Load(load) => {
                let text = match load {
                    Load::Rate { rate } => format!("on to {}/s", rounded(rate.0)),
                    load => format!("on to {load}"),
                };
                self.add(now, MarkKind::SearchLevel, text);
            }
            Next::Confirm => {
                self.add(now, MarkKind::SearchLevel, "held once more, to be the answer")
            }
            Next::GoOn | Next::End => {}
        }
    }

    /// The figures begin anew; thresholds are judged by what comes.
    pub(crate) fn begin_figures(&mut self) {
        self.failed.fill(false);
    }

    /// The history begins anew, and the marks with it.
    pub(crate) fn reset(&mut self, now: Duration) {
        self.pass(now);
        self.list.clear();
        self.add(now, MarkKind::Reset, "figures are counted from here on");
    }

    /// Users are told to stop: what the plans would have brought does not come.
    pub(crate) fn stopping(&mut self, now: Duration, why: &str) {
        self.add(now, MarkKind::Stopping, why);
        self.due.clear();
    }

    /// Adds those of the plans that have come.
    fn pass(&mut self, now: Duration) {
        let now = now.as_secs_f64();
        let mut come: Vec<Due> = self.due.extract_if(.., |due| due.mark.t_s <= now).collect();
        come.sort_by(|a, b| a.mark.t_s.total_cmp(&b.mark.t_s));
        come.into_iter().for_each(|due| self.push(due.mark));
    }

    fn push(&mut self, mark: Mark) {
        let text = "later ones are left out".to_owned();
        let last = Mark { t_s: mark.t_s, kind: MarkKind::LeftOut, text };
        match self.list.len() {
            MOST => self.list.push(last),
            // Seconds are closed a little late, so their marks may come behind later ones.
            len if len < MOST => {
                let at = self.list.partition_point(|known| known.t_s <= mark.t_s);
                self.list.insert(at, mark);
            }
            _ => {}
        }
    }
}

/// What the plans of a run bring: the end of the warm-up, and each stage's begin.
fn planned(spec: &RunSpec, warmup: Duration) -> Vec<Due> {
    let start = Duration::ZERO;
    let own = spec.classes.iter().filter(|class| class.load.is_some());
    let of_classes = own.flat_map(|class| {
        let load = class.load.iter();
        load.flat_map(|load| stages(load, start, &format!("{}: ", class.name)))
    });
    let nobody = Crowd::of(spec).first().is_none_or(Crowd::is_empty);
    let of_run = if nobody { Vec::new() } else { stages(&spec.load, start, "") };
    let of_run = of_run.into_iter().map(|mark| Due { mark, of_run: true });
    let over = (!warmup.is_zero()).then(|| Mark {
        t_s: warmup.as_secs_f64(),
        kind: MarkKind::WarmupOver,
        text: "the warm-up is over".to_owned(),
    });
    of_classes.chain(over).map(|mark| Due { mark, of_run: false }).chain(of_run).collect()
}

/// What a search halves is no round number.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// Each stage's begin, for a load that begins then.
fn stages(load: &Load, since: Duration, whose: &str) -> Vec<Mark> {
    let Load::Stages { stages } = load else { return Vec::new() };
    let count = stages.stages().len();
    if count > MOST_STAGES {
        return Vec::new();
    }
    let mark = |(index, (begin, stage)): (usize, (Duration, String))| Mark {
        t_s: (since + begin).as_secs_f64(),
        kind: MarkKind::Stage,
        text: format!("{whose}stage {} of {count}: {stage}", index + 1),
    };
    stages.begins().enumerate().map(mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Phase, Thresholds};
    use crate::plan::{ClassSpec, Rate};
    use crate::stats::{Delta, Kind, Phases, Recorder, Sample, SampleResult};
    use crate::threshold::parse_list;

    const S: Duration = Duration::from_secs(1);

    fn load(text: &str) -> Load {
        Load::Stages { stages: text.parse().expect("stages") }
    }

    fn shown(marks: &mut Marks, now: Duration) -> Vec<String> {
        let list = marks.until(now).into_iter();
        list.map(|Mark { t_s, kind, text }| format!("{t_s} {kind:?} {text}")).collect()
    }

    #[test]
    fn what_the_plans_bring_is_marked_when_it_comes() {
        let classes = ["A", "B"].map(|name| ClassSpec::new(name, 1));
        let mut spec = RunSpec::new(classes.into());
        spec.load = load("10@4s, 0@1m");
        spec.classes[1].load = Some(load("5/s@3s, 0/s@1s"));
        let mut marks = Marks::new(&spec, S * 2);
        let first = ["0 Stage B: stage 1 of 2: 5/s@3s", "0 Stage stage 1 of 2: 10@4s"];
        assert_eq!(shown(&mut marks, S), first);
        let later = ["2 WarmupOver the warm-up is over", "3 Stage B: stage 2 of 2: 0/s@1s"];
        assert_eq!(shown(&mut marks, S * 3), [first, later].concat());
        marks.load(S * 3, &load("7@1s, 7@1s"));
        let changed = ["3 Load 7@1s, 7@1s", "3 Stage stage 1 of 2: 7@1s"];
        assert_eq!(shown(&mut marks, S * 3), [first, later, changed].concat());
        marks.stopping(S * 3, "enough");
        let all = [&first[..], &later, &changed, &["3 Stopping enough"]].concat();
        assert_eq!(shown(&mut marks, S * 99), all, "what was planned does not come any more");
        // Nobody is left for the run's own load; and a shape has no stages.
        spec.classes[0].weight = 0;
        let curve: Vec<String> = (0..=MOST_STAGES).map(|users| format!("{users}@1s")).collect();
        spec.classes[1].load = Some(load(&curve.join(",")));
        assert_eq!(shown(&mut Marks::new(&spec, Duration::ZERO), S), [""; 0]);
    }

    #[test]
    fn a_reset_forgets_what_the_history_does() {
        let spec = RunSpec {
            load: load("1@1s, 2@1s, 3@1s"),
            ..RunSpec::new(vec![ClassSpec::new("A", 1)])
        };
        let mut marks = Marks::new(&spec, Duration::ZERO);
        marks.add(S / 2, MarkKind::SpawningComplete, "all");
        assert_eq!(marks.until(S).len(), 3);
        marks.reset(S * 3 / 2);
        let left = ["1.5 Reset figures are counted from here on", "2 Stage stage 3 of 3: 3@1s"];
        assert_eq!(shown(&mut marks, S * 2), left);
    }

    #[test]
    fn thresholds_are_marked_where_they_turn() {
        let list = parse_list("failures < 30%, p95 < 1s").expect("valid");
        let mut thresholds = Thresholds::new(&list, false);
        let spec = RunSpec { thresholds: list, ..RunSpec::new(Vec::new()) };
        let mut marks = Marks::new(&spec, Duration::ZERO);
        for (second, result) in [true, false, false, true, true, true, true].into_iter().enumerate()
        {
            let mut recorder = Recorder::default();
            recorder.record(&Sample {
                kind: Kind::Http,
                method: "GET",
                name: "/",
                response_time: S / 10,
                from_schedule: None,
                phases: Phases::default(),
                bytes: 0,
                status: None,
                result: if result { SampleResult::Ok } else { SampleResult::Failed("500") },
            });
            let (number, now) = (second as u64, S * (second as u32 + 1));
            thresholds.add(number, &recorder.drain(), Phase::Steady, now);
            marks.thresholds(now, &thresholds.entries());
        }
        let turns =
            ["2 ThresholdFailed failures < 30%: 50%", "7 ThresholdKept failures < 30%: 28.57%"];
        assert_eq!(shown(&mut marks, S * 9), turns);
        thresholds.reset();
        marks.begin_figures();
        thresholds.add(9, &Delta::default(), Phase::Steady, S);
        marks.thresholds(S * 10, &thresholds.entries());
        assert_eq!(shown(&mut marks, S * 10), turns, "nothing to judge is no turn");
    }

    #[test]
    fn levels_of_a_search_are_marked_as_they_end_and_begin() {
        let level = |offered, passed| LevelEntry {
            offered,
            achieved: offered,
            in_flight: 1.0,
            p50: None,
            p95: None,
            p99: None,
            failures: 0.0,
            passed,
        };
        let levels = [level(100.0, true), level(200.0, false)];
        let next = Next::Load(Load::Rate { rate: Rate(200.0) });
        let mut marks = Marks::new(&RunSpec::new(Vec::new()), Duration::ZERO);
        marks.search(S, Unit::Rate, &[], &Next::GoOn);
        marks.search(S * 2, Unit::Rate, &levels[..1], &next);
        marks.search(S * 3, Unit::Rate, &levels[..1], &Next::GoOn);
        marks.search(S * 4, Unit::Rate, &levels, &Next::Confirm);
        let expected = [
            "2 SearchLevel 100 iterations/s passed",
            "2 SearchLevel on to 200/s",
            "4 SearchLevel 200 iterations/s failed",
            "4 SearchLevel held once more, to be the answer",
        ];
        assert_eq!(shown(&mut marks, S * 9), expected);
    }

    #[test]
    fn what_people_set_is_checked_and_leaves_room_for_the_rest() {
        let mut marks = Marks::new(&RunSpec::new(Vec::new()), Duration::ZERO);
        for (text, why) in [(" \n", "needs a text"), (&*"x".repeat(201), "at most 200")] {
            let error = marks.note(S, text).expect_err(text);
            assert!(error.contains(why), "{error}");
        }
        assert_eq!(marks.note(S, " deployed\nv2 "), Ok(()));
        marks.note_of_code(S, &"ö".repeat(300));
        let shown = shown(&mut marks, S);
        assert_eq!(shown, ["1 Note deployed v2".to_owned(), format!("1 Note {}", "ö".repeat(200))]);
        for number in 3..=MOST_NOTES {
            assert_eq!(marks.note(S, &number.to_string()), Ok(()), "{number}");
        }
        for _ in 0..3 {
            assert!(marks.note(S * 2, "one more").expect_err("full").contains("keeps 200"));
        }
        marks.stopping(S * 3, "enough");
        let kinds: Vec<_> = marks.until(S * 3).iter().map(|mark| mark.kind).collect();
        assert_eq!(kinds[MOST_NOTES..], [MarkKind::LeftOut, MarkKind::Stopping]);
        marks.reset(S * 4);
        assert_eq!(marks.note(S * 5, "room again"), Ok(()));
    }

    #[test]
    fn they_are_in_order_and_bounded() {
        let mut marks = Marks::new(&RunSpec::new(Vec::new()), Duration::ZERO);
        (1..=600_u32).rev().for_each(|second| marks.add(S * second, MarkKind::Load, "x"));
        let list = marks.until(S * 999);
        assert_eq!(list.len(), MOST + 1);
        assert!(list[..MOST].is_sorted_by(|a, b| a.t_s <= b.t_s));
        assert_eq!(list[MOST].kind, MarkKind::LeftOut);
        let json = serde_json::to_string(&list).expect("serializes");
        assert!(json.contains(r#"{"t_s":100.0,"kind":"left_out","text":"later"#), "{json}");
        assert_eq!(serde_json::from_str::<Vec<Mark>>(&json).expect("reads"), list);
    }
}
