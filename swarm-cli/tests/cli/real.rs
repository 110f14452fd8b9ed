//! The same with the real crates: what is found, what is required, what a signal does.
//!
//! They are built once, below this repository's target folder, and kept there. The end-to-end tests of the examples build theirs in the same place, with the
//! same profile, so that swarm itself is built once for both.

use crate::sandbox::{Ended, command, end, write};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository")
}

/// A workspace of load tests, in a folder with a space.
pub(crate) fn workspace() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = repository().join("target/cli tests");
        let core = repository().join("swarm-core");
        let members = "members = [\"visitors\", \"customers\", \"twins\", \"nobody\", \"renamed\"]";
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\n{members}\n[workspace.dependencies]\n\
             swarm-core = {{ path = \"{}\" }}\n\
             [profile.dev]\ndebug = \"line-tables-only\"\n",
            core.display()
        );
        write(&folder.join("Cargo.toml"), &manifest);
        // The versions that this repository is tested with, so that nothing is fetched.
        std::fs::copy(repository().join("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
        for (name, code) in [
            ("visitors", class("Visitor")),
            ("customers", format!("{}{}", class("Customer"), SETTINGS)),
            (
                "twins",
                format!("mod one {{ {} }}\nmod other {{ {} }}", class("Twin"), class("Twin")),
            ),
            ("nobody", String::from("//! No classes.\n")),
        ] {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                 [dependencies]\nswarm-core.workspace = true\n"
            );
            write(&folder.join(name).join("Cargo.toml"), &manifest);
            write(&folder.join(name).join("src/lib.rs"), &code);
        }
        let renamed = format!(
            "[package]\nname = \"renamed\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             [dependencies]\nload = {{ package = \"swarm-core\", path = \"{}\" }}\n",
            core.display()
        );
        write(&folder.join("renamed/Cargo.toml"), &renamed);
        write(&folder.join("renamed/src/lib.rs"), RENAMED);
        write(&folder.join("visitors/.env"), "SWARM_SEED=77\n");
        write(&folder.join("visitors/swarm.toml"), "users = 3\nspawn-rate = 100\n");
        folder
    })
}

fn class(name: &str) -> String {
    format!(
        "use swarm_core::prelude::*;\n\
         #[user(wait = constant(10ms))] pub struct {name} {{ client: HttpClient }}\n\
         #[tasks] impl {name} {{\n\
             #[task] async fn visit(&mut self) -> TaskResult {{\n\
                 self.client.get(\"/\").await?; Ok(())\n\
             }}\n\
         }}\n"
    )
}

const SETTINGS: &str = "
    #[settings(prefix = \"VIP\")] pub struct Secrets { key: String }
    #[user] pub struct Vip { client: HttpClient, secrets: Settings<Secrets> }
    #[tasks] impl Vip {
        #[task] async fn shop(&mut self) -> TaskResult {
            self.client.get(\"/\").bearer_auth(&Secret::new(&*self.secrets.key)).await?; Ok(())
        }
    }
";

/// A crate that knows swarm-core by another name.
const RENAMED: &str = "
    use load::prelude::*;
    #[settings(prefix = \"R\")] pub struct Words { #[setting(default = 1)] first: u32 }
    #[user] pub struct Reader { client: HttpClient, words: Settings<Words> }
    #[tasks] impl Reader {
        #[task] async fn read(&mut self) -> TaskResult {
            self.client.get(path!(\"/item/{id}\", id = self.words.first)).await?; Ok(())
        }
    }
";

/// A call in the workspace; the profile that builds fastest.
fn prepared(words: &str) -> Command {
    let mut command = command(workspace());
    command.args(["--offline", "--profile", "dev", "--target-dir", "target"]);
    command.args(words.split_whitespace());
    command
}

pub(crate) fn swarm(words: &str) -> Ended {
    end(&mut prepared(words))
}

