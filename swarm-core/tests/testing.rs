//! Trials of users: what runs, what is told of it, and what keeps them from being run.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

#[path = "common/server.rs"]
mod server;

use server::Server;
use std::panic::catch_unwind;
use std::sync::{Arc, Mutex};
use swarm_core::feed::Feeds;
use swarm_core::judge::Ending;
use swarm_core::prelude::*;
use swarm_core::stats::Kind;
use swarm_core::testing::{Moment, Trial};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Who logs in.
#[settings(prefix = "TRIED")]
struct Login {
    #[setting(default = "ann")]
    username: String,
    password: Secret,
    #[setting(default = ["a"])]
    groups: Vec<String>,
}

/// Logs in, works, logs out; its pauses are longer than any test.
#[user(wait = constant(1h))]
struct Worker {
    client: HttpClient,
    login: Settings<Login>,
    context: Context,
    probe: Probe,
}

#[tasks]
impl Worker {
    #[on_start]
    async fn log_in(&mut self) -> TaskResult {
        let login = TokenAuth::login("/login", &self.login.username, &self.login.password);
        self.client.authenticate(login).await?;
        Ok(())
    }

    #[task(5)]
    async fn first(&mut self) -> TaskResult {
        self.client.get("/first").await?;
        self.context.wait().await;
        self.client.get(path!("/{word}", word = self.login.groups.join("-"))).await?;
        Ok(())
    }

    #[task(name = "the second")]
    async fn second(&mut self) -> TaskResult {
        self.probe.count("seconds", 2);
        self.client.get("/second").await?;
        Ok(())
    }

    #[on_stop]
    async fn log_out(&mut self) -> TaskResult {
        self.client.delete("/login").await?;
        Ok(())
    }
}

/// Panics, fails, and asks for what is not there.
#[user]
struct Clumsy {
    client: HttpClient,
    started: u32,
}

#[tasks]
impl Clumsy {
    #[on_start]
    async fn start(&mut self) -> TaskResult {
        self.client.get("/start").await?;
        Ok(())
    }

    #[task]
    fn panics(&mut self) {
        assert_eq!(self.started, 1, "not started");
    }

    #[task]
    fn fails(&mut self) -> TaskResult {
        false.or_fail("out of luck")
    }

    #[task]
    async fn misses(&mut self) -> TaskResult {
        self.client.get("/missing").await?;
        Ok(())
    }

    #[task]
    async fn hangs(&mut self) -> TaskResult {
        self.client.get("/hello").await?;
        std::future::pending::<()>().await;
        Ok(())
    }
}

/// Has a set, which has a set, and each of them pauses for long.
#[user(wait = constant(1h))]
struct Nested;

#[tasks]
impl Nested {
    #[task]
    fn before(&mut self) {}

    #[task_set]
    fn outer(&mut self) -> Outer {
        Outer
    }

    #[task]
    fn after(&mut self) {}
}

#[task_set(wait = constant(1h))]
struct Outer;

#[tasks]
impl Outer {
    #[task]
    fn one(&mut self) {}

    #[task_set]
    fn inner(&mut self) -> Inner {
        Inner
    }

    #[task(5)]
    fn two(&mut self) {}
}

#[task_set]
struct Inner;

#[tasks]
impl Inner {
    #[on_start]
    fn start(&mut self) {}

    #[task]
    fn deep(&mut self) {}

    #[task]
    fn panics(&mut self) {
        assert!(self.is_there(), "no way out");
    }

    #[task]
    fn stops(&mut self) -> TaskResult {
        Err(StopTest::new("seen enough").into())
    }
}

impl Inner {
    fn is_there(&self) -> bool {
        false
    }
}

/// Reads the search path of programs: a variable that is always there.
#[settings]
struct Environment {
    path: String,
}

/// From a folder of the test's.
#[feed(file = "words.csv")]
#[derive(serde::Deserialize)]
struct Word {
    word: String,
}

