//! The options: one table for the command line, the environment and `swarm.toml`.
//!
//! Each option `--some-thing` is also `SWARM_SOME_THING` in the environment and `some-thing` in `swarm.toml`.

use clap::{ArgAction, Parser, ValueEnum};
use log::LevelFilter;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use swarm_core::plan::{HttpVersion, Resolve};
use swarm_core::{duration, size};

/// Load testing for people who think in Rust.
///
/// Every option can also be given by an environment variable (`--run-time` is SWARM_RUN_TIME), in `.env`, or in `swarm.toml` (`run-time = "5m"`); the
/// command line wins over the environment, which wins over the files.
#[derive(Debug, Clone, Parser)]
#[command(name = "cargo swarm", bin_name = "cargo swarm", version, max_term_width = 100)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Options {
    /// User classes to run; all if none is given.
    #[arg(value_name = "CLASS")]
    pub(crate) classes: Vec<String>,

    /// The same, by name; may be repeated, or be a comma list.
    #[arg(long, value_name = "CLASS", value_delimiter = ',', action = ArgAction::Append)]
    pub(crate) class: Vec<String>,

    /// List the user classes with their tasks, and exit.
    #[arg(short, long, visible_alias = "list")]
    pub(crate) list_classes: bool,

    /// Show how often each task is run, of its class and of all, and exit.
    #[arg(long)]
    pub(crate) show_task_ratio: bool,

    /// How to list and show them.
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,

    /// Read this file instead of the `swarm.toml` of the package or above it.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Only tasks with one of these tags.
    #[arg(short = 'T', long, value_name = "TAG", value_delimiter = ',', action = ArgAction::Append, help_heading = "Tasks")]
    pub(crate) tags: Vec<String>,

    /// No task with one of these tags.
    #[arg(short = 'E', long, value_name = "TAG", value_delimiter = ',', action = ArgAction::Append, help_heading = "Tasks")]
    pub(crate) exclude_tags: Vec<String>,

    /// Run all classes and all tasks equally often, whatever their weights.
    #[arg(long, help_heading = "Tasks")]
    pub(crate) equal_weights: bool,

    /// This many users of a class, whatever the weights, as `AuthenticatedUser=10`.
    #[arg(long, value_name = "CLASS=N", value_delimiter = ',', action = ArgAction::Append, help_heading = "Tasks")]
    pub(crate) users_of: Vec<OfClass>,

    /// Another weight for a class, as `AuthenticatedUser=3`; 0 leaves it out.
    #[arg(long, value_name = "CLASS=N", value_delimiter = ',', action = ArgAction::Append, help_heading = "Tasks")]
    pub(crate) weight_of: Vec<OfClass>,

    /// Base URL of the target, for all classes.
    #[arg(short = 'H', long, value_name = "URL", help_heading = "Target")]
    pub(crate) host: Option<String>,

    /// Serve a small demo site on a free loopback port, and make it the target.
    #[arg(long, help_heading = "Target")]
    pub(crate) demo: bool,

    /// Longest time for a request with its redirects.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "60s", help_heading = "Client")]
    pub(crate) timeout: Duration,

    /// Longest time for a connection to be made, with TLS.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "10s", help_heading = "Client")]
    pub(crate) connect_timeout: Duration,

    /// Hosts that requests may go to, as `example.com` or `*.example.com`; any if none is given.
    #[arg(long, value_name = "HOST", value_delimiter = ',', action = ArgAction::Append, help_heading = "Target")]
    pub(crate) allow_host: Vec<String>,

    /// Which HTTP is spoken: `auto` (HTTP/2 where the server offers it by TLS), `1`, or `2` (also without TLS).
    #[arg(long, value_name = "VERSION", default_value = "auto", help_heading = "Client")]
    pub(crate) http: HttpVersion,

    /// Longest body of an answer, packed or unpacked.
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "64MiB", help_heading = "Client")]
    pub(crate) max_body: u64,

    /// Accept any TLS certificate.
    #[arg(long, help_heading = "Client")]
    pub(crate) insecure: bool,

    /// Certificates to trust besides the platform's: a PEM file.
    #[arg(long, value_name = "FILE", help_heading = "Client")]
    pub(crate) ca_file: Option<PathBuf>,

    /// An address to use for a host, as `example.com:443:127.0.0.1`; may be repeated, or be a comma list.
    #[arg(long, value_name = "HOST:PORT:ADDRESS", value_delimiter = ',', action = ArgAction::Append, help_heading = "Client")]
    pub(crate) resolve: Vec<Resolve>,

    /// How long what DNS says is remembered; 0 asks for each connection.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "30s", help_heading = "Client")]
    pub(crate) dns_ttl: Duration,

    /// Local addresses that users connect from, in turns; each has 28,000 ports to one server.
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',', action = ArgAction::Append, help_heading = "Client")]
    pub(crate) source_ip: Vec<IpAddr>,

    /// Number of users at the same time.
    #[arg(short, long, value_name = "N", default_value_t = 1, help_heading = "Load")]
    pub(crate) users: u32,

    /// Users started per second.
    #[arg(short = 'r', long, value_name = "RATE", default_value_t = 1.0, value_parser = rate, help_heading = "Load")]
    pub(crate) spawn_rate: f64,

    /// Stop after this time, as `300s`, `20m`, `1h30m`; runs until it is stopped if not given.
    #[arg(short = 't', long, value_name = "TIME", value_parser = duration::parse, help_heading = "Load")]
    pub(crate) run_time: Option<Duration>,

    /// How long running tasks may go on at the end.
    #[arg(short, long, value_name = "TIME", value_parser = duration::parse, default_value = "5s", help_heading = "Load")]
    pub(crate) stop_timeout: Duration,

    /// What all chance comes from: the same seed makes the same choices. Drawn and printed if not given.
    #[arg(long, value_name = "N", help_heading = "Load")]
    pub(crate) seed: Option<u64>,

    /// Forget all figures once all users are running.
    #[arg(long, help_heading = "Load")]
    pub(crate) reset_stats: bool,

    /// Run without the web page, at once.
    #[arg(long, help_heading = "Output")]
    pub(crate) headless: bool,

    /// Print only the final tables, no progress.
    #[arg(long, help_heading = "Output")]
    pub(crate) only_summary: bool,

    /// Print the table of requests with each line of progress, where there is no terminal.
    #[arg(long, help_heading = "Output")]
    pub(crate) print_stats: bool,

    /// Write Locust's CSV files: PREFIX_stats.csv, _stats_history.csv, _failures.csv and _exceptions.csv.
    #[arg(long, value_name = "PREFIX", help_heading = "Output")]
    pub(crate) csv: Option<PathBuf>,

    /// Write a line for each name into the history too, not only for all.
    #[arg(long, help_heading = "Output")]
    pub(crate) csv_full_history: bool,

    /// Print the result as JSON on standard output, and nothing else there.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,

    /// Write the result as JSON to a file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) json_file: Option<PathBuf>,

    /// Write a line for each request, as a JSON object, to a file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) request_log: Option<PathBuf>,

    /// What user code logs is shown from this level on: `off`, `error`, `warn`, `info`, `debug` or `trace`.
    #[arg(long, value_name = "LEVEL", default_value = "info", help_heading = "Output")]
    pub(crate) loglevel: LevelFilter,

    /// Log to this file instead of standard error.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) logfile: Option<PathBuf>,

    /// Exit code when requests failed or tasks ended in errors.
    #[arg(long, value_name = "CODE", default_value_t = 1, help_heading = "Output")]
    pub(crate) exit_code_on_error: u8,
}

/// How classes are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A number for a class: `AuthenticatedUser=10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfClass {
    pub(crate) class: String,
    pub(crate) number: u32,
}

impl FromStr for OfClass {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('=').and_then(|(class, number)| {
            Some(Self { class: class.trim().to_owned(), number: number.trim().parse().ok()? })
        });
        parsed.ok_or_else(|| "write a class and a whole number: `AuthenticatedUser=10`".to_owned())
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate.is_finite() => Ok(rate),
        _ => Err("write a positive number of users per second".to_owned()),
    }
}
