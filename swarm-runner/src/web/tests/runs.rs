//! Runs that are started, changed and stopped, and what is told of them.

use super::client::{Served, serve};
use serde_json::{Value, json};

/// Checks what is typed, and starts it.
pub(super) fn start(served: &Served, options: &Value, settings: &Value) -> Value {
    let entered = json!({ "options": options, "settings": settings });
    let checked = served.post("check", &entered).json();
    assert_eq!(checked["errors"], json!([]), "{checked}");
    let begun = served.post("start", &json!({ "spec": checked["spec"], "settings": settings }));
    assert_eq!(begun.status, 202, "{}", begun.text());
    begun.json()
}

pub(super) fn options(served: &Served, users: &str) -> Value {
    json!({ "class": "Surfer", "host": served.demo.url(), "users": users, "spawn-rate": "100" })
}

#[test]
fn a_run_is_told_as_it_goes_on_and_its_end_is_told_whole() {
    let served = serve("");
    let mut events = served.events("");
    let first = events.next("update");
    assert_eq!((&first["run"], &first["state"]), (&json!(0), &json!("ready")));
    for path in ["report", "files/requests.csv", "files/history.csv"] {
        assert_eq!(served.get(&format!("/api/v1/{path}")).status, 404, "{path}");
    }
    assert_eq!(served.post("marks", &json!({ "text": "early" })).status, 409);
    for command in ["stop", "reset"] {
        assert_eq!(served.post(command, &json!({})).status, 409, "{command}");
    }

    assert_eq!(start(&served, &options(&served, "2"), &json!({}))["run"], 1);
    let begun = events.until(|update| update["run"] == 1);
    assert_eq!((&begun["full"], &begun["state"]), (&json!(true), &json!("spawning")));
    let running = events.until(|update| update["state"] == "running" && update["full"] == false);
    assert_eq!((&running["users"], &running["wanted"]), (&json!(2), &json!(2)));
    let points = running["report"]["history"].as_array().expect("a list");
    assert_eq!(points.len(), 1, "only the new second");
    let again =
        served.post("start", &json!({ "spec": served.get("/api/v1/report").json()["run"] }));
    assert_eq!(again.status, 422, "a result is no spec: {}", again.text());

    assert_eq!(served.post("load", &json!({ "users": 4, "spawn_rate": 100.0 })).status, 204);
    events.until(|update| update["users"] == 4);
    let refused = served.post("load", &json!({ "rate": 5.0 }));
    assert_eq!(refused.status, 409);
    assert!(refused.json()["error"].as_str().expect("a text").contains("rate"));

    assert_eq!(served.post("reset", &json!({})).status, 204);
    let reset = events.until(|update| update["full"] == true);
    assert!(reset["report"]["run"]["measured_from_s"].as_f64() > Some(0.0));

    assert_eq!(served.post("marks", &json!({ "text": "deployed v2" })).status, 204);
    let empty = served.post("marks", &json!({ "text": " " }));
    assert_eq!((empty.status, &empty.json()["error"]), (409, &json!("a mark needs a text")));
    let marked =
        events.until(|update| update["report"]["marks"].as_array().map(Vec::len) > Some(1));
    assert_eq!(marked["report"]["marks"][1]["kind"], "note", "{}", marked["report"]["marks"]);

    assert_eq!(served.post("stop", &json!({ "now": false })).status, 204);
    let ended = events.until(|update| update["state"] == "stopped");
    assert_eq!(ended["full"], true);
    assert_eq!(ended["why"], "it was asked to stop");
    let report = served.get("/api/v1/report").json();
    let totals = &ended["report"]["totals"];
    assert_eq!(totals["requests"], report["totals"]["requests"]);
    assert!(totals["histogram"].is_null() && report["totals"]["histogram"].is_string());

    // Who comes later sees the same.
    let reloaded = served.events("").next("update");
    assert_eq!(reloaded["report"], ended["report"]);

    assert_eq!(start(&served, &options(&served, "1"), &json!({}))["run"], 2);
    let second = events.until(|update| update["run"] == 2);
    assert_eq!((&second["full"], &second["report"]), (&json!(true), &Value::Null));
    assert_eq!(served.post("stop", &json!({ "now": true })).status, 204);
    events.until(|update| update["state"] == "stopped");
}

