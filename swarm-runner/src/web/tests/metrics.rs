//! Metrics, as Prometheus collects them: beside the page, and where there is nothing else.

use super::client::{Answer, Served, send, serve};
use super::login::{basic, user, with_token};
use super::runs::{options, start};
use crate::metrics::{Format, Kept};
use crate::web::exporter::Exporter;
use flate2::read::GzDecoder;
use serde_json::json;
use std::io::Read as _;
use std::sync::Arc;
use tokio::runtime::Builder;

const OPENMETRICS: &str = "accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1\r\n";

/// The sum of the samples of a name whose labels have this part.
fn sum(text: &str, name: &str, part: &str) -> u64 {
    let lines = text.lines().filter(|line| line.starts_with(name) && line.contains(part));
    let value = |line: &str| line.rsplit(' ').next().and_then(|value| value.parse::<u64>().ok());
    lines.map(|line| value(line).expect("a whole number")).sum()
}

fn is_shown(answer: &Answer) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("\nswarm_run_state{swarm_run_state=\"ready\"} 1\n"));
}

/// Runs something to its end. Returns how many requests came to theirs, as the result says.
fn run(served: &Served) -> u64 {
    let mut events = served.events("");
    start(served, &options(served, "2"), &json!({}));
    events.until(|update| update["report"]["totals"]["requests"].as_u64() > Some(5));
    let live = served.get("/metrics").text();
    assert!(sum(&live, "swarm_requests_total", "result=\"ok\"") > 0, "{live}");
    assert!(live.contains("\nswarm_users{class=\"Surfer\"} 2\n"), "{live}");
    served.post("stop", &json!({}));
    events.until(|update| update["state"] == "stopped");
    let report = served.get("/api/v1/report").json();
    let rows = report["requests"].as_array().expect("a list").iter();
    rows.map(|row| row["requests"].as_u64().expect("a number")).sum()
}

#[test]
fn a_run_is_shown_while_it_goes_on_and_afterwards_as_its_result_has_it() {
    let served = serve("");
    is_shown(&served.get("/metrics"));
    let requests = run(&served);
    let exporter = Exporter::serve(served.web.site.handle.clone(), &"0".parse().expect("a port"));
    let exporter = exporter.expect("a free port");
    for answer in [served.get("/metrics"), send(exporter.address, "GET /metrics", "", "")] {
        let text = answer.text();
        assert_eq!(sum(&text, "swarm_request_duration_seconds_count", ""), requests);
        let [ok, failed] = ["ok", "failed"]
            .map(|it| sum(&text, "swarm_requests_total", &format!("result=\"{it}\"")));
        assert_eq!(ok + failed, requests);
        assert!(text.contains("\nswarm_run_state{swarm_run_state=\"stopped\"} 1\n"), "{text}");
        assert!(text.contains("\nswarm_users{class=\"Surfer\"} 0\n"), "{text}");
    }
}

#[test]
fn who_asks_gets_the_format_that_it_wants_and_packed_if_it_can_unpack_it() {
    let served = serve("");
    let answer = served.get("/metrics");
    assert!(answer.head.contains("content-type: text/plain; version=0.0.4; charset=utf-8"));
    let answer = served.send("GET /metrics", OPENMETRICS, "");
    let kind = "content-type: application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert!(answer.head.contains(kind), "{}", answer.head);
    assert!(answer.head.contains("vary: accept, accept-encoding"), "{}", answer.head);
    let plain = answer.text();
    assert!(plain.ends_with("# EOF\n"), "{plain}");
    run(&served);
    let packed =
        served.send("GET /metrics", &format!("{OPENMETRICS}accept-encoding: gzip\r\n"), "");
    assert!(packed.head.contains("content-encoding: gzip"), "{}", packed.head);
    let mut text = String::new();
    GzDecoder::new(&packed.body[..]).read_to_string(&mut text).expect("gzip");
    assert_eq!(text, served.send("GET /metrics", OPENMETRICS, "").text());
    assert_eq!(served.send("POST /metrics", "", "").status, 405);
}

#[test]
fn where_a_login_is_demanded_a_scraper_logs_in_with_each_request_and_is_not_held_up() {
    let (served, token) = with_token("--web-login --web-base-path /swarm");
    let refused = served.get("/swarm/metrics");
    assert_eq!(refused.status, 401, "{}", refused.text());
    assert!(!refused.text().contains("swarm_run_state"));
    assert_eq!(served.send("GET /swarm/metrics", "authorization: Bearer x\r\n", "").status, 401);
    let bearer = format!("authorization: Bearer {token}\r\n");
    for _ in 0..100 {
        is_shown(&served.send("GET /swarm/metrics", &bearer, ""));
    }
    let served = serve(&format!("--web-user {}", user("prometheus", "open sesame")));
    assert_eq!(served.get("/metrics").status, 401);
    for _ in 0..100 {
        is_shown(&served.send("GET /metrics", &basic("prometheus", "open sesame"), ""));
    }
    assert_eq!(served.send("GET /metrics", &basic("prometheus", "sesame"), "").status, 401);
}

#[test]
fn the_small_server_has_nothing_but_metrics_and_is_for_this_machine_unless_told_otherwise() {
    let served = serve("--web-login");
    let at = |address: &str| {
        let address = address.parse().expect("an address");
        Exporter::serve(served.web.site.handle.clone(), &address).expect("a free port")
    };
    let own = at("0");
    assert!(own.url().starts_with("http://localhost:") && own.warning().is_none());
    is_shown(&send(own.address, "GET /metrics", "", ""));
    for path in ["/", "/api/v1/form", "/login", "/metrics/x"] {
        assert_eq!(send(own.address, &format!("GET {path}"), "", "").status, 404, "{path}");
    }
    assert_eq!(send(own.address, "POST /metrics", "", "").status, 405);
    let foreign = "host: evil.example\r\n";
    let refused = send(own.address, "GET /metrics", foreign, "");
    assert_eq!(refused.status, 403, "{}", refused.text());
    is_shown(&send(own.address, "GET /metrics", "host: localhost:9464\r\n", ""));
    let open = at("0.0.0.0:0");
    assert!(open.warning().is_some_and(|it| it.contains("everybody who reaches this address")));
    let here = (std::net::Ipv4Addr::LOCALHOST, open.address.port()).into();
    is_shown(&send(here, "GET /metrics", foreign, ""));
    let wanted = own.address.to_string().parse().expect("an address");
    let taken = Exporter::serve(served.web.site.handle.clone(), &wanted).err().expect("taken");
    assert!(taken.to_string().contains("--metrics-addr"), "{taken}");
}

#[test]
fn what_is_shown_is_made_once_for_each_snapshot() {
    let served = serve("");
    run(&served);
    let kept = Kept::new(served.web.site.handle.clone());
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let text = || runtime.block_on(kept.text(Format::Text));
    let first = text();
    assert!(Arc::ptr_eq(&first, &text()));
    assert_ne!(first, runtime.block_on(kept.text(Format::OpenMetrics)));
    let mut events = served.events("");
    start(&served, &options(&served, "1"), &json!({}));
    events.until(|update| update["run"] == 2);
    assert!(text().contains("run=\"2\""), "another run");
}
