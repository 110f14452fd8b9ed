//! The example `postgres` against a real PostgreSQL server, which writes down every query that it is asked.

use crate::examples::{built, finished};
use crate::load::tested;
use serde_json::Value;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;
use tempfile::TempDir;

/// The owner of all databases.
const OWNER: &str = "swarm";

/// The load test of the example, built once, without the others: their listeners would hear of its runs too.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| built("postgres-example", ["postgres"]));

/// A server that runs until it is dropped.
struct Postgres {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Postgres {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        if is_root() {
            let given = Command::new("chown").arg("postgres").arg(folder.path()).status();
            assert!(given.expect("chown exists").success(), "there is no user `postgres`");
        }
        let data = folder.path().join("data");
        let mut initdb = server_program("initdb");
        initdb.args(["--auth=trust", "--no-locale", "--encoding=UTF8", "--no-sync", "-U", OWNER]);
        let made = initdb.arg("-D").arg(&data).output().expect("it can be run");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        drop(listener);
        let log = fs::File::create(folder.path().join("log")).expect("writable");
        let mut postgres = server_program("postgres");
        postgres.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "fsync=off",
            "log_statement=all",
            "log_line_prefix=%d ",
        ] {
            postgres.args(["-c", setting]);
        }
        let child = postgres.stdout(Stdio::null()).stderr(log).spawn().expect("it can be run");
        let server = Self { child, port, folder };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&self) {
        for _ in 0..3_000 {
            if self.log().contains("ready to accept connections") {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("PostgreSQL does not start: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// How many lines its log has for a database that go on with these words.
    fn logged(&self, database: &str, words: &str) -> u64 {
        let log = self.log();
        let lines = log.lines().filter_map(|line| line.strip_prefix(database)?.split_once(":  "));
        lines.filter(|(_, line)| line.contains(words)).count() as u64
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{OWNER}@127.0.0.1:{}/{database}", self.port)
    }

    /// What a query answers, as text.
    fn ask(&self, database: &str, sql: &str) -> String {
        let asked =
            Command::new(path_of("psql")).args(["-XAtc", sql, &self.url(database)]).output();
        let asked = asked.expect("it can be run");
        assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
        String::from_utf8_lossy(&asked.stdout).trim().to_owned()
    }

    /// Runs the example on a database. Returns its exit code and its result.
    fn load(&self, database: &str) -> (Option<i32>, Value) {
        let mut command = tested(&*PROGRAM);
        command.current_dir(self.folder.path());
        command.args(["--headless", "-u", "5", "-r", "100", "-t", "2s", "--class", "Clerk"]);
        let output = finished(command.args(["--database-url", &self.url(database)]));
        let report = serde_json::from_slice(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        (output.status.code(), report.unwrap_or_else(|error| panic!("{error}: {stderr}")))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // By its process id; by this signal it ends all its processes at once.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// A program of the server, which root may not run.
fn server_program(name: &str) -> Command {
    let path = path_of(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
    // Its folder may be closed to that user.
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id exists");
    id.stdout.trim_ascii() == b"0"
}

/// Where a program of PostgreSQL is: Debian keeps those of a server out of the path.
fn path_of(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&path));
    let found = found.iter().map(|folder| folder.join(name)).find(|file| Path::is_file(file));
    found.unwrap_or_else(|| panic!("no {name}: run scripts/install"))
}

/// A row of a list in the result.
fn row<'a>(report: &'a Value, list: &str, name: &str) -> &'a Value {
    let rows = report[list].as_array().expect("a list");
    let found = rows.iter().find(|row| row["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}: {report:#}"))
}

#[test]
fn what_the_server_was_asked_is_what_the_result_says() {
    let server = Postgres::start();
    server.ask("postgres", "create database shop");
    server.ask("shop", "create table orders (item int not null, pieces int not null)");
    let (code, report) = server.load("shop");
    assert_eq!(code, Some(0), "{report:#}");

    let [orders, favourites, connects] = ["take an order", "favourite", "connect"].map(|name| {
        let row = row(&report, "requests", name);
        assert_eq!((&row["kind"], &row["method"]), (&"probe".into(), &"SQL".into()));
        assert_eq!(row["failures"], 0, "{row:#}");
        row["requests"].as_u64().expect("a number")
    });
    assert!(orders > 0 && favourites > 0, "{report:#}");
    assert_eq!(connects, 5, "one for each user");
    assert_eq!(report["totals"]["requests"], orders + favourites + connects);
    let executed = |sql: &str| {
        let log = server.log();
        let ran = |line: &&str| line.contains("execute ") && line.contains(sql);
        log.lines().filter(ran).count() as u64
    };
    let executed = [executed("insert into orders"), executed("select item, sum(pieces)")];
    assert_eq!(executed, [orders, favourites]);

    let found = server.ask("shop", "select count(*), max(pieces), avg(pieces) from orders");
    let found: Vec<f64> = found.split('|').map(|cell| cell.parse().expect("a number")).collect();
    let pieces = row(&report, "metrics", "pieces_per_order");
    assert_eq!(row(&report, "metrics", "orders")["total"].as_u64(), Some(orders));
    assert_eq!(pieces["count"].as_f64(), Some(found[0]));
    assert_eq!(pieces["max"].as_f64(), Some(found[1]));
    let mean = pieces["mean"].as_f64().expect("a number");
    assert!((mean - found[2]).abs() < 1e-8, "{mean}, {found:?}");
    assert!(row(&report, "metrics", "pieces_of_the_favourite")["last"].as_f64() > Some(0.0));
}

#[test]
fn queries_that_fail_are_grouped_by_what_the_server_says() {
    let server = Postgres::start();
    // It has no table.
    server.ask("postgres", "create database empty");
    let (code, report) = server.load("empty");
    assert_eq!(code, Some(1), "{report:#}");
    assert_eq!(report["exceptions"], Value::Array(Vec::new()), "each is told once");
    let mut told = 0;
    for name in ["take an order", "favourite"] {
        let row = row(&report, "failures", name);
        let error = row["error"].as_str().expect("a text");
        assert!(error.ends_with(r#"relation "orders" does not exist"#), "{error}");
        told += row["occurrences"].as_u64().expect("a number");
    }
    assert_eq!(report["failures"].as_array().map(Vec::len), Some(2), "one row for each cause");
    assert_eq!(server.logged("empty", r#"relation "orders" does not exist"#), told);

    let (code, report) = server.load("nowhere");
    assert_eq!(code, Some(1), "{report:#}");
    let error = row(&report, "failures", "connect")["error"].as_str().expect("a text");
    assert!(error.ends_with(r#"database "nowhere" does not exist"#), "{error}");
}