#[test]
fn the_classes_of_all_selected_packages_are_found() {
    let list = |words: &str| {
        let ended = swarm(&format!("{words} --list-classes --format json"));
        let list: serde_json::Value = serde_json::from_str(&ended.stdout).expect(&ended.stderr);
        let classes = list.as_array().expect("a list");
        classes
            .iter()
            .map(|class| class["name"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(list("-p visitors"), ["Visitor"]);
    assert_eq!(list("-p visitors -p customers"), ["Customer", "Vip", "Visitor"]);
    let text = swarm("-p visitors -l").stdout;
    assert!(
        text.starts_with("Visitor (weight 1, wait constant(10ms))  visitors/src/lib.rs:2:"),
        "{text}"
    );
}

#[test]
fn swarm_core_may_have_another_name() {
    let ended = swarm("-p renamed --headless --demo -t 1s --json --only-summary");
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect(&ended.stderr);
    assert_eq!(report["requests"][0]["name"], "/item/{id}");
}

#[test]
fn no_class_and_two_of_the_same_name_are_explained() {
    let nobody = swarm("-p nobody --headless");
    nobody.refused(&[
        "no user class found in what was compiled of nobody",
        "`#[user]`",
        "mod users;",
    ]);
    let twins = swarm("-p twins --headless");
    twins.refused(&[
        "2 user classes are named `Twin`",
        "twins/src/lib.rs:2:",
        "twins/src/lib.rs:10:",
    ]);
    let unknown = swarm("-p customers --headless --class Custmer");
    unknown.refused(&[
        "no user class `Custmer`; there are: Customer, Vip",
        "did you mean `Customer`?",
    ]);
}

#[test]
fn settings_of_a_class_that_is_not_selected_are_not_required() {
    let alone = "-p customers --headless --demo --class Customer -t 1s --only-summary";
    let ended = swarm(alone);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let both = swarm("-p customers --headless --demo -t 1s");
    both.refused(&["`key` of Secrets is missing", "--key", "VIP_KEY", "settings.vip.key"]);
}

#[test]
fn the_packages_own_files_are_found_from_anywhere() {
    let ended = swarm("-p visitors --headless --demo -t 1s --json --only-summary");
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).expect(&ended.stderr);
    assert_eq!(report["run"]["load"]["users"], 3);
    assert_eq!(report["run"]["seed"], 77, "from `.env`");
}

/// As a terminal sends Ctrl-C: to all processes of the group at once. Two would end the run at once, with 130.
#[test]
fn ctrl_c_and_sigterm_reach_the_load_test_once() {
    use std::os::unix::process::CommandExt as _;
    for signal in ["INT", "TERM"] {
        let mut command = prepared("-p visitors --headless --demo");
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("built");
        let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
        let mut heard = String::new();
        while !heard.contains("users are running") {
            assert!(stderr.read_line(&mut heard).expect("open") > 0, "{heard}");
        }
        let group = format!("-{}", child.id());
        let sent = Command::new("kill").args([&format!("-{signal}"), "--", &group]).status();
        assert!(sent.expect("kill exists").success());
        stderr.read_to_string(&mut heard).expect("open");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{signal}: {heard}");
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(stdout.contains("because it was asked to stop (exit code 0)"), "{stdout}");
    }
}

/// The results of three runs are compared where there is no package at all.
#[test]
fn results_are_compared_outside_of_any_package() {
    let outside = tempfile::tempdir().expect("a folder");
    for (name, how) in [("before", "-u 3 --repeat 2"), ("other", "-u 4")] {
        let file = outside.path().join(name).with_extension("json");
        let run = format!("-p visitors --headless --demo {how} -r 100 -t 6s --only-summary");
        let ended = end(prepared(&run).arg("--json-file").arg(file));
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    }
    let compared = |words: &str| {
        let mut command = command(outside.path());
        command.arg("compare").args(words.split_whitespace());
        command.args(["--offline", "--profile", "dev", "--target-dir"]);
        end(command.arg(workspace().join("target")))
    };
    // A run is no different from itself, however busy this machine is.
    let same = compared("before-1.json before-1.json --format json");
    assert_eq!(same.code, Some(0), "{}", same.stderr);
    let comparison: serde_json::Value = serde_json::from_str(&same.stdout).expect(&same.stderr);
    assert_eq!(comparison["entries"][0]["name"], "/");
    assert_eq!(comparison["entries"][0]["verdict"], "no_difference");
    assert_eq!(comparison["all"]["changes"].as_array().map(Vec::len), Some(5));
    let seed = |file: &str| -> serde_json::Value {
        let text = std::fs::read_to_string(outside.path().join(file)).expect("written");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["run"]["seed"].clone()
    };
    assert_eq!([seed("before-1.json"), seed("before-2.json")], [77, 78], "of `.env`, and one more");
    let other = compared("before-1.json before-2.json other.json");
    assert_eq!(other.code, Some(2), "{}", other.stderr);
    assert_eq!(
        other.stdout,
        "not comparable: the loads differ: 3 users and 4 users (exit code 2)\n"
    );
    compared("before-1.json none.json").refused(&["can't read none.json"]);
}
