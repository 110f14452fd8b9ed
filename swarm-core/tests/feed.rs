//! Rows as the users of real runs get them.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::time::Duration;
use swarm_core::context::Resources;
use swarm_core::engine::{Command, Event, RunHandle};
use swarm_core::feed::Feeds;
use swarm_core::judge::Ending;
use swarm_core::plan::{ClassSpec, Load, RunSpec};
use swarm_core::prelude::*;
use swarm_core::report::Report;
use swarm_core::user::Registry;
use tokio::time::{sleep, timeout};

fn numbers(count: u32) -> Vec<u32> {
    (0..count).collect()
}

#[feed(rows = tickets, order = once)]
struct Ticket(u32);

fn tickets() -> Vec<Ticket> {
    numbers(500).into_iter().map(Ticket).collect()
}

static TICKETS: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Uses up all tickets.
#[user(wait = constant(1ms))]
struct Visitor {
    tickets: Feed<Ticket>,
}

#[tasks]
impl Visitor {
    #[task]
    fn enter(&mut self) -> TaskResult {
        let ticket = self.tickets.next()?;
        TICKETS.lock().expect("no panic").push(ticket.0);
        Ok(())
    }
}

#[feed(rows = vouchers, order = once(then = fail))]
struct Voucher(u32);

fn vouchers() -> Result<Vec<Voucher>, std::num::ParseIntError> {
    "1 2 3".split(' ').map(|number| number.parse().map(Voucher)).collect()
}

/// Gets a voucher, or an error; five times.
#[user]
struct Saver {
    vouchers: Feed<Voucher>,
    runs: u32,
    sum: u32,
}

#[tasks]
impl Saver {
    #[task]
    fn save(&mut self) -> TaskResult {
        self.runs += 1;
        if self.runs > 5 {
            return (self.sum == 6).or_fail("other vouchers").and(Err(StopUser.into()));
        }
        self.sum += self.vouchers.next()?.0;
        Ok(())
    }
}

#[feed(rows = keys, order = unique)]
struct Key(usize);

fn keys() -> Vec<Key> {
    (0..3).map(Key).collect()
}

static HELD: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];
static USED: [AtomicU32; 3] = [const { AtomicU32::new(0) }; 3];

/// Holds a key that nobody else has; panics now and then.
#[user(wait = constant(1ms))]
struct Tenant {
    key: Row<Key>,
    runs: u32,
}

#[tasks]
impl Tenant {
    #[task]
    async fn enter(&mut self) {
        let held = &HELD[self.key.0];
        assert!(!held.swap(true, SeqCst), "two have the key");
        sleep(Duration::from_millis(2)).await;
        held.store(false, SeqCst);
        USED[self.key.0].fetch_add(1, SeqCst);
        self.runs += 1;
        assert!(self.runs < 5, "lost the key");
    }
}

#[feed(rows = songs, order = random)]
struct Song(u32);

fn songs() -> Vec<Song> {
    numbers(1_000).into_iter().map(Song).collect()
}

#[feed(rows = books, order = shuffled)]
struct Book(u32);

fn books() -> Vec<Book> {
    numbers(100).into_iter().map(Book).collect()
}

static CHOSEN: Mutex<BTreeMap<u32, Vec<u32>>> = Mutex::new(BTreeMap::new());

/// Chooses ten songs, and a book for its life.
#[user]
struct Listener {
    context: Context,
    songs: Feed<Song>,
    book: Row<Book>,
    count: u32,
}

#[tasks]
impl Listener {
    #[task]
    fn choose(&mut self) -> TaskResult {
        let song = self.songs.next()?;
        let mut chosen = CHOSEN.lock().expect("no panic");
        let mine = chosen.entry(self.context.number()).or_insert_with(|| vec![self.book.0]);
        mine.push(song.0);
        self.count += 1;
        if self.count == 10 { Err(StopUser.into()) } else { Ok(()) }
    }
}

#[feed(file = "orders.jsonl")]
#[derive(serde::Deserialize)]
struct Purchase {
    price: u32,
}

/// Reads a file.
#[user(wait = constant(1ms))]
struct Buyer {
    purchases: Feed<Purchase>,
    sum: u32,
}

#[tasks]
impl Buyer {
    #[task]
    fn buy(&mut self) -> TaskResult {
        self.sum += self.purchases.next()?.price;
        if self.sum >= 600 { Err(StopUser.into()) } else { Ok(()) }
    }
}

fn launch(resources: Resources) -> RunHandle {
    RunHandle::launch(Registry::find().expect("no duplicates"), resources).expect("threads")
}

