//! A folder of runs: its bounds, what is changed in it, several writers, and files that are no runs.

use super::folder::{History, Missing, reserve};
use super::id::Id;
use super::listed::Listed;
use crate::sample_report::report;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};
use swarm_core::clock::Timestamp;
use swarm_core::report::Report;
use tempfile::tempdir;

const GIB: u64 = 1 << 30;

/// A run that started so many seconds after a certain time.
fn run(second: u64, name: Option<&str>) -> Report {
    let mut report = report();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000 + second);
    report.run.started_at = Timestamp::from(time);
    report.run.spec.name = name.map(str::to_owned);
    report
}

fn names(history: &History) -> Vec<String> {
    history.list().iter().map(|run| run.name().unwrap_or("-").to_owned()).collect()
}

fn id(listed: &Listed) -> Id {
    listed.id.parse().expect("an id")
}

#[test]
fn a_run_comes_back_as_it_was_and_can_be_called_otherwise() {
    let folder = tempdir().expect("a folder");
    let inner = folder.path().join("deep/runs");
    let history = History::bounded(&inner, 5, GIB);
    let kept = run(0, Some("before"));
    history.keep(&kept);
    let [listed] = &history.list()[..] else { panic!("one") };
    let id = id(listed);
    assert_eq!(history.latest(), Some(id.clone()));
    assert_eq!(history.report(&id).expect("readable"), kept);
    let brief = listed.run.as_ref().expect("readable");
    assert_eq!((brief.requests, brief.failures), (kept.totals.requests, kept.totals.failures));
    assert_eq!(brief.p95_ms, kept.totals.response_time_ms.p95);
    // Who has not written it reads the same.
    assert_eq!(History::in_folder(Some(inner.clone())).list(), history.list());

    history.label(&id, None, Some("two\nlines".to_owned())).expect("writable");
    let brief = history.list()[0].run.clone().expect("readable");
    assert_eq!((brief.name, brief.notes.as_deref()), (None, Some("two\nlines")));
    let mut renamed = kept;
    renamed.outcome.exit_code = 9;
    history.keep_again(&renamed);
    let again = history.report(&id).expect("readable");
    assert_eq!(again.outcome.exit_code, 9);
    assert_eq!(again.run.spec.notes.as_deref(), Some("two\nlines"));

    history.delete(&id).expect("there");
    assert!(matches!(history.delete(&id), Err(Missing::NotThere)));
    assert!(matches!(history.report(&id), Err(Missing::NotThere)));
    assert_eq!(history.list(), []);
    assert_eq!(fs::read_dir(&inner).expect("there").count(), 0);
}

#[test]
fn the_oldest_go_first_and_those_with_a_name_last() {
    let folder = tempdir().expect("a folder");
    let history = History::bounded(folder.path(), 3, GIB);
    for (second, name, left) in [
        (0, Some("a"), "a"),
        (1, None, "- a"),
        (2, None, "- - a"),
        (3, Some("b"), "b - a"),
        (4, None, "- b a"),
        (5, Some("c"), "c b a"),
        // The newest stays, so a named one has to go.
        (6, None, "- c b"),
        (7, None, "- c b"),
        (8, Some("d"), "d c b"),
        (9, Some("e"), "e d c"),
    ] {
        history.keep(&run(second, name));
        assert_eq!(names(&history).join(" "), left, "{second}");
    }
    let one = fs::metadata(history.path_of(&id(&history.list()[0]))).expect("there").len();
    let small = History::bounded(folder.path(), 50, one * 5 / 2);
    small.keep(&run(10, Some("f")));
    assert_eq!(names(&small), ["f", "e"], "bounded in bytes");
    let none = History::bounded(folder.path(), 0, GIB);
    none.keep(&run(11, None));
    assert_eq!(names(&none), ["f", "e"], "0 keeps no new one and takes nothing out");
}

#[test]
fn what_is_no_run_is_left_alone_and_what_is_broken_says_why() {
    let folder = tempdir().expect("a folder");
    let history = History::bounded(folder.path(), 1, GIB);
    let path = |name: &str| folder.path().join(name);
    let others = ["notes.txt", "run-.json.gz", "run-20261125-214046-3f9a1c.json", "result.json.gz"];
    for name in others {
        fs::write(path(name), "mine").expect("writable");
    }
    fs::create_dir(path("run-20261125-214046-aaaaaa.json.gz")).expect("writable");
    let broken = [
        ("20261125-214046-000001", b"".to_vec(), "EOF"),
        ("20261125-214046-000002", b"{\"schema\": 1}".to_vec(), "missing field"),
        (
            "20261125-214046-000003",
            b"{\"schema\": 99, \"swarm\": \"9.9\", \"run\": 5}".to_vec(),
            "it has format 99, of swarm 9.9",
        ),
        ("20261125-214046-000004", b"\x1f\x8b\x08\x00cut".to_vec(), ""),
    ];
    for (id, bytes, _) in &broken {
        fs::write(path(&format!("run-{id}.json.gz")), bytes).expect("writable");
    }
    let listed = history.list();
    assert_eq!(listed.len(), broken.len());
    for (run, (id, _, why)) in listed.iter().rev().zip(&broken) {
        assert_eq!(run.id, *id);
        let problem = run.problem.as_deref().expect("broken");
        assert!(problem.contains(why) && !problem.is_empty(), "{problem}");
        let report = history.report(&self::id(run));
        assert!(matches!(report, Err(Missing::Broken(_))), "{report:?}");
        assert!(history.label(&self::id(run), None, None).is_err());
    }
    history.keep(&run(0, None));
    assert_eq!(history.list().len(), 1, "those that are broken go too");
    for name in others {
        assert_eq!(fs::read_to_string(path(name)).expect("there"), "mine");
    }
}

