//! Metrics and traces by OTLP: all that was measured comes to who receives by the protocol's definitions, and who does not receive does no harm.

use crate::load::{Ended, Load, start_with};
use crate::otlp_receiver::{OtlpReceiver, Received, text};
use crate::secrets::{PASSWORD, search};
use crate::server::Server;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Kind, method and name of what is counted.
type Key = (String, String, String);

fn start(class: &str, host: &str, arguments: &str) -> Load {
    start_with(class, host, arguments, |command| {
        command.env("OTEL_METRIC_EXPORT_INTERVAL", "300").env("INDISCREET_PASSWORD", PASSWORD);
    })
}

/// Of each row of the result: successes, failures, and what was cut off.
fn rows(ended: &Ended) -> BTreeMap<Key, [u64; 3]> {
    let rows = ended.report["requests"].as_array().expect("a list").iter();
    let count = |row: &Value, what: &str| row[what].as_u64().expect("a number");
    let counts = |row: &Value| {
        let failures = count(row, "failures");
        [count(row, "requests") - failures, failures, count(row, "interrupted")]
    };
    rows.map(|row| (key(row, ""), counts(row))).collect()
}

fn key(of: &Value, prefix: &str) -> Key {
    let of = |name: &str| text(&of[format!("{prefix}{name}")]).to_owned();
    (of("kind"), of("method"), of("name"))
}

/// The traces that have a span, and how the span ended.
fn traces(received: &Received) -> BTreeMap<String, &Value> {
    let place =
        |span: &Value| format!("00-{}-{}-01", text(&span["trace_id"]), text(&span["span_id"]));
    let traces: BTreeMap<_, _> =
        received.list("spans").iter().map(|span| (place(span), span)).collect();
    assert_eq!(traces.len(), received.list("spans").len(), "no two spans have a place in common");
    traces
}

#[test]
fn each_request_is_a_span_and_each_sum_is_the_results() {
    let receiver = OtlpReceiver::start();
    let arguments =
        format!("-u 5 -r 100 -t 2s -s 0s --otlp {} --otlp-traces 100%", receiver.url(""));
    let ended = start("Traceable", &receiver.url("target"), &arguments).wait();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(!ended.stderr.contains("warning"), "{}", ended.stderr);
    let (received, rows) = (receiver.received(), rows(&ended));
    let steps = |key: &Key| key.0 == "step";

    let traces = traces(&received);
    let mut spans = BTreeMap::<Key, [u64; 3]>::new();
    for span in traces.values() {
        let of = &span["attributes"];
        let method = text(&span["name"]).split(' ').next().expect("a word");
        let key = (text(&of["swarm.kind"]).into(), method.into(), text(&of["swarm.name"]).into());
        let result = match (&span["status"][0], &of["error.type"]) {
            (code, Value::Null) if *code == 0 => 0,
            (code, sort) if *code == 2 => 1 + usize::from(sort == "interrupted"),
            other => panic!("{other:?}"),
        };
        spans.entry(key).or_default()[result] += 1;
        assert_eq!((&span["kind"], &span["flags"]), (&json!("SPAN_KIND_CLIENT"), &json!(1)));
        assert!(span["begin"].as_u64() <= span["end"].as_u64(), "{span}");
    }
    let expected =
        rows.iter().filter(|(key, _)| !steps(key)).map(|(key, counts)| (key.clone(), *counts));
    assert_eq!(spans, expected.collect(), "with names as they are");
    assert!(spans.keys().any(|(_, _, name)| name.contains('\0')));
    assert!(spans.values().any(|counts| counts[2] > 0), "something was cut off");

    // Whatever the target was asked belongs to a span, a redirect to that of its request; and what has an answer was asked.
    let targeted = received.targeted();
    for (place, times) in &targeted {
        let span = traces.get(place).unwrap_or_else(|| panic!("no span for {place}"));
        let moved = span["attributes"]["swarm.name"] == "/moved";
        assert!(*times <= 1 + usize::from(moved), "{span}");
    }
    let answered = traces
        .iter()
        .filter(|(_, span)| !span["attributes"]["http.response.status_code"].is_null());
    let asked: BTreeSet<_> = targeted.keys().collect();
    assert!(answered.map(|(place, _)| place).all(|place| asked.contains(place)));

    let mut metrics = BTreeMap::<Key, [u64; 3]>::new();
    for point in received.points("swarm.requests") {
        let of = &point["attributes"];
        let results = ["ok", "failed", "interrupted"];
        let result = results.iter().position(|result| of["swarm.result"] == *result);
        metrics.entry(key(of, "swarm.")).or_default()[result.expect("known")] +=
            point["value"].as_u64().expect("a number");
    }
    assert_eq!(metrics, rows);
    for point in received.points("swarm.request.duration") {
        let [ok, failed, _] = rows[&key(&point["attributes"], "swarm.")];
        assert_eq!(point["count"], ok + failed, "{point}");
    }
}

