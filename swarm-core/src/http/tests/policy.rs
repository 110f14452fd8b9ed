//! How a client connects: by the run's options and by its own ways.

use super::server::{Act, Server, ok, redirect};
use super::{causes, counts, for_both_clients, hello, names, play, play_as};
use crate::http::{ClientBuilder, HttpClient};
use crate::plan::RunSpec;
use std::time::Duration;
use tokio::join;

for_both_clients![
    a_host_may_have_an_address_of_its_own,
    a_run_does_not_leave_the_hosts_that_are_allowed,
    a_body_may_be_limited,
];

/// A client that is made in a way of its own, beside one of the run's.
fn built(client: &HttpClient, build: impl FnOnce(ClientBuilder) -> ClientBuilder) -> HttpClient {
    build(HttpClient::builder()).build(client.context()).expect("valid")
}

#[test]
fn without_keep_alive_each_request_connects() {
    let server = hello();
    let delta = play(&server.url(), async |client| {
        let client = built(client, |builder| builder.keep_alive(false));
        for _ in 0..3 {
            client.get("/").await.expect("an answer");
        }
    });
    assert_eq!(server.connections(), 3);
    let phases = counts(&delta, "/").phases;
    assert_eq!((phases.connect.count(), phases.reused), (3, 0));
}

#[test]
fn where_the_time_went_is_told_apart() {
    let server = Server::start(|seen| match seen.before {
        0 => {
            std::thread::sleep(Duration::from_millis(30));
            ok("hello")
        }
        _ => ok("hello"),
    });
    let delta = play(&server.url(), async |client| {
        for _ in 0..4 {
            client.get("/").await.expect("an answer");
        }
    });
    let phases = counts(&delta, "/").phases;
    assert_eq!((phases.connect.count(), phases.reused), (1, 3));
    assert_eq!((phases.dns.count(), phases.tls.count()), (0, 0), "an address, in plain");
    assert_eq!(phases.first_byte.count(), 4);
    assert!(phases.first_byte.max() >= Some(30_000.0), "the server's time");
}

#[test]
fn connections_to_a_host_can_be_limited() {
    let server = hello();
    play(&server.url(), async |client| {
        let client = built(client, |builder| builder.max_connections_per_host(2));
        let get = || client.get("/");
        let five = join!(get(), get(), get(), get(), get());
        assert!(five.0.is_ok() && five.4.is_ok(), "all are answered");
        // Who gave up waiting for room gives none away.
        let _ = tokio::time::timeout(Duration::ZERO, async { join!(get(), get(), get()) }).await;
        let four = join!(get(), get(), get(), get());
        assert!(four.0.is_ok() && four.3.is_ok());
    });
    let server = hello();
    play(&server.url(), async |client| {
        let client = built(client, |builder| builder.max_connections_per_host(2));
        let get = || client.get("/");
        let five = join!(get(), get(), get(), get(), get());
        assert!(five.0.is_ok() && five.4.is_ok());
    });
    assert_eq!(server.connections(), 2);
}

#[test]
fn redirects_can_be_left_to_the_task() {
    let server = Server::start(|seen| match seen.path() {
        "/from" => redirect(302, "/to"),
        _ => ok("there"),
    });
    play(&server.url(), async |client| {
        let answer = client.get("/from").redirects(0).await.expect("a redirect is an answer");
        assert_eq!((answer.status(), answer.header("location")), (302, Some("/to")));
        let never = built(client, |builder| builder.redirects(0));
        assert_eq!(never.get("/from").await.expect("an answer").status(), 302);
        assert_eq!(never.get("/from").redirects(1).await.expect("followed").status(), 200);
    });
}

#[test]
fn a_client_may_have_a_host_headers_and_a_group_of_its_own() {
    let (home, other) = (hello(), hello());
    let delta = play(&home.url(), async |client| {
        let billing = built(client, |builder| {
            builder.host(other.url()).group("billing").header("x-key", "b").traceparent(true)
        });
        billing.get("/invoices").await.expect("an answer");
        billing.get("/invoices").name("all").await.expect("an answer");
        client.get("/invoices").await.expect("an answer");
        let wrong = HttpClient::builder().host("nowhere").build(client.context());
        assert!(wrong.err().is_some_and(|error| error.to_string().contains("`nowhere`")));
    });
    assert_eq!(names(&delta), ["billing /invoices", "billing all", "/invoices"]);
    let seen = other.seen();
    assert_eq!(seen[0].header("x-key"), ["b"]);
    let [first, second] = [&seen[0], &seen[1]].map(|seen| seen.header("traceparent")[0].to_owned());
    let parts: Vec<&str> = first.split('-').collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [2, 32, 16, 2], "{first}");
    assert_ne!(first, second);
    assert_eq!(home.seen()[0].header("traceparent"), [""; 0]);
}