#[test]
fn a_folder_that_can_not_be_written_is_no_reason_to_fail() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("writable");
    let history = History::bounded(&file.join("runs"), 5, GIB);
    history.keep(&run(0, None));
    assert_eq!((history.latest(), history.list()), (None, Vec::new()));
}

#[test]
fn two_that_write_at_once_take_different_names() {
    let folder = tempdir().expect("a folder");
    let path: &Path = folder.path();
    // Few names, so that they are drawn by several.
    let draw = || {
        let id = Id::draw(Timestamp::now()).to_string();
        format!("20261125-214046-00000{}", &id[id.len() - 1..]).parse().expect("an id")
    };
    let taken = thread::scope(|scope| {
        let writer = || {
            let mut taken = Vec::new();
            for _ in 0..4 {
                let id = reserve(path, draw).expect("there are sixteen");
                let file = path.join(id.file());
                crate::output::write(&file, "whole").expect("writable");
                taken.push(id);
            }
            taken
        };
        let writers: Vec<_> = (0..3).map(|_| scope.spawn(writer)).collect();
        writers.into_iter().flat_map(|it| it.join().expect("no panic")).collect::<Vec<_>>()
    });
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 12, "{taken:?}");
    assert_eq!(fs::read_dir(path).expect("there").count(), 12);
}

#[test]
fn what_an_ended_program_left_is_swept_away_after_a_day() {
    let folder = tempdir().expect("a folder");
    let old = SystemTime::now() - Duration::from_hours(25);
    for (name, time) in [
        ("run-20261125-214046-00000a.json.part", old),
        ("run-20261125-214046-00000b.json.part", SystemTime::now()),
        ("mine.json.part", old),
    ] {
        let file = fs::File::create(folder.path().join(name)).expect("writable");
        file.set_modified(time).expect("settable");
    }
    History::bounded(folder.path(), 1, GIB).keep(&run(0, None));
    let left = |name: &str| folder.path().join(name).exists();
    assert!(!left("run-20261125-214046-00000a.json.part"));
    assert!(left("run-20261125-214046-00000b.json.part") && left("mine.json.part"));
}

#[test]
fn a_word_means_a_run_or_all_of_a_name() {
    let folder = tempdir().expect("a folder");
    let history = History::bounded(folder.path(), 50, GIB);
    for (second, name) in [(0, Some("base")), (1, None), (2, Some("base")), (3, Some("new"))] {
        history.keep(&run(second, name));
    }
    let ids: Vec<Id> = history.list().iter().rev().map(id).collect();
    for (word, found) in [
        ("last", vec![&ids[3]]),
        ("last~0", vec![&ids[3]]),
        ("last~3", vec![&ids[0]]),
        ("last~4", vec![]),
        ("last~x", vec![]),
        ("base", vec![&ids[0], &ids[2]]),
        (&ids[1].to_string(), vec![&ids[1]]),
        ("20261125-214046-ffffff", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(history.find(word).iter().collect::<Vec<_>>(), found, "{word}");
    }
}

proptest! {
    /// What is accepted as an id is one, and its file is in the folder.
    #[test]
    fn ids_lead_nowhere(text in "[0-9a-f/.\\\\-]{0,25}") {
        if let Ok(id) = text.parse::<Id>() {
            prop_assert!(id.to_string() == text && !text.contains(['/', '.', '\\']));
            prop_assert_eq!(Id::of_file(&id.file()), Some(id));
        }
        let above = format!("../{text}");
        prop_assert!(above.parse::<Id>().is_err());
    }

    #[test]
    fn a_drawn_id_is_one_and_later_ones_are_greater(second in 0_u64..4_000_000_000) {
        let at = |second| Timestamp::from(SystemTime::UNIX_EPOCH + Duration::from_secs(second));
        let (one, later) = (Id::draw(at(second)), Id::draw(at(second + 1)));
        prop_assert!(one < later);
        prop_assert_eq!(one.to_string().parse::<Id>(), Ok(one));
    }
}
