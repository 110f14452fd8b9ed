//! `docs/ci/github-actions.yml` does what it says: its commands are run, in a project with a change that makes its service slower.

use crate::programs::repository;
use crate::project::{Project, check_report, read};
use crate::workflow::{Job, Workflow};
use serde_json::{Value, json};
use std::fs;

fn github(project: &Project) -> Workflow {
    let file = repository("docs/ci/github-actions.yml");
    let from = project.folder.join("repository");
    let mut workflow = Workflow::read(&file, &from, &project.folder.join("jobs"));
    workflow.environment = project.environment();
    workflow.values = vec![
        ("github.token", "a token"),
        ("github.repository", "ann/shop"),
        ("github.event.pull_request.number", "7"),
        ("runner.os", "Linux"),
    ];
    workflow
}

#[test]
fn in_github_a_pull_request_is_measured_compared_and_commented() {
    let project = Project::new("github", "p95 < 10s");
    // As GitHub does it for a pull request.
    project.git("switch --quiet main");
    project.git("merge --quiet --no-ff --message merged change");
    let workflow = github(&project);

    let Job { failed, log, summary } = workflow.run("load-test");
    assert!(failed.is_empty(), "{log}");
    let report = workflow.artifact("load-test").join("report");
    check_report(&report, 0);
    assert_eq!(summary, read(&report, "summary.md"));

    let Job { failed, log, summary } = workflow.run("compare");
    assert_eq!(failed, ["Compare"], "{log}");
    let comparison = workflow.artifact("comparison");
    let text = read(&comparison, "comparison.md");
    assert_eq!(summary, text);
    assert!(text.contains("worse"), "{text}");
    let results = fs::read_dir(comparison.join("results")).expect("made");
    assert_eq!(results.count(), 6, "three pairs");
    let p50 = |side: &str| {
        let result: Value =
            serde_json::from_str(&read(&comparison, &format!("results/{side}-1.json")))
                .expect("JSON");
        result["totals"]["response_time_ms"]["p50"].as_f64().expect("a time")
    };
    assert!(p50("base") < 25.0 && p50("head") > 29.0, "{} {}", p50("base"), p50("head"));

    let Job { failed, log, .. } = workflow.run("comment");
    assert!(failed.is_empty(), "{log}");
    let calls = project.calls();
    let install = "cargo install --locked swarm-cli";
    let comment = "gh pr comment 7 --body-file comparison.md --edit-last --create-if-none";
    assert_eq!(calls, [install, install, comment]);
    assert_eq!(read(&workflow.folder.join("comment"), "comparison.md"), text);

    // Who may write runs nothing of the pull request, and only for one that is not from a fork.
    assert_eq!(workflow.at("/permissions"), &json!({ "contents": "read" }));
    let jobs = workflow.at("/jobs").as_object().expect("jobs");
    let may_write = jobs.iter().filter(|(_, job)| job["permissions"].is_object());
    let may_write: Vec<&str> = may_write.map(|(name, _)| name.as_str()).collect();
    assert_eq!(may_write, ["comment"]);
    let condition = workflow.at("/jobs/comment/if").as_str().expect("a condition");
    assert!(condition.contains("pull_request.head.repo.full_name == github.repository"));
}

#[test]
fn in_github_a_failed_threshold_fails_the_job_and_is_published() {
    let project = Project::new("github-failing", "p95 < 1ms");
    let workflow = github(&project);
    let Job { failed, log, summary } = workflow.run("load-test");
    assert_eq!(failed, ["Load test"], "{log}");
    let report = workflow.artifact("load-test").join("report");
    check_report(&report, 3);
    assert_eq!(summary, read(&report, "summary.md"));
}
