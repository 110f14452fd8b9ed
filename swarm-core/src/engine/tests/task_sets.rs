//! Orders of tasks and task sets, on paused time: who does what, when, and how it ends.

use super::simulation::{Simulated, crowd, note, rounded, simulate, simulate_class};
use crate::plan::ClassSpec;
use crate::prelude::*;
use tokio::time::sleep;

/// One after the other, as often as their weights say.
#[user(wait = constant(1s), sequential)]
struct Orderly {
    context: Context,
}

#[tasks]
impl Orderly {
    #[task(3)]
    fn one(&mut self) {
        note(&self.context, "1");
    }

    #[task(2)]
    fn two(&mut self) {
        note(&self.context, "2");
    }

    #[task]
    fn three(&mut self) {
        note(&self.context, "3");
    }
}

/// One task, and a set of two that is left after each.
#[user(wait = constant(1ms))]
struct Divided;

#[tasks]
impl Divided {
    #[task]
    fn alone(&mut self) {}

    #[task_set]
    fn pair(&mut self) -> Pair {
        Pair
    }
}

#[task_set]
struct Pair;

#[tasks]
impl Pair {
    #[task]
    fn left(&mut self) -> ControlFlow<()> {
        ControlFlow::Break(())
    }

    #[task]
    fn right(&mut self) -> TaskResult<ControlFlow<()>> {
        Ok(ControlFlow::Break(()))
    }
}

/// A class of weight 1, and one of weight 3, with tasks of weights 1 and 3 each.
#[user(wait = constant(1ms))]
struct Rare;

#[tasks]
impl Rare {
    #[task]
    fn rare(&mut self) {}

    #[task(3)]
    fn common(&mut self) {}
}

#[user(weight = 3, wait = constant(1ms))]
struct Common;

#[tasks]
impl Common {
    #[task]
    fn rare(&mut self) {}

    #[task(3)]
    fn common(&mut self) {}
}

/// Goes to the library, which has waits of its own and a reading room in it; how that ends depends on its number.
#[user(wait = constant(1s), sequential)]
struct Reader {
    context: Context,
    pages: u32,
    visits: u32,
}

#[tasks]
impl Reader {
    #[task]
    fn outside(&mut self) {
        note(&self.context, "outside");
    }

    #[task_set]
    fn library(&mut self) -> Library<'_> {
        self.visits += 1;
        Library { reader: self }
    }

    #[on_stop]
    fn go_home(&mut self) {
        note(&self.context, "home");
    }
}

#[task_set(sequential, wait = constant(2s))]
struct Library<'u> {
    reader: &'u mut Reader,
}

#[tasks]
impl Library<'_> {
    #[on_start]
    fn enter(&mut self) -> TaskResult {
        note(&self.reader.context, "enter");
        (self.reader.context.number() != 1).or_fail("closed")
    }

    #[task]
    fn look(&mut self) {
        note(&self.reader.context, "look");
    }

    #[task_set]
    fn room(&mut self) -> Room<'_> {
        Room { reader: self.reader, here: 0 }
    }

    #[task]
    fn leave(&mut self) -> ControlFlow<()> {
        note(&self.reader.context, "leave");
        ControlFlow::Break(())
    }

    #[on_stop]
    async fn say_goodbye(&mut self) {
        note(&self.reader.context, "goodbye");
        if self.reader.context.number() == 4 {
            sleep(Duration::from_secs(4)).await;
        }
    }
}

#[task_set]
struct Room<'u> {
    reader: &'u mut Reader,
    here: u32,
}

#[tasks]
impl Room<'_> {
    #[task]
    async fn read(&mut self) -> TaskResult<ControlFlow<()>> {
        let context = &self.reader.context;
        note(context, "read");
        self.reader.pages += 1;
        self.here += 1;
        match context.number() {
            2 => return Err(StopUser.into()),
            3 => panic!("it burns"),
            5 => return Err(StopTest::new("no books").into()),
            6 => sleep(Duration::from_secs(60)).await,
            _ => {}
        }
        Ok(if self.here == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

/// Twice a second, in a set or not.
#[user(wait = constant_throughput(2.0))]
struct Punctual {
    context: Context,
}

#[tasks]
impl Punctual {
    #[task_set]
    fn round(&mut self) -> Round<'_> {
        Round { context: &self.context, laps: 0 }
    }
}

#[task_set(sequential)]
struct Round<'u> {
    context: &'u Context,
    laps: u32,
}

