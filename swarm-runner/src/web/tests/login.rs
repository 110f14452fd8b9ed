//! Who may come in, and what those who may not get to see.

use super::super::routes;
use super::client::{Answer, Served, serve, try_to_serve};
use crate::access_options::WebUser;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const JSON: &str = "content-type: application/json\r\n";

/// A server that demands a token, and that token.
pub(super) fn with_token(line: &str) -> (Served, String) {
    let served = serve(line);
    let link = served.web.link();
    let (_, token) = link.split_once("/login#token=").expect("a token in the fragment");
    let token = token.to_owned();
    (served, token)
}

pub(super) fn user(name: &str, password: &str) -> String {
    format!("{name}:{}", bcrypt::hash(password, 4).expect("a hash"))
}

impl Served {
    fn log_in(&self, body: &Value) -> Answer {
        self.send("POST /login", JSON, &body.to_string())
    }

    /// Logs in by this token: the line of the header that a browser sends then.
    fn session(&self, token: &str) -> String {
        let answer = self.log_in(&json!({ "token": token }));
        assert_eq!(answer.status, 204, "{}", answer.text());
        let cookie = answer.cookie.expect("a cookie");
        let (pair, _) = cookie.split_once(';').expect("attributes");
        format!("cookie: other=1; {pair}\r\n")
    }

    fn form(&self, headers: &str) -> u16 {
        self.send("GET /api/v1/form", headers, "").status
    }
}

pub(super) fn basic(user: &str, password: &str) -> String {
    format!("authorization: Basic {}\r\n", STANDARD.encode(format!("{user}:{password}")))
}

#[test]
fn a_login_is_demanded_where_others_can_come() {
    let anna = format!("--web-user {}", user("anna", "open sesame"));
    for (line, demanded) in [
        ("", None),
        ("--web-host localhost", None),
        ("--web-login", Some("token")),
        ("--web-host 0.0.0.0", Some("token")),
        (&anna, Some("password")),
        (&format!("--web-host 0.0.0.0 {anna}"), Some("password")),
    ] {
        let served = serve(line);
        let answer = served.get("/api/v1/form");
        let body = answer.json();
        assert_eq!(answer.status, if demanded.is_some() { 401 } else { 200 }, "{line}");
        assert_eq!(body["login"], json!(demanded), "{line}: {body}");
        let link = served.web.link();
        assert_eq!(link.contains("/login#token="), demanded == Some("token"), "{link}");
        assert!(!link.contains("0.0.0.0"), "{link}");
        let exposed = line.contains("0.0.0.0");
        assert_eq!(served.web.warning().is_some(), exposed, "{line}");
        // Where nobody needs to log in, who does is not told off.
        assert_eq!(served.log_in(&json!({ "token": "x" })).status == 204, demanded.is_none());
    }
}

#[test]
fn without_a_session_no_route_answers_but_the_page_and_the_login() {
    let (served, token) = with_token("--web-login");
    let session = served.session(&token);
    let stranger = format!("{}x\r\n", session.trim_end());
    let mut paths: Vec<String> = vec!["/logout".to_owned()];
    for (path, _) in routes::api() {
        paths.push(format!("/api/v1{}", path.replace("{name}", "log.txt")));
    }
    for path in &paths {
        for headers in ["", &stranger] {
            // Each takes one of the two methods.
            let statuses = ["GET", "POST"].map(|method| {
                let headers = format!("{JSON}{headers}");
                served.send(&format!("{method} {path}"), &headers, "{}").status
            });
            assert!(statuses.contains(&401), "{path}: {statuses:?}");
            assert!(statuses.iter().all(|it| [401, 405].contains(it)), "{path}: {statuses:?}");
        }
    }
    for authorization in ["Bearer x", "Basic x", "Basic eDp4", "Digest x", "x"] {
        assert_eq!(served.form(&format!("authorization: {authorization}\r\n")), 401);
    }
    for path in ["/", "/login", "/assets/app.js", "/assets/app.css"] {
        assert_eq!(served.get(path).status, 200, "{path}");
    }
    assert_eq!(served.form(&session), 200);
    let refused = served.get("/api/v1/report");
    assert!(refused.head.contains("www-authenticate: bearer"), "{}", refused.head);
    assert!(refused.text().contains("Authorization: Bearer"), "{}", refused.text());
}

#[test]
fn a_cookie_is_for_this_server_only() {
    for (line, path) in [("", "/"), ("--web-base-path /swarm", "/swarm")] {
        let (served, token) = with_token(&format!("--web-login {line}"));
        let login = format!("POST {}/login", path.trim_end_matches('/'));
        let answer = served.send(&login, JSON, &json!({ "token": token }).to_string());
        let cookie = answer.cookie.expect("a cookie");
        let (pair, attributes) = cookie.split_once("; ").expect("attributes");
        let (name, id) = pair.split_once('=').expect("a value");
        let port = served.host().rsplit(':').next().expect("a port").to_owned();
        assert_eq!(name, format!("swarm-{port}"));
        assert_eq!(id.len(), 43, "256 bits");
        assert_eq!(attributes, format!("Path={path}; HttpOnly; SameSite=Strict"));
    }
    let (served, token) = with_token("--web-login");
    assert_eq!(token.len(), 43, "256 bits");
    assert_ne!(served.session(&token), served.session(&token));
    let form = served.send("GET /api/v1/form", &served.session(&token), "");
    assert!(form.head.contains("cache-control: no-store"), "{}", form.head);
    assert_eq!(form.json()["login"], "token");
}