/// Shows what it was given, as the message of an error.
#[user(host = "http://127.0.0.1:9")]
struct Told {
    environment: Settings<Environment>,
    word: Row<Word>,
}

#[tasks]
impl Told {
    #[task]
    fn tell(&mut self) -> TaskResult {
        Err(TaskError::new(format!("{} {}", self.word.word, self.environment.path)))
    }
}

/// Two groups of settings that have a name in common.
#[settings(prefix = "OTHER", prefix_flags)]
struct Other {
    #[setting(default = "bob")]
    username: String,
}

#[user]
struct TwoFold {
    login: Settings<Login>,
    other: Settings<Other>,
}

#[tasks]
impl TwoFold {
    #[task]
    fn tell(&mut self) -> TaskResult {
        Err(TaskError::new(format!("{} {}", self.login.username, self.other.username)))
    }
}

fn shop() -> Server {
    Server::start(|line| match line {
        "POST /login" => ("200 OK", r#"{"token": "t-0123456789"}"#),
        "GET /missing" => ("404 Not Found", "there is none"),
        _ => ("200 OK", "hello"),
    })
}

fn worker(server: &Server) -> Trial {
    Trial::of::<Worker>().host(server.url()).setting("password", "hunter22")
}

#[test]
fn each_task_runs_once_in_order_and_every_request_is_there() {
    let server = shop();
    let tried = worker(&server).setting("groups", "x,y").run().expect("all is given");
    tried.expect_success();
    let expected = ["POST /login", "GET /first", "GET /{word}", "GET /second", "DELETE /login"];
    assert_eq!((tried.class, tried.names()), ("Worker", expected.map(str::to_owned).into()));
    let sent = ["POST /login", "GET /first", "GET /x-y", "GET /second", "DELETE /login"];
    assert_eq!(server.asked(), sent);
    let tasks: Vec<(&str, bool)> =
        tried.tasks.iter().map(|task| (task.name.as_str(), task.failed)).collect();
    assert_eq!(tasks, [("first", false), ("the second", false)]);
    let [login, first, ..] = &tried.samples[..] else { panic!("{tried:?}") };
    assert_eq!((login.kind, login.status, login.bytes), (Kind::Auth, Some(200), 25));
    assert_eq!((first.kind, first.bytes, &first.error), (Kind::Http, 5, &None));
    assert!(first.phases.first_byte.is_some_and(|time| time <= first.response_time));
    assert_eq!(tried.metrics[0].name, "seconds");
    assert_eq!(tried.ending, Ending::IterationsDone);
    assert_eq!(tried.outcome(1).reasons, ["4 requests and 1 login succeeded"]);
}

#[test]
fn tasks_are_chosen_by_name_and_iterations_by_weight() {
    let server = shop();
    let runs = |trial: Trial| -> Vec<String> {
        let tried = trial.run().expect("all is given");
        tried.tasks.into_iter().map(|task| task.name).collect()
    };
    assert_eq!(runs(worker(&server).task("the second")), ["the second"]);
    assert_eq!(runs(worker(&server).task("the second").task("first")), ["the second", "first"]);
    assert_eq!(runs(worker(&server).task("first").iterations(3)), ["first"; 3]);
    let many = runs(
        Trial::named("Worker").host(server.url()).setting("TRIED_PASSWORD", "x").iterations(60),
    );
    let firsts = many.iter().filter(|name| *name == "first").count();
    assert_eq!(many.len(), 60);
    assert!(firsts > 30 && firsts < 60, "five of six are: {firsts}");
}

#[test]
fn sets_are_entered_and_left_so_that_each_of_their_tasks_runs_in_its_turn() {
    let run = |trial: Trial| {
        let tried = trial.run().expect("nothing is needed");
        let names = tried.tasks.iter().map(|task| task.name.clone()).collect::<Vec<_>>();
        (names.join(" "), tried)
    };
    let in_turn = |tasks: &[&str]| {
        run(tasks.iter().fold(Trial::of::<Nested>(), |trial, task| trial.task(*task)))
    };
    for (tasks, expected) in [
        (&["outer::two", "outer::one"][..], "outer::two outer::one"),
        (&["outer::inner::deep", "before", "outer::one"], "outer::inner::deep before outer::one"),
        (
            &["outer::one", "outer::inner::deep", "outer::two"],
            "outer::one outer::inner::deep outer::two",
        ),
        (&["before", "before"], "before before"),
    ] {
        let (names, tried) = in_turn(tasks);
        assert_eq!((names.as_str(), &tried.ending), (expected, &Ending::IterationsDone));
    }
    // Who panics in a set is built anew, and does not come back to it.
    let (names, tried) = in_turn(&["before", "outer::inner::panics", "outer::one", "after"]);
    assert_eq!(names, "before outer::inner::panics after");
    assert!(tried.failures()[0].starts_with("outer::inner::panics: panicked at "), "{tried:?}");
    let (names, tried) = in_turn(&[]);
    assert_eq!(names, "before outer::one outer::inner::deep outer::inner::panics after");
    assert_eq!(tried.failures().len(), 1);
    let (_, tried) = in_turn(&["outer::inner::stops", "after"]);
    let (class, reason) = ("Nested".to_owned(), "seen enough".to_owned());
    assert_eq!((tried.tasks.len(), tried.ending), (1, Ending::StopTest { class, reason }));
    let (names, _) = run(Trial::of::<Nested>().task("outer::inner::deep").iterations(3));
    assert_eq!(names, ["outer::inner::deep"; 3].join(" "));
}

#[tokio::test(start_paused = true)]
async fn a_server_may_live_on_the_runtime_of_the_test() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 4_096]).await;
            let answer = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    let clumsy = || Trial::of::<Clumsy>().host(&url).task("misses");
    clumsy().await.expect("all is given").expect_success();
    let error = clumsy().run().expect_err("it would block").to_string();
    assert!(error.contains("write `.await` instead"), "{error}");
}

