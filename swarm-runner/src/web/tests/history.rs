//! Finished runs by the API: listed, opened, called otherwise, compared, downloaded, deleted.

use super::client::{Served, serve};
use crate::sample_report::report;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};
use swarm_core::clock::Timestamp;
use swarm_core::report::Report;
use tempfile::TempDir;

/// A run that started so many seconds after a certain time.
pub(super) fn run(second: u64, name: Option<&str>) -> Report {
    let mut report = report();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000 + second);
    report.run.started_at = Timestamp::from(time);
    report.run.spec.name = name.map(str::to_owned);
    report
}

/// A server whose history is a folder of its own, with a run of each name.
pub(super) fn with_runs(names: &[&str]) -> (Served, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("runs");
    let served = serve(&format!("--history {}", path.display()));
    for (second, name) in names.iter().enumerate() {
        served.history.keep(&run(second as u64, Some(name)));
    }
    (served, folder)
}

fn ids(served: &Served) -> Vec<String> {
    let runs = served.get("/api/v1/runs").json();
    let runs = runs["runs"].as_array().expect("a list").iter();
    runs.map(|run| run["id"].as_str().expect("a text").to_owned()).collect()
}

fn delete(served: &Served, id: &str, headers: &str) -> u16 {
    served.send(&format!("DELETE /api/v1/runs/{id}"), headers, "").status
}

#[test]
fn runs_are_listed_opened_called_otherwise_and_deleted() {
    let (served, folder) = with_runs(&["one", "two", "three"]);
    let listed = served.get("/api/v1/runs").json();
    let place = folder.path().join("runs").display().to_string();
    assert_eq!((&listed["folder"], &listed["keep"]), (&json!(place), &json!(50)));
    let names: Vec<&Value> =
        listed["runs"].as_array().expect("a list").iter().map(|it| &it["run"]["name"]).collect();
    assert_eq!(names, ["three", "two", "one"]);
    let ids = ids(&served);
    assert_eq!(listed["latest"], ids[0].as_str());

    let opened = served.get(&format!("/api/v1/runs/{}", ids[1])).json();
    let kept = run(1, Some("two"));
    assert_eq!(opened["report"]["run"]["name"], "two");
    assert_eq!(opened["report"]["totals"]["requests"], kept.totals.requests);
    assert_eq!(opened["left_out"]["requests"], 0);

    let path = format!("runs/{}", ids[1]);
    let label = json!({ "name": " second ", "notes": "with\r\nsesame open" });
    let answer = served.post(&path, &label);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let changed = answer.json()["run"].clone();
    assert_eq!((&changed["name"], &changed["notes"]), (&json!("second"), &json!("with\n***")));
    assert_eq!(served.get("/api/v1/runs").json()["runs"][1]["run"], changed);
    assert_eq!(served.post(&path, &json!({})).json()["run"]["name"], Value::Null);
    for wrong in [json!({ "name": "a\nb" }), json!({ "notes": "x".repeat(5_000) })] {
        assert_eq!(served.post(&path, &wrong).status, 422, "{wrong}");
    }
    assert_eq!(served.post(&path, &json!({ "id": "x" })).status, 422);

    let file = |name: &str| served.get(&format!("/api/v1/runs/{}/files/{name}", ids[2]));
    let json: Value = serde_json::from_slice(&file("report.json").body).expect("JSON");
    let kept = served.history.report(&ids[2].parse().expect("an id")).expect("readable");
    assert!(json == serde_json::to_value(kept).expect("JSON"), "another one");
    let page = file("report.html");
    assert!(page.text().contains("<title>one – swarm report</title>"));
    assert!(page.head.contains("attachment; filename=\"report_2026-"), "{}", page.head);
    assert!(file("requests.csv").text().contains("/checkout"));
    assert_eq!(file("log.txt").status, 404);

    assert_eq!(delete(&served, &ids[1], ""), 204);
    assert_eq!(delete(&served, &ids[1], ""), 404);
    assert_eq!(served.get(&format!("/api/v1/runs/{}", ids[1])).status, 404);
    assert_eq!(self::ids(&served), [ids[0].clone(), ids[2].clone()]);
}

#[test]
fn what_is_no_run_is_refused_and_a_broken_one_says_why() {
    let (served, folder) = with_runs(&["one"]);
    let place = folder.path().join("runs");
    std::fs::write(folder.path().join("secret"), "secret").expect("writable");
    for id in [
        "..%2Fsecret",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "20261125-214046-3F9A1C",
        "20261125-214046-3f9a1c%00",
        "20261125-214046-3f9a1c.json.gz",
        "x",
    ] {
        for path in [format!("/api/v1/runs/{id}"), format!("/api/v1/runs/{id}/files/report.json")] {
            assert_eq!(served.get(&path).status, 404, "{path}");
        }
        assert_eq!(served.post(&format!("runs/{id}"), &json!({})).status, 404, "{id}");
        assert_eq!(delete(&served, id, ""), 404, "{id}");
        assert_eq!(served.get(&format!("/api/v1/compare?before={id}&after={id}")).status, 404);
    }
    let broken = "20200101-000000-00000a";
    std::fs::write(place.join(format!("run-{broken}.json.gz")), "{").expect("writable");
    let listed = served.get("/api/v1/runs").json();
    assert_eq!(listed["runs"][1]["id"], broken);
    assert!(listed["runs"][1]["problem"].as_str().expect("a text").contains("EOF"));
    let answer = served.get(&format!("/api/v1/runs/{broken}"));
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains(broken), "{}", answer.text());
    let elsewhere = "origin: http://evil.example\r\n";
    let ids = ids(&served);
    assert_eq!(delete(&served, &ids[0], elsewhere), 403);
    assert_eq!(delete(&served, broken, ""), 204);
}

#[test]
fn comparisons_are_those_of_the_command_line() {
    let (served, _folder) = with_runs(&["one", "two", "three"]);
    let ids = ids(&served);
    let query = format!("before={}&before={}&after={}", ids[2], ids[1], ids[0]);
    let answer = served.get(&format!("/api/v1/compare?{query}&margin=7.5&any_host=true"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let side = [run(0, None), run(1, None)];
    let expected = swarm_core::compare::compare(&side, &[run(2, None)], 0.075, true);
    assert_eq!(answer.json(), serde_json::to_value(&expected).expect("JSON"));
    let one_sided = served.get(&format!("/api/v1/compare?before={}", ids[0])).json();
    assert!(one_sided["not_comparable"][0].as_str().expect("a text").contains("one side"));
    for wrong in ["margin=-1", "margin=x", "any_host=perhaps", "format=json"] {
        assert_eq!(served.get(&format!("/api/v1/compare?{query}&{wrong}")).status, 400, "{wrong}");
    }
    let many = format!("/api/v1/compare?{}", format!("before={}&", ids[0]).repeat(41));
    assert_eq!(served.get(many.trim_end_matches('&')).status, 400);
}

#[test]
fn without_a_folder_there_is_an_empty_history() {
    let served = serve("");
    let listed = served.get("/api/v1/runs").json();
    assert_eq!((&listed["folder"], &listed["runs"]), (&Value::Null, &json!([])));
    assert_eq!(served.get("/api/v1/runs/20261125-214046-3f9a1c").status, 404);
}