#[test]
fn what_is_wrong_is_told_and_not_too_often() {
    let (served, token) = with_token("--web-login");
    assert_eq!(served.log_in(&json!({ "token": token })).status, 204);
    let nearly = format!("{}!", &token[..42]);
    for wrong in [
        json!({ "token": nearly }),
        json!({ "token": "" }),
        json!({ "token": "x".repeat(10_000) }),
        json!({ "user": "anna", "password": token }),
    ] {
        let answer = served.log_in(&wrong);
        assert_eq!((answer.status, answer.cookie), (401, None), "{wrong}");
        let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
        let error = answer["error"].as_str().expect("a text");
        assert!(error.contains("not the token"), "{error}");
        assert_eq!(answer["login"], "token");
    }
    assert_eq!(served.log_in(&json!({ "nothing": 1 })).status, 422);
    for _ in 4..10 {
        assert_eq!(served.form("authorization: Bearer x\r\n"), 401);
    }
    let session = served.send("GET /api/v1/form", "authorization: Bearer x\r\n", "");
    assert_eq!(session.status, 429);
    let answer = served.log_in(&json!({ "token": token }));
    assert_eq!(answer.status, 429, "{}", answer.text());
    let wait = answer.head.lines().find_map(|line| line.strip_prefix("retry-after: "));
    let wait: u64 = wait.and_then(|seconds| seconds.parse().ok()).expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(answer.text().contains("try again in"), "{}", answer.text());
}

#[test]
fn users_log_in_by_their_passwords_also_with_each_request() {
    let (anna, berta) = (user("anna", "open sesame"), user("berta", "ö:,"));
    let served = serve(&format!("--web-user {anna},{berta}"));
    for (name, password, status) in [
        ("anna", "open sesame", 204),
        ("berta", "ö:,", 204),
        ("anna", "ö:,", 401),
        ("clara", "open sesame", 401),
    ] {
        let answer = served.log_in(&json!({ "user": name, "password": password }));
        assert_eq!(answer.status, status, "{name} {password}: {}", answer.text());
        let again = served.form(&basic(name, password));
        assert_eq!(again, if status == 204 { 200 } else { 401 }, "{name} {password}");
        if status == 401 {
            let error = answer.json()["error"].clone();
            assert_eq!(error, "user or password is wrong", "it does not say which");
            assert_eq!(answer.json()["login"], "password");
        }
    }
    assert_eq!(served.log_in(&json!({ "token": "x" })).status, 401);
    assert_eq!(served.form("authorization: Bearer x\r\n"), 401);
    let shown = format!("{:?}", served.web.site.options.web);
    for hash in [&anna, &berta].map(|user| user.split_once(':').expect("a hash").1) {
        assert!(!shown.contains(hash), "{shown}");
        assert_eq!(served.web.secrets().redact(hash), "***");
    }
    let plain = try_to_serve("--web-user anna:hunter2").err().expect("no hash").to_string();
    assert!(plain.contains("htpasswd -nB NAME") && !plain.contains("hunter2"), "{plain}");
    assert_eq!(format!("{:?}", "x:y".parse::<WebUser>()), "Ok(WebUser(***))");
}

#[test]
fn what_changes_something_comes_from_the_page_or_from_a_program() {
    let (served, token) = with_token("--web-host 0.0.0.0");
    let cookie = served.session(&token);
    let bearer = format!("authorization: bearer {token}\r\n");
    let any = "host: load.example:8089\r\n";
    let own = "origin: https://load.example:8089\r\n";
    let foreign = "origin: https://evil.example\r\n";
    for (headers, status) in [
        (format!("{any}{cookie}{own}"), 200),
        (format!("{any}{cookie}sec-fetch-site: same-origin\r\n"), 200),
        (format!("{any}{cookie}"), 403),
        (format!("{any}{cookie}{foreign}"), 403),
        (format!("{any}{cookie}origin: null\r\n"), 403),
        (format!("{any}{cookie}{own}sec-fetch-site: same-site\r\n"), 403),
        (format!("{any}{bearer}"), 200),
        (format!("{any}{bearer}{foreign}"), 403),
        (format!("{any}{own}"), 401),
    ] {
        let answer = served.send("POST /api/v1/check", &format!("{JSON}{headers}"), "{}");
        assert_eq!(answer.status, status, "{headers}: {}", answer.text());
    }
    assert_eq!(served.form(&format!("{any}{cookie}")), 200);
    let login = format!("{any}{JSON}{foreign}");
    assert_eq!(
        served.send("POST /login", &login, &json!({ "token": token }).to_string()).status,
        403
    );
}

#[test]
fn who_logs_out_sees_no_more_and_others_do() {
    let (served, token) = with_token("--web-login");
    let (one, other) = (served.session(&token), served.session(&token));
    let mut streams = [&one, &one, &other].map(|it| served.events_with("", it));
    for stream in &mut streams {
        stream.next("update");
    }
    let [first, second, mut third] = streams;
    let own = format!("{one}origin: http://{}\r\n", served.host());
    let answer = served.send("POST /logout", &own, "");
    assert_eq!(answer.status, 204);
    let cookie = answer.cookie.expect("a cookie");
    assert!(cookie.contains("=; Path=/;") && cookie.ends_with("; Max-Age=0"), "{cookie}");
    first.drain();
    second.drain();
    assert_eq!(served.form(&one), 401);
    assert_eq!(served.form(&other), 200);
    let form = served.send("GET /api/v1/form", &other, "").json();
    let headers = format!("{JSON}{other}origin: http://{}\r\n", served.host());
    let spec = served.send("POST /api/v1/check", &headers, &form["entered"].to_string()).json();
    let start = json!({ "spec": spec["spec"], "settings": {} }).to_string();
    assert_eq!(served.send("POST /api/v1/start", &headers, &start).status, 202);
    third.until(|update| update["run"] == 1);
}