#[test]
fn what_keeps_it_from_being_run_is_told() {
    let server = shop();
    let two_fold = || Trial::of::<TwoFold>().setting("password", "x");
    for (trial, expected) in [
        (worker(&server).task("third"), "Worker has no task `third`; it has: first, the second"),
        (Trial::named("Wrker"), "no user class `Wrker`; there are: "),
        (Trial::of::<Worker>(), "no host for Worker: give one by `.host(…)`"),
        (worker(&server).host("localhost:1"), "host of Worker: "),
        (Trial::of::<Worker>().host(server.url()), "setting `password` of Login is missing"),
        (Trial::of::<Worker>().host(server.url()), "`.setting(\"NAME\", …)`"),
        (
            worker(&server).setting("pasword", "x"),
            "reads no setting `pasword`; it reads: username, password, groups",
        ),
        (Trial::of::<Clumsy>().host(server.url()).setting("x", ""), "Clumsy reads no settings"),
        (two_fold().setting("username", "x"), "write TRIED_USERNAME or OTHER_USERNAME"),
    ] {
        let error = trial.run().expect_err(expected);
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(format!("{error:?}"), error.to_string(), "as tests print it");
    }
    assert!(server.asked().is_empty());
    let tried = two_fold().setting("OTHER_USERNAME", "eve").run().expect("all is given");
    assert_eq!(tried.exceptions[0].message, "ann eve");
}

