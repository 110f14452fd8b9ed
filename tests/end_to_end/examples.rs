//! The examples do what they show: built by `cargo swarm`, run with the arguments that their first lines say, against a demo site that counts.

use crate::load::tested;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::thread;
use swarm_runner::{DEMO_PASSWORD, Demo};

/// A folder in `examples/`.
struct Example {
    name: String,
    folder: PathBuf,
    /// Whether it has a program of its own.
    has_program: bool,
    /// What its first lines say behind `cargo swarm -p NAME`.
    arguments: Vec<String>,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository")
}

/// All examples that are there, those with a program of their own apart.
fn examples() -> (Vec<Example>, Vec<Example>) {
    let folders = std::fs::read_dir(repository().join("examples")).expect("readable");
    let folders = folders.map(|entry| entry.expect("readable").path());
    let mut examples: Vec<Example> =
        folders.filter(|path| path.is_dir()).map(Example::new).collect();
    examples.sort_by(|one, other| one.name.cmp(&other.name));
    examples.into_iter().partition(|example| example.has_program)
}

impl Example {
    fn new(folder: PathBuf) -> Self {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let has_program = folder.join("src/main.rs").is_file();
        let root = folder.join(if has_program { "src/main.rs" } else { "src/lib.rs" });
        let text = std::fs::read_to_string(&root).expect("readable");
        let begins = format!("//! cargo swarm -p {name} ");
        let command = text.lines().find_map(|line| line.strip_prefix(&begins));
        let command = command.unwrap_or_else(|| panic!("no command in {}", root.display()));
        let arguments = command.split_whitespace().map(str::to_owned).collect();
        Self { name, folder, has_program, arguments }
    }

    /// Runs its classes with its own arguments, but for the target, which is one that can be asked what it received.
    fn run(&self, program: &Path, classes: &[Value]) {
        let demo = Demo::start().expect("a free port");
        let module = self.name.replace('-', "_");
        let is_its_own =
            |class: &&Value| text(&class["module"]).split("::").next() == Some(&module);
        let classes: Vec<&Value> = classes.iter().filter(is_its_own).collect();
        assert!(!classes.is_empty(), "no class of {}", self.name);
        let names: Vec<&str> = classes.iter().map(|class| text(&class["name"])).collect();
        let arguments = self.arguments.iter().filter(|argument| *argument != "--demo");
        let mut command = tested(program);
        command.current_dir(&self.folder).args(arguments).args(["--class", &names.join(",")]);
        command.args(["--host", &demo.url()]);

        let report = self.report(&finished(&mut command));
        for class in classes {
            for task in tasks("", &class["tasks"]) {
                let is_it = |row: &&Value| row["class"] == class["name"] && row["task"] == *task;
                let runs = rows(&report, "tasks").find(is_it).and_then(|row| row["runs"].as_u64());
                assert!(runs > Some(0), "{}: no run of {task} of {}", self.name, class["name"]);
            }
        }
        let wire = |field: &str| report["wire"][field].as_u64().expect("a number");
        let sent = wire("answered") + wire("sent_unanswered");
        assert_eq!((received(demo), wire("partly_sent")), (sent, 0), "{}", self.name);
        for name in names_shown_by(&self.name) {
            let found = rows(&report, "requests").any(|row| row["name"] == *name);
            assert!(found, "{}: nothing is reported as {name}", self.name);
        }
    }

    /// The result of a run in which all went well.
    fn report(&self, output: &Output) -> Value {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{}: {stderr}", self.name);
        let report: Value = serde_json::from_slice(&output.stdout).expect("one object");
        assert_eq!(rows(&report, "exceptions").count(), 0, "{}: {stderr}", self.name);
        assert_eq!(rows(&report, "failures").count(), 0, "{}: {stderr}", self.name);
        report
    }
}

/// The rows that an example is there to show.
fn names_shown_by(example: &str) -> &'static [&'static str] {
    match example {
        "names-and-checks" => &["/item/{id}", "/slow", "/item/7", "/secrets"],
        "two-hosts" => &["/item/{id}", "billing /slow"],
        "streams" => &["/upload", "/lines", "/prices"],
        _ => &[],
    }
}

/// `cargo swarm`, as typed in this repository. It builds in the folder of swarm-cli's tests of real crates, which need the same.
fn cargo_swarm(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(repository()).arg("swarm").args(words);
    command.args(["--offline", "--profile", "dev", "--target-dir", "target/cli tests/target"]);
    command
}

/// Runs a load test to its end, with its result on standard output.
pub(crate) fn finished(command: &mut Command) -> Output {
    let environment = std::env::vars_os().map(|(name, _)| name);
    for name in environment.filter(|name| name.to_string_lossy().starts_with("SWARM_")) {
        command.env_remove(name);
    }
    // The same seed gives the same tasks.
    command.args(["--json", "--only-summary"]).env("SWARM_SEED", "1");
    command.output().expect("built")
}

