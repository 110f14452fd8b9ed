//! TLS, with a certificate that nobody knows.

use super::{causes, for_both_clients, play, play_as};
use crate::stats::Wire;
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

for_both_clients![
    an_unknown_certificate_is_refused,
    or_accepted_if_that_is_asked_for,
    the_wrong_scheme_is_told,
];

/// A server with a certificate of its own making; returns its URL.
fn encrypted() -> String {
    encrypted_by().0
}

/// The same, with the certificate.
fn encrypted_by() -> (String, String) {
    let (listener, acceptor, pem) = listen(&[]);
    let url = format!("https://{}", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener).expect("a runtime");
            while let Ok((socket, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let mut socket = acceptor.accept(socket).await?;
                    // Every request here is small enough to come in one piece.
                    while socket.read(&mut [0; 4_096]).await? > 0 {
                        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
                        socket.write_all(answer).await?;
                        socket.flush().await?;
                    }
                    Ok::<_, std::io::Error>(())
                });
            }
        });
    });
    (url, pem)
}

/// A listener on loopback, what makes its sockets encrypted, and the certificate for that.
pub(super) fn listen(protocols: &[&[u8]]) -> (std::net::TcpListener, TlsAcceptor, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("possible");
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("made");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("known versions")
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(made.cert.der().to_vec())], key)
        .expect("key and certificate fit");
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    (listener, TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

fn an_unknown_certificate_is_refused() {
    let delta = play(&encrypted(), async |client| {
        client.get("/").await.expect_err("refused");
    });
    assert_eq!(causes(&delta), ["TLS: invalid peer certificate: UnknownIssuer"]);
    assert_eq!(delta.wire, Wire { not_sent: 1, ..Wire::default() });
}

fn or_accepted_if_that_is_asked_for() {
    let insecure = |spec: &mut crate::plan::RunSpec| {
        spec.host = Some(encrypted());
        spec.client.insecure = true;
    };
    let delta = play_as(insecure, async |client| {
        for _ in 0..3 {
            assert_eq!(client.get("/").await.expect("an answer").text(), Ok("hello"));
        }
    });
    assert_eq!(delta.wire, Wire { answered: 3, ..Wire::default() });
}

#[test]
fn or_trusted_if_it_is_given() {
    let (url, pem) = encrypted_by();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, pem).expect("writable");
    let trusting = |spec: &mut crate::plan::RunSpec| {
        spec.host = Some(url.clone());
        spec.client.ca_file = Some(file.clone());
    };
    let delta = play_as(trusting, async |client| {
        for _ in 0..2 {
            assert_eq!(client.get("/").await.expect("an answer").text(), Ok("hello"));
        }
    });
    let phases = super::counts(&delta, "/").phases;
    assert_eq!((phases.tls.count(), phases.reused), (1, 1));

    let options = |ca_file: std::path::PathBuf| crate::plan::ClientOptions {
        ca_file: Some(ca_file),
        ..crate::plan::ClientOptions::default()
    };
    std::fs::write(&file, "no certificate").expect("writable");
    let empty = crate::http::check(&url, &options(folder.path().join("ca.pem")));
    // The good one was read before, and is kept; another name is read anew.
    assert!(empty.is_ok());
    std::fs::rename(&file, folder.path().join("empty.pem")).expect("movable");
    for (name, why) in [("empty.pem", "no certificate in it"), ("missing.pem", "--ca-file: ")] {
        let error = crate::http::check(&url, &options(folder.path().join(name))).expect_err(why);
        assert!(error.to_string().contains(why), "{error}");
    }
}

fn the_wrong_scheme_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let host = format!("https://{}", listener.local_addr().expect("bound"));
    let answering = std::thread::spawn(move || {
        use std::io::{Read as _, Write as _};
        let (mut socket, _) = listener.accept().expect("connected");
        let hello = socket.read(&mut [0; 4_096]).expect("the client's hello");
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").expect("sent");
        hello
    });
    let delta = play(&host, async |client| {
        client.get("/").await.expect_err("no TLS");
    });
    assert!(answering.join().expect("it answered") > 0);
    let [cause] = causes(&delta)[..] else { panic!("one failure") };
    assert!(cause.starts_with("TLS: "), "{cause}");
    play(&encrypted().replace("https", "http"), async |client| {
        client.get("/").await.expect_err("no plain text here");
    });
}