#[test]
fn a_user_that_can_not_start_does_not_try_again() {
    let server = Server::start(|_| ("401 Unauthorized", "no"));
    let tried = worker(&server).run().expect("all is given");
    assert_eq!(server.asked(), ["POST /login"]);
    assert!(
        matches!(&tried.ending, Ending::CouldNotStart { class, .. } if class == "Worker"),
        "{tried:?}"
    );
    let panic = catch_unwind(|| tried.expect_success()).expect_err("it failed");
    let message = panic.downcast::<String>().expect("a text");
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(lines.len(), 3, "{message}");
    assert_eq!(lines[0], "Worker did not succeed:");
    assert!(lines[1].starts_with("  could not start: "), "{message}");
    assert!(lines[2].starts_with("  POST /login (auth): 401 Unauthorized in "), "{message}");
}

#[test]
fn what_goes_wrong_is_there_and_the_next_task_runs() {
    let server = shop();
    let trial = Trial::of::<Clumsy>().host(server.url());
    let tried = trial.task("panics").task("fails").task("misses").run().expect("all is given");
    // Who has panicked is built anew.
    assert_eq!(server.asked(), ["GET /start", "GET /start", "GET /missing"]);
    let exceptions: Vec<&str> = tried.exceptions.iter().map(|it| it.task.as_str()).collect();
    assert_eq!(exceptions, ["panics", "fails"]);
    assert!(tried.exceptions[0].message.contains("not started"), "{tried:?}");
    assert_eq!(tried.exceptions[1].to_string(), "fails: out of luck");
    assert!(tried.tasks.iter().all(|task| task.failed) && tried.tasks.len() == 3);
    assert_eq!(tried.samples[2].error.as_deref(), Some("404 Not Found"));
    assert_eq!(tried.outcome(7).exit_code, 7);
}

#[test]
fn a_task_that_hangs_is_cut_off() {
    let server = shop();
    let trial = Trial::of::<Clumsy>().host(server.url()).task("hangs");
    let tried = trial.limit(Duration::from_millis(300)).run().expect("all is given");
    assert_eq!((tried.tasks.len(), &tried.ending), (0, &Ending::TimeUp));
    assert_eq!(tried.failures(), ["cut off: the time limit was over"]);
}

#[test]
fn it_is_watched_while_it_runs_and_can_be_asked_to_stop() {
    let server = shop();
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let (stop, asked) = oneshot::channel();
    let (seeing, mut stop) = (Arc::clone(&seen), Some(stop));
    let trial = worker(&server).task("first").iterations(1_000_000).limit(None);
    let watched = trial.watch(move |moment| {
        let line = match moment {
            Moment::Begins(what) => format!("{what} begins"),
            Moment::Sample(sample) => format!("{} {}", sample.method, sample.name),
            Moment::Exception(exception) => exception.to_string(),
            Moment::TaskEnds(task) => {
                stop.take().map(|stop| stop.send(()));
                format!("{} ends", task.name)
            }
        };
        seeing.lock().expect("not poisoned").push(line);
    });
    let until = async { drop(asked.await) };
    let tried = watched.until(until).run().expect("all is given");
    assert_eq!(tried.ending, Ending::Asked);
    let seen = seen.lock().expect("not poisoned");
    let first = [
        "on_start begins",
        "POST /login",
        "first begins",
        "GET /first",
        "GET /{word}",
        "first ends",
    ];
    assert_eq!(seen[..6], first);
    assert_eq!(seen[seen.len() - 2..], ["on_stop begins", "DELETE /login"]);
}

#[test]
fn settings_come_from_the_environment_and_test_data_from_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("words.csv"), "word\ntree\n").expect("writable");
    let feeds = || swarm_core::context::Resources::default().with(Feeds::in_folder(folder.path()));
    let message = |trial: Trial| {
        let tried = trial.resources(feeds()).run().expect("all is there");
        tried.exceptions[0].message.clone()
    };
    let path = std::env::var("PATH").expect("there is one");
    assert_eq!(message(Trial::of::<Told>()), format!("tree {path}"));
    assert_eq!(message(Trial::of::<Told>().setting("path", "given")), "tree given");
    let error = Trial::of::<Told>().run().expect_err("there is no file in the package");
    assert!(error.to_string().contains("words.csv"), "{error}");
}