/// The names of listed tasks; of a set those of its tasks, after its own.
fn tasks(path: &str, listed: &Value) -> Vec<String> {
    let listed = listed.as_array().expect("a list").iter();
    let names = listed.flat_map(|task| {
        let name = format!("{path}{}", text(&task["name"]));
        match &task["set"]["tasks"] {
            Value::Null => vec![name],
            inner => tasks(&format!("{name}::"), inner),
        }
    });
    names.collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn rows<'a>(report: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    report[list].as_array().expect("a list").iter()
}

/// How many requests a demo site has received.
fn received(demo: Demo) -> u64 {
    let address = demo.url();
    let mut socket = TcpStream::connect(address.trim_start_matches("http://")).expect("it listens");
    socket.write_all(b"GET /counters HTTP/1.0\r\n\r\n").expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    let counters: Value = serde_json::from_str(body).expect("JSON");
    let counters = counters.as_object().expect("counts").values();
    counters.map(|count| count.as_u64().expect("a number")).sum()
}

/// The load test of these examples, as one file with this name.
pub(crate) fn built<'a>(name: &str, examples: impl IntoIterator<Item = &'a str>) -> PathBuf {
    let program = repository().join("target/cli tests/target").join(name);
    let mut build = cargo_swarm(&["build"]);
    build.arg("-o").arg(&program).args(examples.into_iter().flat_map(|example| ["-p", example]));
    let built = build.output().expect("cargo is there");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    program
}

#[test]
fn those_that_are_libraries_run_as_they_say() {
    let (_, mut libraries) = examples();
    let program = built("all-examples", libraries.iter().map(|example| example.name.as_str()));
    // What wants a server of its own has a test of its own.
    libraries.retain(|example| example.arguments.iter().any(|argument| argument == "--demo"));
    let listed = tested(&program).args(["--list-classes", "--format", "json"]).output();
    let classes: Vec<Value> =
        serde_json::from_slice(&listed.expect("built").stdout).expect("a list of classes");
    thread::scope(|scope| {
        for example in &libraries {
            scope.spawn(|| example.run(&program, &classes));
        }
    });
}

/// What proves who one is on the demo site: passwords, tokens, codes, cookies.
const SECRETS: [&str; 7] = [
    DEMO_PASSWORD,
    "demo-secret",
    "demo-token",
    "demo-refresh-token",
    "demo-code",
    "demo-session",
    "demo-csrf",
];

#[test]
fn their_classes_can_be_tried_and_show_no_secret() {
    let (_, mut libraries) = examples();
    let program = built("tried-examples", libraries.iter().map(|example| example.name.as_str()));
    libraries.retain(|example| example.arguments.iter().any(|argument| argument == "--demo"));
    let listed = tested(&program).args(["--list-classes", "--format", "json"]).output();
    let classes: Vec<Value> =
        serde_json::from_slice(&listed.expect("built").stdout).expect("a list of classes");
    let mut logins = 0;
    for example in &libraries {
        let module = example.name.replace('-', "_");
        let is_its_own =
            |class: &&Value| text(&class["module"]).split("::").next() == Some(&*module);
        for class in classes.iter().filter(is_its_own) {
            let name = text(&class["name"]);
            let mut command = tested(&program);
            let output =
                command.current_dir(&example.folder).args(["try", name, "--demo"]).output();
            let output = output.expect("built");
            let whole = [output.stdout, output.stderr].concat();
            let whole = String::from_utf8_lossy(&whole);
            assert_eq!(output.status.code(), Some(0), "{name}: {whole}");
            logins += whole.matches(" (auth): ").count();
            for secret in SECRETS {
                let encoded = STANDARD.encode(secret);
                let in_pair = STANDARD.encode(format!("demo:{secret}"));
                for form in [secret, &encoded, &in_pair] {
                    assert!(!whole.contains(form), "{name}: {form} is in {whole}");
                }
            }
        }
    }
    assert!(logins > 10, "what was searched is what should hold them: {logins}");
}

#[test]
fn those_with_a_program_run_it_as_it_is() {
    let (programs, _) = examples();
    assert!(!programs.is_empty());
    for example in programs {
        let mut command = cargo_swarm(&["-p", &example.name]);
        let output = finished(command.args(&example.arguments));
        let report = example.report(&output);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let told = stderr.lines().find_map(|line| line.strip_prefix("purchases: "));
        let told: u64 = told.expect("what `main` says at the end").parse().expect("a number");
        let checkouts = rows(&report, "requests").find(|row| row["name"] == "/checkout");
        assert_eq!(Some(told), checkouts.and_then(|row| row["requests"].as_u64()));
    }
}
