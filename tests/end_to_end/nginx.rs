//! Against a real nginx: HTTP/1.1 and HTTP/2, plain and TLS, packed and chunked, large and redirected.

use crate::load::start;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// An nginx that runs until it is dropped.
struct Nginx {
    child: Child,
    /// HTTP/1.1 in plain, both by TLS, HTTP/2 in plain.
    ports: [u16; 3],
    folder: TempDir,
}

impl Nginx {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("made");
        let text: String = (0..10_000).map(|line| format!("this is line {line}\n")).collect();
        for (name, content) in [
            ("small", "small".to_owned()),
            ("text", text),
            ("large", "x".repeat(5_000_000)),
            ("cert.pem", made.cert.pem()),
            ("key.pem", made.signing_key.serialize_pem()),
        ] {
            fs::write(root.join(name), content).expect("writable");
        }
        let ports = free_ports();
        fs::write(root.join("nginx.conf"), configuration(root, ports)).expect("writable");
        let program = Path::new("/usr/sbin/nginx");
        let program = if program.is_file() { program } else { Path::new("nginx") };
        let child = Command::new(program)
            .arg("-p")
            .arg(root)
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdout(Stdio::null())
            .spawn()
            .expect("nginx is installed: run scripts/install");
        let nginx = Self { child, ports, folder };
        ports.into_iter().for_each(|port| nginx.wait_for(port));
        nginx
    }

    fn wait_for(&self, port: u16) {
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let log = fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default();
        panic!("nginx does not listen on port {port}: {log}");
    }

    /// How many requests of HTTP/1.1 and HTTP/2 stand in its log, once there are this many: it writes a line when it is done with a request.
    fn logged_at_last(&self, expected: [u64; 2]) -> [u64; 2] {
        let mut found = [0; 2];
        for _ in 0..500 {
            let log = fs::read_to_string(self.folder.path().join("access.log")).expect("written");
            let count = |version: &str| log.lines().filter(|line| *line == version).count() as u64;
            found = [count("HTTP/1.1"), count("HTTP/2.0")];
            if found.iter().zip(expected).all(|(found, expected)| *found >= expected) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        found
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // By its process id: the master ends, and its worker with it.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Three ports that were free a moment ago.
fn free_ports() -> [u16; 3] {
    let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("bound").port())
}

fn configuration(root: &Path, [plain, tls, http2]: [u16; 3]) -> String {
    let root = root.display();
    format!(
        "daemon off; worker_processes 1; pid nginx.pid;
        events {{ worker_connections 256; }}
        http {{
            log_format version '$server_protocol'; access_log access.log version;
            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi; scgi_temp_path scgi; client_max_body_size 10m;
            gzip on; gzip_types text/plain; default_type text/plain;
            server {{
                listen 127.0.0.1:{plain}; listen 127.0.0.1:{tls} ssl http2;
                listen 127.0.0.1:{http2} http2;
                ssl_certificate cert.pem; ssl_certificate_key key.pem; root \"{root}\";
                location /large {{ gzip off; }}
                location /moved {{ return 302 /small; }}
                location /sink {{ return 204; }}
            }}
        }}"
    )
}

#[test]
fn a_real_web_server_understands_and_is_understood() {
    let nginx = Nginx::start();
    let [plain, tls, http2] = nginx.ports;
    let mut expected = [0, 0];
    for (host, options, second) in [
        (format!("http://127.0.0.1:{plain}"), "", false),
        (format!("https://127.0.0.1:{tls}"), "--insecure --http 1", false),
        (format!("https://127.0.0.1:{tls}"), "--insecure", true),
        (format!("http://127.0.0.1:{http2}"), "--http 2", true),
    ] {
        for class in ["Browser", "BrowserOverReqwest"] {
            let ended = start(class, &host, &format!("-u 3 -r 100 -t 2s {options}")).wait();
            assert_eq!(ended.code, Some(0), "{class} {host} {options}: {}", ended.stdout);
            assert!(ended.number("/tasks/0/runs") > 0, "{class} {host}: {}", ended.stdout);
            assert_eq!(ended.number("/totals/failures"), 0);
            assert_eq!(ended.number("/wire/sent_unanswered"), 0, "all could finish");
            let reused = ended.number("/totals/reused") > 0;
            assert_eq!(reused, class == "Browser", "connections are kept; reqwest does not tell");
            expected[usize::from(second)] += ended.number("/wire/answered");
        }
    }
    assert_eq!(nginx.logged_at_last(expected), expected, "nginx counts too");
}