#[tasks]
impl Round<'_> {
    #[task]
    async fn lap(&mut self) {
        note(self.context, "lap");
        self.laps += 1;
        sleep(Duration::from_millis(100)).await;
    }

    #[task(name = "the last")]
    async fn last(&mut self) -> ControlFlow<()> {
        note(self.context, "last");
        sleep(Duration::from_millis(900)).await;
        ControlFlow::Break(())
    }
}

/// A page leads to a page or, rarely, away.
#[user]
struct Surfer {
    context: Context,
}

#[tasks]
impl Surfer {
    #[task]
    #[transition(page)]
    fn home(&mut self) {
        note(&self.context, "home");
    }

    #[task]
    #[transition(page, 8)]
    #[transition(away, 2)]
    fn page(&mut self) {
        note(&self.context, "page");
    }

    #[task]
    #[transition(home)]
    async fn away(&mut self) {
        note(&self.context, "away");
        sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn a_sequential_class_goes_through_its_tasks_and_begins_again() {
    let deeds = crowd("Orderly", 1, 8.5).deeds_of(0);
    assert_eq!(deeds, ["1", "1", "1", "2", "2", "3", "1", "1", "1"]);
}

/// Each of these tasks' share of all runs.
fn shares(simulated: &Simulated, tasks: &[(&str, &str)]) -> Vec<f64> {
    let runs = |(class, task): &(&str, &str)| simulated.task(class, task).duration.count() as f64;
    let counts: Vec<f64> = tasks.iter().map(runs).collect();
    let all: f64 = counts.iter().sum();
    assert!(all > 20_000.0, "{all}");
    counts.iter().map(|count| count / all).collect()
}

/// Five standard errors of a share of 20,000 are less than this.
fn assert_shares(found: &[f64], expected: &[f64]) {
    let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 0.018);
    assert!(near && found.len() == expected.len(), "{found:?} is not {expected:?}");
}

#[test]
fn a_set_is_picked_as_often_as_a_task_and_divides_that() {
    let simulated = crowd("Divided", 10, 5.0);
    let tasks = [("Divided", "alone"), ("Divided", "pair::left"), ("Divided", "pair::right")];
    assert_shares(&shares(&simulated, &tasks), &[0.5, 0.25, 0.25]);
    assert_eq!(simulated.delta.tasks.len(), 3, "a set is no task by itself");
}

#[test]
fn weights_of_classes_and_of_tasks_multiply() {
    let classes = vec![ClassSpec::new("Rare", 1), ClassSpec::new("Common", 3)];
    let simulated = simulate(classes, 7, async |shard| {
        shard.load(8, 1e6);
        shard.until(6.0).await;
        shard.stop(0.0);
    });
    let tasks = [("Rare", "rare"), ("Rare", "common"), ("Common", "rare"), ("Common", "common")];
    assert_shares(&shares(&simulated, &tasks), &[0.0625, 0.1875, 0.1875, 0.5625]);
}

#[test]
fn a_set_has_its_own_start_waits_state_and_end() {
    let simulated = crowd("Reader", 1, 9.5);
    let once = ["outside", "enter", "look", "read", "read", "leave", "goodbye", "outside", "enter"];
    assert_eq!(simulated.deeds_of(0)[..9], once);
    // A second outside; two in the library and in its room, which has no waits of its own; again one outside.
    assert_eq!(rounded(&simulated.times("enter")), [1.0, 9.0]);
    assert_eq!(rounded(&simulated.times("read")), [3.0, 5.0]);
    assert_eq!(rounded(&simulated.times("leave")), [7.0]);
    assert_eq!(rounded(&simulated.times("outside")), [0.0, 8.0]);
    assert_eq!(simulated.task("Reader", "library::room::read").duration.count(), 2);
}

#[test]
fn who_is_told_to_stop_leaves_each_set_and_then_ends() {
    let simulated = simulate_class("Reader", async |shard| {
        shard.load(1, 1.0);
        shard.until(4.0).await;
        shard.stop(10.0);
    });
    let deeds = ["outside", "enter", "look", "read", "goodbye", "home"];
    assert_eq!(simulated.deeds_of(0), deeds);
    assert_eq!(rounded(&simulated.times("home")), [4.0]);
    // Seven, because a user's number decides: the fifth says goodbye for long, and yet they have five seconds for all.
    let simulated = simulate_class("Reader", async |shard| {
        shard.load(7, 1e6);
        shard.until(4.0).await;
        shard.stop(0.0);
    });
    assert_eq!(simulated.deeds_of(4).last_chunk(), Some(&["goodbye", "home"]));
    let last = simulated.reports.last().expect("a report");
    assert_eq!(last.second, 8, "4 s and 4 s more");
}

#[test]
fn a_set_that_can_not_begin_is_left_and_the_user_waits_and_goes_on() {
    let simulated = crowd("Reader", 2, 4.5);
    assert_eq!(simulated.deeds_of(1), ["outside", "enter", "outside", "enter", "outside", "home"]);
    let closed = ("library::on_start".to_owned(), "closed".to_owned(), 2);
    assert_eq!(simulated.exceptions(), [closed]);
}

#[test]
fn ends_and_panics_in_a_set_are_the_users() {
    let simulated = crowd("Reader", 7, 4.5);
    let inside = ["outside", "enter", "look", "read"];
    let told = |user: u32| simulated.deeds_of(user).into_iter().skip(4).collect::<Vec<_>>();
    assert_eq!(simulated.deeds_of(2)[..4], inside);
    assert_eq!(told(2), ["goodbye", "home"], "who says so ends in good order");
    assert_eq!(told(3), ["outside", "home"], "who panics is built anew, without a goodbye");
    assert_eq!(told(5), ["goodbye", "home"]);
    assert_eq!(simulated.stop_requests, [("Reader", "no books".to_owned())]);
    assert_eq!(told(6), ["goodbye", "home"], "what was cut off is no run");
    let read = simulated.task("Reader", "library::room::read");
    // Those of 0, 2, 3, 4 and 5; no more than a panic is an error.
    assert_eq!((read.duration.count(), read.failed.count()), (4, 1));
    let panics: Vec<String> = simulated.exceptions().into_iter().map(|(task, ..)| task).collect();
    assert_eq!(panics, ["library::on_start", "library::room::read"]);
}

#[test]
fn due_times_go_on_through_sets() {
    let simulated = crowd("Punctual", 1, 3.3);
    // A second lap is due when the last one runs, so it begins late.
    assert_eq!(rounded(&simulated.times("lap")), [0.0, 1.4, 2.4]);
    assert_eq!(rounded(&simulated.times("last")), [0.5, 1.5, 2.5]);
    let lap = simulated.task("Punctual", "round::lap");
    assert_eq!(lap.start_delay.max(), Some(400_000.0));
    assert_eq!(lap.from_schedule.max(), Some(500_000.0));
    let last = simulated.task("Punctual", "round::the last");
    assert_eq!((lap.duration.count(), last.duration.count()), (3, 2));
    // That of 3.0 s was due: the first of a round.
    assert_eq!((lap.missed, last.missed), (1, 0));
}

#[test]
fn transitions_say_what_follows() {
    let deeds = crowd("Surfer", 1, 2.0).deeds_of(0);
    assert_eq!(deeds[..2], ["home", "page"]);
    let pairs: Vec<[&str; 2]> = deeds.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let count = |pair: [&str; 2]| pairs.iter().filter(|known| **known == pair).count() as f64;
    let (stays, goes) = (count(["page", "page"]), count(["page", "away"]));
    assert_eq!(
        pairs.len() as f64,
        stays + goes + count(["home", "page"]) + count(["away", "home"])
    );
    assert!(goes > 500.0, "{goes}");
    // The standard error is 0.006 or less.
    assert!((goes / (goes + stays) - 0.2).abs() < 0.03, "{goes} of {stays}");
}

#[test]
fn weights_of_a_run_are_those_that_count() {
    let weights = [("alone", 0), ("pair::left", 0)];
    let task_weights = weights.map(|(name, weight)| (name.to_owned(), weight)).into();
    let class = ClassSpec { task_weights, ..ClassSpec::new("Divided", 1) };
    let run = simulate(vec![class], 7, async |shard| {
        shard.load(5, 1e6);
        shard.until(2.0).await;
        shard.stop(0.0);
    });
    let runs = |task| run.task("Divided", task).duration.count();
    assert!(runs("pair::right") > 1_000, "{}", runs("pair::right"));
    assert_eq!((runs("alone"), runs("pair::left")), (0, 0));
}
