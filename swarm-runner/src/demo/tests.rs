//! The demo site answers as its table says.

use super::*;
use std::io::Read as _;
use std::net::TcpStream;

/// Sends a request and returns the whole answer.
fn ask(demo: Demo, line: &str, headers: &str, body: &str) -> String {
    let mut socket = TcpStream::connect(demo.address).expect("it listens");
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nhost: demo\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    socket.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    answer
}

/// Asks each line with its headers and body, and looks at the status and a part of the answer.
fn check(demo: Demo, rows: &[(&str, &str, &str, u16, &str)]) {
    for (line, headers, body, status, part) in rows {
        let answer = ask(demo, line, headers, body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
        assert!(answer.contains(part), "{line}: {answer}");
    }
}

#[test]
fn each_way_to_log_in_works_as_the_table_says() {
    let demo = Demo::start().expect("a free port");
    // `demo:correct horse battery staple`
    let basic = "authorization: Basic ZGVtbzpjb3JyZWN0IGhvcnNlIGJhdHRlcnkgc3RhcGxl\r\n";
    let bearer = "authorization: Bearer demo-token\r\n";
    let json = "content-type: application/json\r\n";
    let credentials = format!(r#"{{"username":"demo","password":"{DEMO_PASSWORD}"}}"#);
    let credentials = credentials.as_str();
    let urlencoded = "content-type: application/x-www-form-urlencoded\r\n";
    let session = "cookie: session=demo-session\r\n";
    let signing_in = format!("{urlencoded}cookie: csrf=demo-csrf\r\n");
    let typed =
        format!("csrf=demo-csrf&username=demo&password={}", DEMO_PASSWORD.replace(' ', "+"));
    let wrong = "csrf=demo-csrf&username=demo&password=x";
    // `demo-client:demo-secret`
    let client = format!("{urlencoded}authorization: Basic ZGVtby1jbGllbnQ6ZGVtby1zZWNyZXQ=\r\n");
    let rows = [
        ("POST /login", basic, "", 200, r#"{"token":"demo-token"}"#),
        ("POST /login", "", "", 401, "basic credentials"),
        ("POST /login", bearer, "", 401, "basic credentials"),
        ("POST /session", json, credentials, 200, "\r\ndemo-token"),
        ("POST /session", json, r#"{"username":"demo","password":"x"}"#, 401, "no such name"),
        ("POST /session", json, r#"{"username":"demo"}"#, 422, "password"),
        ("DELETE /session", bearer, "", 204, ""),
        ("DELETE /session", "", "", 401, "token"),
        ("GET /profile", bearer, "", 200, r#"{"name":"demo"}"#),
        ("GET /profile", "", "", 401, "token"),
        ("GET /profile", basic, "", 200, r#"{"name":"demo"}"#),
        ("GET /profile", "cookie: a=b; session=demo-session\r\n", "", 200, "demo"),
        ("GET /signin?next=/%22x", "", "", 200, r#"name="next" value="/&quot;x""#),
        ("POST /signin", &signing_in, &typed, 303, "location: /profile\r\n"),
        ("POST /signin", &signing_in, wrong, 200, "<form"),
        ("POST /signin", urlencoded, &typed, 403, "token and cookie"),
        (
            "GET /oauth/authorize?redirect_uri=x%3Ay&state=1",
            session,
            "",
            302,
            "location: x:y?code=demo-code&state=1\r\n",
        ),
        (
            "GET /oauth/authorize?redirect_uri=x&state=1",
            "",
            "",
            302,
            "location: /signin?next=/oauth/authorize?redirect_uri=x%26state=1\r\n",
        ),
        ("POST /oauth/token", &client, "grant_type=client_credentials", 200, "demo-token"),
        ("POST /oauth/token", urlencoded, "grant_type=client_credentials", 400, "invalid_grant"),
        (
            "POST /oauth/token",
            urlencoded,
            "grant_type=authorization_code&code=demo-code",
            200,
            "refresh_token",
        ),
        (
            "POST /oauth/token",
            urlencoded,
            "grant_type=refresh_token&refresh_token=x",
            400,
            "invalid_grant",
        ),
        ("GET /.well-known/openid-configuration", "", "", 200, "http://demo/oauth/token"),
    ];
    check(demo, &rows);
}

#[test]
fn each_page_answers_as_the_table_says_and_is_counted() {
    let demo = Demo::start().expect("a free port");
    let bearer = "authorization: Bearer demo-token\r\n";
    let json = "content-type: application/json\r\n";
    let list = format!("{bearer}{json}");
    let form = "content-type: multipart/form-data; boundary=x\r\n";
    let received = r#"{"bytes":5,"content_type":"multipart/form-data"}"#;
    let rows = [
        ("GET /", "", "", 200, "Welcome"),
        ("GET /register", "", "", 200, "Register"),
        ("GET /item/42", "", "", 200, r#"{"id":42,"name":"Item 42","price_cents":142}"#),
        ("GET /item/x", "", "", 400, ""),
        ("POST /checkout", &list, "[1,2]", 200, "2 items bought, thank you"),
        ("POST /checkout", json, "[1]", 401, "token"),
        ("POST /upload", form, "bytes", 200, received),
        ("POST /upload", "", "", 200, r#"{"bytes":0,"content_type":""}"#),
        ("GET /lines?count=2&ms=1", "", "", 200, "line 2\n\r\n0\r\n"),
        ("GET /prices?count=1&ms=1", "", "", 200, "event: price\nid: 1\ndata: 10.37\n\n"),
        ("GET /lines?ms=x", "", "", 400, ""),
        ("GET /slow?ms=1", "", "", 200, "Slow"),
        ("GET /nowhere", "", "", 404, "no such page"),
    ];
    check(demo, &rows);
    let failed = (0..20).filter(|_| ask(demo, "GET /flaky", "", "").contains(" 500 ")).count();
    assert_eq!(failed, 2, "every tenth");
    let counters = ask(demo, "GET /counters", "", "");
    for part in
        [r#""/item/{id}":2"#, r#""/flaky":20"#, r#""/slow":1"#, r#""/lines":2"#, r#""other":1"#]
    {
        assert!(counters.contains(part), "no {part} in {counters}");
    }
}
