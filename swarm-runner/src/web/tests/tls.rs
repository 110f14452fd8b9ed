//! HTTPS, asked by a client that trusts one certificate only.

use super::client::{Served, serve, try_to_serve};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

struct Files {
    folder: TempDir,
    certificate: CertificateDer<'static>,
}

impl Files {
    /// A certificate, its key, and what is neither.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let made = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let CertifiedKey { cert, signing_key } = made;
        let other = KeyPair::generate().expect("a key");
        let files = Self { folder, certificate: cert.der().clone() };
        let broken = cert.pem().replacen("MII", "M", 1);
        for (name, text) in [
            ("cert.pem", cert.pem()),
            ("key.pem", signing_key.serialize_pem()),
            ("other.pem", other.serialize_pem()),
            ("both.pem", cert.pem() + &signing_key.serialize_pem()),
            ("none.pem", "hunter2\n".to_owned()),
            ("cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n".to_owned()),
            ("broken.pem", broken),
            (
                "bad_key.pem",
                "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n".to_owned(),
            ),
        ] {
            fs::write(files.path(name), text).expect("writable");
        }
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder.path()).join(name)
    }

    fn options(&self, certificate: &str, key: &str) -> String {
        let [certificate, key] =
            [certificate, key].map(|name| self.path(name).display().to_string());
        format!("--tls-cert {certificate} --tls-key {key}")
    }

    /// The answer to a request by HTTPS, and which protocol was agreed on.
    fn ask(&self, served: &Served, request: &str) -> (String, Option<Vec<u8>>) {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).expect("a certificate");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let name = "localhost".try_into().expect("a name");
        let connection = ClientConnection::new(Arc::new(config), name).expect("valid");
        let mut stream = StreamOwned::new(connection, served.connect());
        stream.write_all(request.as_bytes()).expect("sent");
        let mut bytes = Vec::new();
        // The server may end it without a word.
        let _ = stream.read_to_end(&mut bytes);
        let agreed = stream.conn.alpn_protocol().map(<[u8]>::to_vec);
        (String::from_utf8_lossy(&bytes).into_owned(), agreed)
    }
}

#[test]
fn the_page_and_its_login_come_by_https() {
    let files = Files::new();
    for (certificate, key) in [("cert.pem", "key.pem"), ("both.pem", "both.pem")] {
        let served = serve(&format!("--web-login {}", files.options(certificate, key)));
        let link = served.web.link();
        assert!(link.starts_with("https://localhost:"), "{link}");
        assert_eq!(served.web.warning(), None);
        // Nobody is held up by who says nothing, or something else.
        let silent: Vec<_> = (0..20).map(|_| served.connect()).collect();
        let mut wrong = served.connect();
        wrong.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").expect("sent");
        let close = "host: localhost\r\nconnection: close\r\n";
        let (page, agreed) = files.ask(&served, &format!("GET / HTTP/1.1\r\n{close}\r\n"));
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert_eq!(agreed.as_deref(), Some(&b"http/1.1"[..]));
        let (_, token) = link.split_once("#token=").expect("a token");
        let body = format!("{{\"token\":\"{token}\"}}");
        let length = body.len();
        let json = format!("content-type: application/json\r\ncontent-length: {length}\r\n");
        let login = format!("POST /login HTTP/1.1\r\n{close}{json}\r\n{body}");
        let (answer, _) = files.ask(&served, &login);
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.expect("a cookie");
        assert!(cookie.starts_with("__Host-swarm-"), "{cookie}");
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
        let pair = cookie.split(';').next().expect("a pair");
        let form = format!("GET /api/v1/form HTTP/1.1\r\n{close}cookie: {pair}\r\n\r\n");
        assert!(files.ask(&served, &form).0.starts_with("HTTP/1.1 200"));
        drop(silent);
    }
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_name() {
    let files = Files::new();
    for (certificate, key, file, part) in [
        ("nowhere.pem", "key.pem", "nowhere.pem", "can't read"),
        ("cert.pem", "nowhere.pem", "nowhere.pem", "can't read"),
        ("none.pem", "key.pem", "none.pem", "no certificate"),
        ("key.pem", "key.pem", "key.pem", "no certificate"),
        ("cut.pem", "key.pem", "cut.pem", "damaged"),
        ("cert.pem", "none.pem", "none.pem", "no private key"),
        ("cert.pem", "cert.pem", "cert.pem", "no private key"),
        ("cert.pem", "other.pem", "other.pem", "does not belong to the certificate in"),
        ("cert.pem", "bad_key.pem", "bad_key.pem", "can't be used"),
    ] {
        let error = try_to_serve(&files.options(certificate, key));
        let error = error.err().expect(part).to_string();
        assert!(error.contains(file) && error.contains(part), "{error}");
        assert!(!error.contains("hunter2") && !error.contains("aHVudGVy"), "{error}");
    }
    let error = try_to_serve(&files.options("broken.pem", "key.pem")).err().expect("broken");
    assert!(error.to_string().contains("broken.pem"), "{error}");
    for (given, missing) in [("--tls-cert", "--tls-key"), ("--tls-key", "--tls-cert")] {
        let error = try_to_serve(&format!("{given} x.pem")).err().expect("half").to_string();
        assert!(error.contains(&format!("add {missing} FILE")), "{error}");
    }
}
