//! `docs/ci/gitlab-ci.yml` does what it says: its jobs are run by gitlab-ci-local, in a project with a change that makes its service slower.

use crate::programs::{node, repository};
use crate::project::{Project, check_report, read};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

/// The comments of a merge request, as GitLab's API keeps them.
struct Notes {
    address: SocketAddr,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Notes {
    const PATH: &str = "/projects/5/merge_requests/7/notes";

    /// There is one of somebody else.
    fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let bodies = Arc::new(Mutex::new(vec!["Looks good!".to_owned()]));
        let kept = Arc::clone(&bodies);
        thread::spawn(move || {
            for mut socket in listener.incoming().flatten() {
                let answer = Self::answer(&mut BufReader::new(&socket), &kept);
                let (status, body) =
                    answer.map_or(("400 Bad Request", Value::Null), |it| ("200 OK", it));
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}",
                    body.len()
                );
                let _ = socket.write_all(format!("{head}\r\n\r\n{body}").as_bytes());
            }
        });
        Self { address, bodies }
    }

    /// None for what GitLab would refuse.
    fn answer(request: &mut impl std::io::BufRead, bodies: &Mutex<Vec<String>>) -> Option<Value> {
        let lines = request.by_ref().lines().map_while(Result::ok);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        let header =
            |name: &str| head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        if header("PRIVATE-TOKEN") != Some("a token") {
            return None;
        }
        let mut body = vec![0; header("Content-Length").map_or(Some(0), |it| it.parse().ok())?];
        request.read_exact(&mut body).ok()?;
        let body = String::from_utf8(body).ok()?.replace('+', " ");
        let body = percent_encoding::percent_decode_str(&body).decode_utf8().ok()?;
        let body = body.strip_prefix("body=").map(str::to_owned);
        let mut bodies = bodies.lock().ok()?;
        let (method, rest) = head.first()?.split_once(' ')?;
        let rest = rest.strip_prefix(Self::PATH)?.split(' ').next()?;
        match (method, rest.strip_prefix('/')) {
            ("GET", None) => {}
            ("POST", None) => bodies.push(body?),
            ("PUT", Some(id)) => *bodies.get_mut(id.parse::<usize>().ok()?)? = body?,
            _ => return None,
        }
        let notes = bodies.iter().enumerate().map(|(id, body)| json!({ "id": id, "body": body }));
        Some(notes.collect())
    }

    fn bodies(&self) -> Vec<String> {
        self.bodies.lock().expect("not poisoned").clone()
    }
}

/// Runs a pipeline, or some of its jobs; gives back whether it passed, and what it printed.
fn pipeline(project: &Project, variables: &[(&str, String)], jobs: &[&str]) -> (bool, String) {
    let folder = project.folder.join("repository");
    fs::copy(repository("docs/ci/gitlab-ci.yml"), folder.join(".gitlab-ci.yml")).expect("copied");
    let mut command = node("ci/node_modules/gitlab-ci-local/dist/index.js");
    // Jobs run here, not in containers of their own: one after the other.
    command.current_dir(&folder).args(["--force-shell-executor", "--concurrency", "1"]);
    command.args(["--home", &project.folder.display().to_string()]).args(jobs);
    for (name, value) in project.environment() {
        command.env(name, &value);
        if ["HOST", "BUILD", "START", "PAIRS"].contains(&name) {
            command.args(["--variable", &format!("{name}={value}")]);
        }
    }
    for (name, value) in variables {
        command.args(["--variable", &format!("{name}={value}")]);
    }
    let output = command.output().expect("Node.js is there");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// What a job left for people, or for other jobs.
fn artifact(project: &Project, job: &str) -> PathBuf {
    project.folder.join("repository/.gitlab-ci-local/artifacts").join(job)
}

#[test]
fn in_gitlab_a_merge_request_is_measured_compared_and_commented() {
    let project = Project::new("gitlab", "p95 < 10s");
    project.git("remote add origin https://gitlab.example.com/ann/shop.git");
    let notes = Notes::serve();
    let variables = [
        ("CI_PIPELINE_SOURCE", "merge_request_event".to_owned()),
        ("CI_MERGE_REQUEST_IID", "7".to_owned()),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", project.git("rev-parse main")),
        ("CI_PROJECT_ID", "5".to_owned()),
        ("CI_API_V4_URL", format!("http://{}", notes.address)),
        ("LOAD_TEST_TOKEN", "a token".to_owned()),
    ];
    let (passed, log) = pipeline(&project, &variables, &[]);
    assert!(!passed, "the change makes it slower: {log}");
    check_report(&artifact(&project, "load-test").join("report"), 0);
    let comparison = read(&artifact(&project, "compare"), "comparison.md");
    assert!(comparison.contains("worse"), "{comparison} {log}");
    let results = fs::read_dir(artifact(&project, "compare").join("results")).expect("made");
    assert_eq!(results.count(), 6, "three pairs");
    let comment = format!("<!-- load test -->\n{comparison}");
    assert_eq!(notes.bodies(), ["Looks good!", &comment], "{log}");
    let install = "cargo install --locked swarm-cli";
    assert_eq!(project.calls(), [install, install, "apk add --no-cache curl jq"]);

    // With another comparison the comment that is there changes.
    let other = project.folder.join("repository/comparison.md");
    fs::write(other, "nothing is worse & 5 % are better\n").expect("writable");
    let (passed, log) = pipeline(&project, &variables, &["comment"]);
    assert!(passed, "{log}");
    let comment = "<!-- load test -->\nnothing is worse & 5 % are better\n";
    assert_eq!(notes.bodies(), ["Looks good!", comment], "{log}");
}

#[test]
fn in_gitlab_a_failed_threshold_fails_the_job_and_is_published() {
    let project = Project::new("gitlab-failing", "p95 < 1ms");
    project.git("remote add origin https://gitlab.example.com/ann/shop.git");
    project.git("switch --quiet main");
    let variables = [("CI_PIPELINE_SOURCE", "push".to_owned())];
    let (passed, log) = pipeline(&project, &variables, &[]);
    assert!(!passed, "{log}");
    check_report(&artifact(&project, "load-test").join("report"), 3);
    // Nothing was compared, and there is nobody to tell.
    assert_eq!(project.calls(), ["cargo install --locked swarm-cli"]);
}