#[test]
fn a_span_and_a_metric_say_what_the_conventions_say() {
    let receiver = OtlpReceiver::start();
    let arguments =
        format!("-u 2 -r 100 -t 1s -s 0s --otlp {} --otlp-traces 100%", receiver.url(""));
    let ended = start_with("Traceable", &receiver.url("target"), &arguments, |command| {
        command.env("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=ci");
        command.env("OTEL_METRIC_EXPORT_INTERVAL", "300");
    });
    let ended = ended.wait();
    let received = receiver.received();
    let spans = received.list("spans");
    let named = |name: &str| {
        let found = spans.iter().find(|span| span["attributes"]["swarm.name"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
    };
    let missing = named("/missing");
    let attributes = missing["attributes"].as_object().expect("an object");
    let number = |name: &str| attributes[name].as_u64().expect(name);
    assert_eq!(number("http.response.status_code"), 404);
    assert_eq!(attributes["error.type"], "404");
    assert_eq!(attributes["http.request.method"], "GET");
    assert_eq!(attributes["url.full"], json!(receiver.url("target/missing")));
    assert_eq!(attributes["server.address"], "127.0.0.1");
    assert!(receiver.url("").ends_with(&format!(":{}/", number("server.port"))));
    assert_eq!(attributes["swarm.class"], "Traceable");
    assert!(number("swarm.user") < 2 && number("swarm.iteration") > 0);
    assert_eq!(missing["name"], "GET /missing");
    assert_eq!(missing["status"], json!([2, "404 Not Found"]));
    assert_eq!(missing["parent"], "");
    assert_eq!(named("nothing")["status"], json!([0, ""]));
    assert!(named("nothing")["attributes"]["http.request.method"].is_null());
    for of in [&missing["resource"], &received.list("metrics")[0]["swarm.run.state"]["resource"]] {
        assert_eq!(of["service.name"], "swarm");
        assert_eq!(of["service.version"], missing["scope"][1]);
        assert_eq!(of["deployment.environment.name"], "ci");
        assert_eq!(of["service.instance.id"], missing["resource"]["service.instance.id"]);
    }
    let exports = received.list("metrics");
    assert!(exports.len() > 1, "while it goes on, and at the end");
    let last = exports.last().expect("there are");
    let sums = &last["swarm.requests"];
    assert_eq!((&sums["sort"], &sums["monotonic"]), (&json!("sum"), &json!(true)));
    assert_eq!((&sums["temporality"], &sums["unit"]), (&json!(2), &json!("1")));
    let times = &last["swarm.request.duration"];
    assert_eq!((&times["sort"], &times["temporality"]), (&json!("histogram"), &json!(2)));
    assert_eq!(times["unit"], "s");
    let started = ended.text("/run/started_at");
    let start = sums["points"][0]["start"].as_u64().expect("a time");
    assert!(start > 1_700_000_000_000_000_000, "{started}");
    for point in sums["points"].as_array().expect("a list") {
        assert!(point["start"].as_u64() == Some(start) && point["now"].as_u64() > Some(start));
    }
}

#[test]
fn no_secret_comes_to_who_receives_and_no_header_is_shown() {
    let (receiver, server) = (OtlpReceiver::start(), Server::start(Duration::ZERO));
    let arguments = format!(
        "-u 3 -r 100 -t 1s --otlp {} --otlp-traces 100% --otlp-header api-key=0tlp%20s3cret",
        receiver.url("partly")
    );
    let ended = start("Indiscreet", &server.url(), &arguments).wait();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let received = receiver.received();
    assert!(received.list("posts").iter().all(|post| post["headers"]["api-key"] == "0tlp s3cret"));
    search("what was sent", &json!([received.0["spans"], received.0["metrics"]]).to_string());
    let sent = received.0["spans"].to_string();
    for part in ["/?raw=***", "/?key=***", "named ***", "check failed: no ***"] {
        assert!(sent.contains(part), "no {part} in {sent}");
    }
    // It took all but one of each message, and quoted the header.
    let shown = format!("{}{}{}", ended.stderr, ended.stdout, ended.report);
    assert!(!shown.contains("s3cret") && !ended.stderr.contains('\u{1b}'), "{}", ended.stderr);
    let refused = ended.stderr.lines().filter(|line| line.contains("one is enough for ***"));
    assert_eq!(refused.count(), 2, "once for each signal: {}", ended.stderr);
    let posts = received.list("posts").iter().filter(|post| post["path"] == "/partly/v1/traces");
    let lost = format!(" {} of {} spans for", posts.count(), received.list("spans").len());
    assert!(ended.stderr.contains(&lost), "no{lost} in {}", ended.stderr);
}

#[test]
fn who_does_not_receive_does_no_harm_and_what_is_lost_is_told() {
    let (receiver, server) = (OtlpReceiver::start(), Server::start(Duration::ZERO));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let away = format!("http://{}", nobody.local_addr().expect("bound"));
    drop(nobody);
    let run = |url: String| {
        let arguments = format!("-u 2 -r 100 --iterations 300 --otlp {url} --otlp-traces 100%");
        start("Plain", &server.url(), &arguments)
    };
    let busy = run(receiver.url("busy"));
    let bad = [run(receiver.url("refuse")), run(receiver.url("hang")), run(away)];
    for (load, why) in bad.into_iter().zip(["400 Bad Request", "", "refused"]) {
        let ended = load.wait();
        assert_eq!(
            (ended.code, ended.number("/totals/requests")),
            (Some(0), 300),
            "{}",
            ended.stderr
        );
        let stderr = &ended.stderr;
        assert!(stderr.contains("300 of 300 spans"), "{stderr}");
        assert!(stderr.contains("does not have the figures of the end"), "{stderr}");
        for signal in ["metrics", "traces"] {
            let told = stderr.matches(&format!("can't send {signal} to")).count();
            assert_eq!(told, usize::from(!why.is_empty()), "{stderr}");
        }
        assert!(stderr.contains(why), "{stderr}");
    }
    let ended = busy.wait();
    assert_eq!((ended.code, ended.number("/totals/requests")), (Some(0), 300), "{}", ended.stderr);
    assert!(ended.stderr.contains("503 Service Unavailable"), "{}", ended.stderr);
    assert!(
        !ended.stderr.contains("lost") && !ended.stderr.contains("figures of the end"),
        "{}",
        ended.stderr
    );
    let received = receiver.received();
    assert_eq!(received.list("spans").len(), 300, "after a while, and none twice");
    let sum = |points: &[Value]| points.iter().filter_map(|it| it["value"].as_u64()).sum::<u64>();
    assert_eq!(sum(received.points("swarm.requests")), 300);
}