fn a_host_may_have_an_address_of_its_own() {
    let server = hello();
    let port = server.address().port();
    let elsewhere = |spec: &mut RunSpec| {
        spec.host = Some(format!("http://shop.invalid:{port}"));
        spec.client.resolve =
            vec![format!("shop.invalid:{port}:127.0.0.1").parse().expect("valid")];
    };
    play_as(elsewhere, async |client| drop(client.get("/").await.expect("an answer")));
    assert_eq!(server.seen()[0].header("host"), [format!("shop.invalid:{port}")]);
}

#[test]
fn dns_is_asked_once_and_remembered() {
    let server = hello();
    let host = format!("http://localhost:{}", server.address().port());
    for (ttl, asked) in [(30, 1), (0, 3)] {
        let remembering = |spec: &mut RunSpec| {
            spec.host = Some(host.clone());
            spec.client.dns_ttl = Duration::from_secs(ttl);
        };
        let delta = play_as(remembering, async |client| {
            let client = built(client, |builder| builder.keep_alive(false));
            for _ in 0..3 {
                client.get("/").await.expect("an answer");
            }
        });
        let phases = counts(&delta, "/").phases;
        assert_eq!((phases.dns.count(), phases.connect.count()), (asked, 3), "{ttl} s");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn users_connect_from_the_addresses_they_are_given() {
    let server = Server::start(|_| ok(""));
    let from = |spec: &mut RunSpec| {
        spec.host = Some(server.url());
        spec.client.source_ips =
            vec!["::1".parse().expect("valid"), "127.0.0.9".parse().expect("valid")];
    };
    play_as(from, async |client| drop(client.get("/").await.expect("an answer")));
    assert_eq!(server.peers(), ["127.0.0.9"]);
    let wrong_family = |spec: &mut RunSpec| {
        spec.host = Some(server.url());
        spec.client.source_ips = vec!["::1".parse().expect("valid")];
    };
    let delta = play_as(wrong_family, async |client| {
        client.get("/").await.expect_err("no such way");
    });
    assert_eq!(causes(&delta), ["no --source-ip can reach 127.0.0.1"]);
}

fn a_run_does_not_leave_the_hosts_that_are_allowed() {
    let (home, other) = (hello(), hello());
    let to = other.url().replace("127.0.0.1", "localhost");
    let leading_away = {
        let to = to.clone();
        Server::start(move |_| redirect(302, &to))
    };
    let fenced = |spec: &mut RunSpec| {
        spec.host = Some(home.url());
        spec.client.allow_hosts = vec!["127.0.0.1".to_owned()];
    };
    let delta = play_as(fenced, async |client| {
        client.get("/").await.expect("an answer");
        client.get(format!("{to}/x")).await.expect_err("not allowed");
        client.get(leading_away.url()).await.expect_err("not allowed");
    });
    assert_eq!(causes(&delta), ["`localhost` is not among the allowed hosts (--allow-host)"; 2]);
    assert_eq!(other.seen().len(), 0);
}

fn a_body_may_be_limited() {
    let server = Server::start(|_| ok(&"x".repeat(1_025)));
    for (most, fits) in [(1_025, true), (1_024, false)] {
        let limited = |spec: &mut RunSpec| {
            spec.host = Some(server.url());
            spec.client.max_body = most;
        };
        play_as(limited, async |client| {
            assert_eq!(client.get("/").await.is_ok(), fits, "{most}");
        });
    }
    let chunked =
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
    let server = Server::start(|_| Act::Send(chunked.to_vec()));
    let limited = |spec: &mut RunSpec| {
        spec.host = Some(server.url());
        spec.client.max_body = 5;
    };
    let delta = play_as(limited, async |client| {
        client.get("/").await.expect_err("six bytes");
    });
    assert_eq!(causes(&delta), ["the answer's body is larger than 5 bytes"]);
}
