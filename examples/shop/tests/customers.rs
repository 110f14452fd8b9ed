//! The load test itself is tested: `cargo test -p shop` runs its users against a shop of a few lines.

// So that its classes are compiled in.
use shop as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use swarm_core::testing::{Trial, TrialError};

/// Answers each request line (`GET /profile`) with status 200 and a body.
fn serve(answer: fn(&str) -> &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = format!("http://{}", listener.local_addr().expect("bound"));
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            // A client that is gone is no error here.
            let _ = respond(&socket, answer);
        }
    });
    host
}

fn respond(mut socket: &TcpStream, answer: fn(&str) -> &'static str) -> io::Result<()> {
    let mut reader = BufReader::new(socket);
    let (mut line, mut header, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut line)?;
    while header != "\r\n" {
        header.clear();
        reader.read_line(&mut header)?;
        if let Some(value) = header.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink())?;
    let body = answer(line.trim_end_matches(" HTTP/1.1\r\n"));
    let head = format!("connection: close\r\ncontent-length: {}", body.len());
    write!(socket, "HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}")
}

fn customer(host: String) -> Trial {
    Trial::named("AuthenticatedUser").host(host).setting("password", "secret")
}

#[test]
fn a_customer_logs_in_and_buys() -> Result<(), TrialError> {
    let host = serve(|line| match line {
        "POST /login" => r#"{"token": "t-1"}"#,
        "GET /item/42" => r#"{"id": 42}"#,
        _ => "thank you",
    });
    let tried = customer(host).task("buy").run()?;
    tried.expect_success();
    assert_eq!(tried.names(), ["POST /login", "GET /item/{id}", "POST /checkout"]);
    Ok(())
}

#[test]
fn a_checkout_without_a_receipt_is_a_failure() -> Result<(), TrialError> {
    let host = serve(|line| match line {
        "POST /login" => r#"{"token": "t-1"}"#,
        _ => r#"{"id": 42}"#,
    });
    let tried = customer(host).task("buy").run()?;
    assert_eq!(tried.samples[2].error.as_deref(), Some("check failed: no receipt"));
    Ok(())
}
