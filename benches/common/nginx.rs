//! An nginx of our own: one worker, one small page, a port that the system chose.

use crate::cpu::Pinned;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A server that runs until it is dropped.
pub struct Nginx {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Nginx {
    /// Starts one on this core, with an answer of so many bytes.
    pub fn start(core: usize, bytes: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let root = folder.path();
        fs::write(root.join("index.html"), "x".repeat(bytes)).expect("writable");
        fs::write(root.join("nginx.conf"), configuration(root, port)).expect("writable");
        let program =
            if Path::new("/usr/sbin/nginx").is_file() { "/usr/sbin/nginx" } else { "nginx" };
        let child = Command::pinned(core, program)
            .arg("-p")
            .arg(root)
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdout(Stdio::null())
            .spawn()
            .expect("nginx is installed: run scripts/install");
        let server = Self { child, port, _folder: folder };
        server.wait_until_it_listens();
        server
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait_until_it_listens(&self) {
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("nginx does not listen on port {}", self.port);
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // By its process id: the master ends, and its worker with it.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound").port()
}

fn configuration(root: &Path, port: u16) -> String {
    let root = root.display();
    format!(
        "daemon off; worker_processes 1; pid nginx.pid;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            open_file_cache max=10;
            server {{ listen 127.0.0.1:{port}; root \"{root}\"; }}
        }}"
    )
}
