//! A repository of somebody who develops a service and has a load test for it.

use crate::programs::repository;
use serde_json::Value;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// With a base and a change.
pub(crate) struct Project {
    /// What else is needed lies beside the repository, which is `repository` in here.
    pub(crate) folder: PathBuf,
}

/// Answers each request after a while.
const SERVICE: &str = r#"
import http.server, os, time

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(DELAY)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"#;

const LOAD_TEST: &str = r#"//! Asks for a page.
use swarm_core::prelude::*;

/// Asks for a page.
#[user(wait = constant(20ms))]
pub struct Visitor {
    client: HttpClient,
}

#[tasks]
impl Visitor {
    #[task]
    async fn visit(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}
"#;

impl Project {
    /// Makes it anew, with a base that answers after 2 ms and a change that makes it 30 ms. It always lies in the same place, so that builds don't pile up.
    pub(crate) fn new(name: &str, threshold: &str) -> Self {
        let project = Self { folder: repository("target/ci tests").join(name) };
        let _ = fs::remove_dir_all(&project.folder);
        let core = repository("swarm-core");
        project.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"load-tests\"]\nresolver = \"3\"\n\
             [profile.dev]\ndebug = \"line-tables-only\"\n",
        );
        let manifest =
            "[package]\nname = \"load-tests\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
        let dependency =
            format!("[dependencies]\nswarm-core = {{ path = '{}' }}\n", core.display());
        project.write("load-tests/Cargo.toml", &format!("{manifest}{dependency}"));
        project.write("load-tests/src/lib.rs", LOAD_TEST);
        let load = format!(
            "users = 10\nspawn-rate = 100\nrun-time = \"2s\"\nthreshold = [{threshold:?}]\n"
        );
        project.write("load-tests/swarm.toml", &load);
        // The versions that swarm is tested with, so that nothing is fetched.
        let lock = fs::read_to_string(repository("Cargo.lock")).expect("readable");
        project.write("Cargo.lock", &lock);
        project.write(".gitignore", "target\n.cargo-home\n.gitlab-ci-local\n");
        project.git("init --quiet --initial-branch main");
        project.commit("0.002", "the base");
        project.git("switch --quiet --create change");
        project.commit("0.030", "a change");
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.join("repository").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }

    fn commit(&self, delay: &str, message: &str) {
        self.write("service.py", &SERVICE.replace("DELAY", delay));
        self.git("add --all");
        self.git(&format!("commit --quiet --message {}", message.replace(' ', "-")));
    }

    /// Runs git in the repository; gives back what it prints.
    pub(crate) fn git(&self, words: &str) -> String {
        let mut git = Command::new("git");
        git.current_dir(self.folder.join("repository"));
        git.args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]);
        let output = git.args(words.split(' ')).output().expect("git is there");
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// The variables of a machine that runs jobs for it: the service on a free port, and stand-ins for what reaches beyond this machine, which write down how
    /// they are called. `cargo swarm` is this repository's, and builds where other tests build.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let bin = self.folder.join("bin");
        fs::create_dir_all(&bin).expect("writable");
        let home = std::env::var("CARGO_HOME").map(|home| format!("export CARGO_HOME='{home}'"));
        let cargo = format!(
            "case \"$1\" in\n\
             install) echo \"cargo $*\" >> \"$CALLS\"; exit ;;\n\
             swarm) shift; set -- run --quiet --offline --manifest-path '{root}/Cargo.toml' -p swarm-cli -- swarm \"$@\" \
             --offline --profile dev --target-dir '{root}/target/cli tests/target' ;;\n\
             esac\n{home}\nexec '{cargo}' \"$@\"\n",
            root = repository("").display(),
            home = home.unwrap_or_else(|_| "unset CARGO_HOME".to_owned()),
            cargo = env!("CARGO"),
        );
        let note = "echo \"$(basename \"$0\") $*\" >> \"$CALLS\"\n";
        for (name, script) in [("cargo", &*cargo), ("gh", note), ("apk", note)] {
            let path = bin.join(name);
            fs::write(&path, format!("#!/bin/sh\n{script}")).expect("writable");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("ours");
        }
        let path = std::env::var("PATH").expect("a path");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
        let port = port.expect("a free port").port();
        vec![
            ("PATH", format!("{}:{path}", bin.display())),
            ("CALLS", self.folder.join("calls").display().to_string()),
            ("PORT", port.to_string()),
            ("HOST", format!("http://127.0.0.1:{port}")),
            ("BUILD", "true".to_owned()),
            ("START", "python3 service.py".to_owned()),
            ("PAIRS", "3".to_owned()),
            // How late the generator is while other tests run beside it is not their matter.
            ("SWARM_VALIDITY", "suspect=1000%,invalid=1000%".to_owned()),
        ]
    }

    /// How the stand-ins were called.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.folder.join("calls")).unwrap_or_default();
        calls.lines().map(str::to_owned).collect()
    }
}

/// A file of a folder.
pub(crate) fn read(folder: &Path, file: &str) -> String {
    let path = folder.join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Checks that all files of a report are there, and that they are about this result.
pub(crate) fn check_report(folder: &Path, exit_code: u64) {
    let result: Value = serde_json::from_str(&read(folder, "result.json")).expect("JSON");
    assert_eq!(result["outcome"]["exit_code"], exit_code, "{:#}", result["outcome"]);
    assert!(result["totals"]["requests"].as_u64() > Some(10));
    assert!(read(folder, "report.html").starts_with("<!doctype html>"));
    let failures = usize::from(exit_code != 0);
    let junit = read(folder, "junit.xml");
    assert_eq!(junit.matches("<failure type=\"swarm.thresholds\"").count(), failures, "{junit}");
    let word = if exit_code == 0 { "passed" } else { "failed" };
    let head = format!("Load test {word} (exit code {exit_code})");
    assert!(read(folder, "summary.md").contains(&head));
}