#[test]
fn the_points_of_one_entry_are_told_to_who_asks_for_them() {
    let served = serve("");
    let mut other = served.events("?kind=http&method=GET&name=%2Fnowhere");
    let mut events = served.events("?kind=http&method=GET&name=%2F");
    assert_eq!(events.next("update")["entry"], Value::Null);
    start(&served, &options(&served, "2"), &json!({}));
    let points = |update: &Value| update["entry"].as_array().map_or(0, Vec::len);
    let mut told = 0;
    while told < 2 {
        let update = events.next("update");
        // All of them at first, then the new ones.
        told = if update["full"] == true { points(&update) } else { told + points(&update) };
    }
    served.post("stop", &json!({}));
    let ended = events.until(|update| update["state"] == "stopped");
    let report = served.get("/api/v1/report").json();
    let rows = report["requests"].as_array().expect("a list").iter();
    let row = rows.clone().find(|row| row["name"] == "/").expect("requested");
    assert_eq!(ended["entry"], row["history"]);
    assert!(points(&ended) >= told);
    assert_eq!(other.until(|update| update["state"] == "stopped")["entry"], Value::Null);
    assert_eq!(served.get("/api/v1/events?kind=http").status, 400);
}

#[test]
fn what_can_not_be_run_says_why() {
    let served = serve("");
    let mut checked = served.post("check", &json!({ "options": options(&served, "1") })).json();
    let spec = checked["spec"].take();
    for (pointer, value, part) in [
        ("/classes/0/name", json!("Nobody"), "Nobody"),
        ("/load", json!({ "users": 1, "spawn_rate": 0.0 }), "spawn rate 0"),
        ("/host", json!("nowhere"), "nowhere"),
        ("/host", Value::Null, "no host for Surfer"),
    ] {
        let mut wrong = spec.clone();
        *wrong.pointer_mut(pointer).expect("there") = value;
        let answer = served.post("start", &json!({ "spec": wrong }));
        assert_eq!(answer.status, 422, "{pointer}: {}", answer.text());
        assert!(answer.text().contains(part), "{}", answer.text());
    }
    let settings = json!({ "settings.surf.length": "long" });
    let answer = served.post("start", &json!({ "spec": spec, "settings": settings }));
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("`long` from the web page"), "{}", answer.text());
}

#[test]
fn results_can_be_downloaded() {
    let served = serve("");
    let mut events = served.events("");
    start(&served, &options(&served, "2"), &json!({}));
    events.until(|update| update["state"] == "running");
    served.post("stop", &json!({}));
    let ended = events.until(|update| update["state"] == "stopped");
    let requests = ended["report"]["totals"]["requests"].as_u64().expect("a number");
    let download = |name: &str| {
        let answer = served.get(&format!("/api/v1/files/{name}"));
        assert_eq!(answer.status, 200, "{name}");
        let (stem, extension) = name.split_once('.').expect("a name");
        let named = answer.head.lines().find(|line| line.starts_with("content-disposition: "));
        let named = named.expect("a name");
        assert!(named.contains(&format!("attachment; filename=\"{stem}_20")), "{named}");
        assert!(named.ends_with(&format!("z.{extension}\"")), "{named}");
        answer.text()
    };
    let table = download("requests.csv");
    let sum = table.lines().last().expect("a sum");
    assert!(sum.starts_with(&format!(",Aggregated,{requests},0,")), "{sum}");
    assert!(table.starts_with("Type,Name,Request Count,"), "{table}");
    let history = download("history.csv");
    assert!(history.lines().count() >= 3, "a header and two seconds: {history}");
    assert!(history.lines().last().expect("one").contains(&format!(",{requests},0,")));
    assert!(download("failures.csv").starts_with("Method,Name,Error,"));
    assert!(download("exceptions.csv").starts_with("Count,Message,"));
    let json: Value = serde_json::from_str(&download("report.json")).expect("JSON");
    assert_eq!(json, served.get("/api/v1/report").json());
    download("log.txt");
    assert_eq!(served.get("/api/v1/files/other.csv").status, 404);
}