/// Runs users of a class until all have ended, or for so long.
async fn run(
    handle: &RunHandle,
    class: &str,
    users: u32,
    seed: u64,
    seconds: u64,
) -> Result<(Ending, Report), String> {
    let mut events = handle.events();
    handle.send(Command::start(RunSpec {
        load: Load::users(users, 1_000.0),
        run_time: Some(Duration::from_secs(seconds)),
        stop_timeout: Duration::from_secs(1),
        seed,
        ..RunSpec::new(vec![ClassSpec::new(class, 1)])
    }));
    let end = async {
        loop {
            match events.recv().await.expect("the conductor lives") {
                Event::Ended { why, report } => return Ok((why, (*report).clone())),
                Event::Refused(why) => return Err(why),
                _ => {}
            }
        }
    };
    timeout(Duration::from_secs(60), end).await.expect("an end")
}

#[tokio::test]
async fn a_row_once_in_a_run_and_again_in_the_next_one() {
    let handle = launch(Resources::default());
    for _ in 0..2 {
        let (why, report) = run(&handle, "Visitor", 7, 1, 60).await.expect("a run");
        assert_eq!(why, Ending::UsersEnded);
        let mut used = std::mem::take(&mut *TICKETS.lock().expect("no panic"));
        used.sort_unstable();
        assert_eq!(used, numbers(500));
        assert_eq!((report.tasks[0].runs, report.tasks[0].errors), (507, 0));
        assert_eq!(report.exceptions, []);
    }
}

#[tokio::test]
async fn who_gets_no_row_fails_where_it_is_declared() {
    let (why, report) = run(&launch(Resources::default()), "Saver", 1, 1, 60).await.expect("a run");
    assert_eq!(why, Ending::UsersEnded);
    let seen: Vec<_> =
        report.exceptions.iter().map(|row| (row.message.as_str(), row.occurrences)).collect();
    assert_eq!(seen, [("feed Voucher: each of its 3 rows was used", 2)]);
}

#[tokio::test]
async fn a_lent_row_has_one_user_and_comes_back_from_one_that_panicked() {
    let handle = launch(Resources::default());
    let (_, report) = run(&handle, "Tenant", 5, 1, 2).await.expect("a run");
    let messages: BTreeMap<&str, u64> = report
        .exceptions
        .iter()
        .map(|row| (row.message.rsplit(": ").next().unwrap_or_default(), row.occurrences))
        .collect();
    assert_eq!(
        messages.keys().copied().collect::<Vec<_>>(),
        ["add rows, or run fewer users", "lost the key"]
    );
    assert!(messages["lost the key"] > 10, "many are built anew: {messages:?}");
    assert!(USED.iter().all(|used| used.load(SeqCst) > 10), "{USED:?}");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_rows() {
    let handle = launch(Resources::default());
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        run(&handle, "Listener", 9, seed, 60).await.expect("a run");
        let chosen = std::mem::take(&mut *CHOSEN.lock().expect("no panic"));
        let songs: Vec<Vec<u32>> = chosen.values().map(|mine| mine[1..].to_vec()).collect();
        let books: BTreeSet<u32> = chosen.values().map(|mine| mine[0]).collect();
        assert_eq!((songs.len(), books.len()), (9, 9));
        runs.push((songs, books));
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0].0, runs[2].0);
    assert_ne!(runs[0].1, runs[2].1);
    assert_ne!(runs[0].0[0], runs[0].0[1], "users differ from each other");
}

#[tokio::test]
async fn files_are_checked_before_a_run_and_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("orders.jsonl");
    let handle = launch(Resources::default().with(Feeds::in_folder(folder.path())));
    let refused = run(&handle, "Buyer", 2, 1, 60).await.expect_err("no file");
    assert!(refused.starts_with("orders.jsonl: not found in "), "{refused}");

    fs::write(&file, "{\"price\":1}\n{\"price\":-2}\n").expect("written");
    let refused = run(&handle, "Buyer", 2, 1, 60).await.expect_err("a bad row");
    let expected = "orders.jsonl:2: column `price`: invalid value: integer, expected u32";
    assert!(refused.ends_with(expected), "{refused}");

    fs::write(&file, "{\"price\":100}\n{\"price\":200}\n").expect("written");
    let (why, report) = run(&handle, "Buyer", 1, 1, 60).await.expect("a run");
    assert_eq!((why, report.tasks[0].runs), (Ending::UsersEnded, 4), "100 200 100 200");
    fs::remove_file(&file).expect("there");
    let (_, report) = run(&handle, "Buyer", 1, 1, 60).await.expect("a run");
    assert_eq!(report.tasks[0].runs, 4, "from the beginning");
}
