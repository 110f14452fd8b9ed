//! The page's files, and who may ask for what.

use super::client::serve;
use flate2::read::GzDecoder;
use std::io::Read as _;

#[test]
fn the_page_comes_packed_and_only_when_it_has_changed() {
    let served = serve("");
    for (path, kind) in
        [("/", "text/html"), ("/assets/app.js", "text/javascript"), ("/assets/app.css", "text/css")]
    {
        let plain = served.get(path);
        assert_eq!(plain.status, 200, "{path}");
        assert!(plain.head.contains(&format!("content-type: {kind}; charset=utf-8")), "{path}");
        assert!(plain.head.contains("content-security-policy: default-src 'self'"), "{path}");
        let packed = served.send(&format!("GET {path}"), "accept-encoding: br, gzip\r\n", "");
        assert!(packed.head.contains("content-encoding: gzip"), "{}", packed.head);
        let mut unpacked = Vec::new();
        GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).expect("gzip");
        assert_eq!(unpacked, plain.body, "{path}");
        let tag = plain.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("one");
        let again = served.send(&format!("GET {path}"), &format!("if-none-match: {tag}\r\n"), "");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
    assert_eq!(served.get("/assets/other.js").status, 404);
    assert_eq!(served.get("/api/v1/nothing").status, 404);
}

#[test]
fn it_can_be_served_below_a_path() {
    let served = serve("--web-base-path swarm/");
    assert!(served.web.link().ends_with("/swarm"), "{}", served.web.link());
    let moved = served.get("/swarm");
    assert_eq!(moved.status, 308);
    assert!(moved.head.contains("location: /swarm/"), "{}", moved.head);
    for (path, status) in
        [("/swarm/", 200), ("/swarm/assets/app.js", 200), ("/swarm/api/v1/form", 200), ("/", 404)]
    {
        assert_eq!(served.get(path).status, status, "{path}");
    }
}

#[test]
fn no_other_site_may_ask_or_change_anything() {
    let served = serve("");
    let port = served.web.link().rsplit(':').next().expect("a port").to_owned();
    let json = "content-type: application/json\r\n";
    let own = served.host();
    for (headers, status) in [
        (format!("host: localhost:{port}\r\n"), 200),
        (format!("host: [::1]:{port}\r\n"), 200),
        (format!("host: LOCALHOST:{port}\r\n"), 200),
        (format!("host: evil.example:{port}\r\n"), 403),
        (format!("host: localhost.evil.example:{port}\r\n"), 403),
        ("host: 127.0.0.1.evil.example\r\n".to_owned(), 403),
    ] {
        assert_eq!(served.send("GET /api/v1/form", &headers, "").status, status, "{headers}");
    }
    for (headers, status) in [
        (String::new(), 200),
        (format!("origin: http://{own}\r\n"), 200),
        (format!("origin: http://{own}\r\nsec-fetch-site: same-origin\r\n"), 200),
        ("origin: http://evil.example\r\n".to_owned(), 403),
        ("origin: null\r\n".to_owned(), 403),
        ("origin: http://localhost:1\r\n".to_owned(), 403),
        ("sec-fetch-site: cross-site\r\n".to_owned(), 403),
        ("sec-fetch-site: same-site\r\n".to_owned(), 403),
    ] {
        let answer = served.send("POST /api/v1/check", &format!("{json}{headers}"), "{}");
        assert_eq!(answer.status, status, "{headers}: {}", answer.text());
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
    }
    // A form of another site can't send JSON.
    let form = "content-type: text/plain\r\n";
    assert_eq!(served.send("POST /api/v1/stop", form, "{}").status, 415);
}

#[test]
fn what_is_too_much_is_refused() {
    let served = serve("");
    let json = "content-type: application/json\r\n";
    let long = format!(r#"{{"options":{{"host":"{}"}}}}"#, "a".repeat(300_000));
    assert_eq!(served.send("POST /api/v1/check", json, &long).status, 413);
    for (path, body, status) in [
        ("check", r#"{"options":{"users":5}}"#, 422),
        ("check", r#"{"optinos":{}}"#, 422),
        ("check", "{", 400),
        ("start", "{}", 422),
        ("reset", r#"{"all":true}"#, 422),
    ] {
        let answer = served.send(&format!("POST /api/v1/{path}"), json, body);
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.text());
        assert!(answer.json()["error"].is_string(), "{}", answer.text());
    }
    let mut streams: Vec<_> = (0..64).map(|_| served.events("")).collect();
    for stream in &mut streams {
        stream.next("update");
    }
    let one_more = served.get("/api/v1/events");
    assert_eq!(one_more.status, 503);
    drop(streams);
    // Places are free again when the server has noticed.
    while !served.events("").status().contains("200") {}
}

#[test]
fn who_asks_without_end_is_told_to_wait() {
    let served = serve("");
    // More than can be given back while they are asked.
    let answers = (0..1_000).map(|_| served.send("HEAD /assets/app.css", "", ""));
    let refused = answers.into_iter().find(|answer| answer.status == 429).expect("too many");
    assert!(refused.head.contains("retry-after: 1"), "{}", refused.head);
}
