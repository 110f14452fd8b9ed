//! The options: one table for the command line, the environment and `swarm.toml`.
//!
//! Each option `--some-thing` is also `SWARM_SOME_THING` in the environment and `some-thing` in `swarm.toml`.

use crate::history_options::HistoryOptions;
use crate::limit_options::LimitOptions;
use crate::metrics_options::MetricsOptions;
use crate::observe_options::ObserveOptions;
use crate::otlp_options::OtlpOptions;
use crate::result_options::ResultOptions;
use crate::web_options::WebOptions;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, Parser, ValueEnum, value_parser};
use log::LevelFilter;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use swarm_core::misread::Misread;
use swarm_core::plan::{ClientOptions, HttpVersion, Rate, Resolve, Spacing, Stages, ValidityRules};
use swarm_core::threshold::{self, Threshold};
use swarm_core::{duration, size};

/// Stands below the options. `-h` and `--help` are the same, about two screens; so no option has a longer text of its own.
const NOTES: &str = "\
Cargo's options (of `cargo swarm` only) select the package and how it is built:
  -p, --package   -F, --features   --all-features   --no-default-features   --profile
  --manifest-path   --target-dir   --offline   --locked   --frozen

Commands: `cargo swarm try CLASS` runs one user once, and prints each request and answer;
`cargo swarm build -o FILE` builds the load test into one file;
`cargo swarm runs` lists the runs that were kept (History);
`cargo swarm compare BEFORE... AFTER...` compares results of runs (more by --help behind it);
`cargo swarm completions bash|zsh|fish|powershell|elvish` prints a script for your shell.

Each option is also a variable and a key: --run-time is SWARM_RUN_TIME in the environment or in
.env, and `run-time = \"5m\"` in swarm.toml. The command line wins, then the environment.";

/// Load testing for people who think in Rust.
#[derive(Debug, Clone, Parser)]
#[command(name = "cargo swarm", bin_name = "cargo swarm", version, max_term_width = 100)]
#[command(after_help = NOTES)]
#[command(override_usage = "cargo swarm [CARGO OPTIONS] [OPTIONS] [CLASS]...")]
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

    /// Read this file instead of the package's `swarm.toml`.
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

    /// So many users of a class, whatever the weights, as `Buyer=10`.
    #[arg(long, value_name = "CLASS=N", value_delimiter = ',', action = ArgAction::Append, help_heading = "Tasks")]
    pub(crate) users_of: Vec<OfClass<u32>>,

    /// Another weight for a class, as `Buyer=3`; 0 leaves it out.
    #[arg(long, value_name = "CLASS=N", value_delimiter = ',', action = ArgAction::Append, help_heading = "Tasks")]
    pub(crate) weight_of: Vec<OfClass<u32>>,

    /// Another weight for a task, as `Buyer::search=3`; 0 leaves it out.
    #[arg(long, value_name = "TASK=N", value_delimiter = ',', action = ArgAction::Append, help_heading = "Tasks")]
    pub(crate) task_weight_of: Vec<TaskWeight>,

    #[command(flatten)]
    pub(crate) target: Target,

    #[command(flatten)]
    pub(crate) client: Client,

    /// Number of users at the same time.
    #[arg(
        short,
        long,
        value_name = "N",
        default_value_t = 1,
        group = "load",
        help_heading = "Load"
    )]
    pub(crate) users: u32,

    /// Users started per second.
    #[arg(short = 'r', long, value_name = "RATE", default_value_t = 1.0, value_parser = rate, help_heading = "Load")]
    pub(crate) spawn_rate: f64,

    /// Users over time, or rates, as `100@2m, 500@5m, 0@1m`.
    #[arg(long, value_name = "STAGES", group = "load", help_heading = "Load")]
    pub(crate) stages: Option<Stages>,

    /// Iterations per second, as `300/s`, whether or not earlier ones end.
    #[arg(long, value_name = "RATE", group = "load", help_heading = "Load")]
    pub(crate) rate: Option<Rate>,

    /// How iterations of a rate are spaced.
    #[arg(long, value_name = "even|poisson", value_parser = spacing(), hide_possible_values = true, default_value = "even", help_heading = "Load")]
    pub(crate) arrivals: Spacing,

    /// Most users that rates may need.
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = "Load")]
    pub(crate) max_users: u32,

    /// A rate of its own for a class, as `Buyer=5/s`.
    #[arg(long, value_name = "CLASS=RATE", value_delimiter = ',', action = ArgAction::Append, help_heading = "Load")]
    pub(crate) rate_of: Vec<OfClass<Rate>>,

    /// Stages of its own for a class, as `Buyer=10@1m, 20@5m`.
    #[arg(long, value_name = "CLASS=LIST", action = ArgAction::Append, help_heading = "Load")]
    pub(crate) stages_of: Vec<StagesOf>,

    /// Users over time, or rates, as the `#[shape]` of this name says.
    #[arg(long, value_name = "NAME", group = "load", help_heading = "Load")]
    pub(crate) shape: Option<String>,

    /// Go on for this long before figures count.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "0s", help_heading = "Load")]
    pub(crate) warmup: Duration,

    /// Stop after this time, as `20m`; else with the last stage, or never.
    #[arg(short = 't', long, value_name = "TIME", value_parser = duration::parse, help_heading = "Load")]
    pub(crate) run_time: Option<Duration>,

    /// Stop after so many runs of tasks, of all users together.
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..), help_heading = "Load")]
    pub(crate) iterations: Option<u64>,

    /// So many runs of tasks for each user, which then ends.
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(1..), help_heading = "Load")]
    pub(crate) user_iterations: Option<u64>,

    /// How long running tasks may go on at the end.
    #[arg(short, long, value_name = "TIME", value_parser = duration::parse, default_value = "5s", help_heading = "Load")]
    pub(crate) stop_timeout: Duration,

    /// Same seed, same choices; drawn and printed if not given.
    #[arg(long, value_name = "N", help_heading = "Load")]
    pub(crate) seed: Option<u64>,

    /// Count requests of logins in the totals too.
    #[arg(long, help_heading = "Load")]
    pub(crate) count_logins: bool,

    /// Forget all figures once all users are running.
    #[arg(long, help_heading = "Load")]
    pub(crate) reset_stats: bool,

    /// Run without the web page, at once.
    #[arg(long, help_heading = "Output")]
    pub(crate) headless: bool,

    #[command(flatten)]
    pub(crate) web: WebOptions,

    /// Print only the final tables, no progress.
    #[arg(long, help_heading = "Output")]
    pub(crate) only_summary: bool,

    /// Print the table with each line of progress, without a terminal.
    #[arg(long, help_heading = "Output")]
    pub(crate) print_stats: bool,

    /// Write Locust's four CSV files, as PREFIX_stats.csv.
    #[arg(long, value_name = "PREFIX", help_heading = "Output")]
    pub(crate) csv: Option<PathBuf>,

    /// Write a line for each name into the history too.
    #[arg(long, help_heading = "Output")]
    pub(crate) csv_full_history: bool,

    /// Print the result as JSON on standard output, and only that.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,

    /// Write the result as JSON to a file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) json_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) results: ResultOptions,

    #[command(flatten)]
    pub(crate) observe: ObserveOptions,

    /// Run it so many times; files get numbers, and seeds count up.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..), default_value = "1", help_heading = "Output")]
    pub(crate) repeat: u32,

    /// Names of requests told apart; others are one row.
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=100_000), default_value = "5000", help_heading = "Output")]
    pub(crate) max_names: u32,

    /// Write a line for each request, as a JSON object, to a file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) request_log: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) metrics: MetricsOptions,

    #[command(flatten)]
    pub(crate) otlp: OtlpOptions,

    #[command(flatten)]
    pub(crate) history: HistoryOptions,

    #[command(flatten)]
    pub(crate) logs: Logs,

    /// What the run has to keep, as 'p95 < 250ms, failures < 1%'.
    #[arg(long, value_name = "RULE", value_parser = threshold::parse_list, action = ArgAction::Append, help_heading = "Judgement")]
    pub(crate) threshold: Vec<Vec<Threshold>>,

    #[command(flatten)]
    pub(crate) limit: LimitOptions,

    /// When figures are not trusted, as lag=20ms,invalid=25%.
    #[arg(long, value_name = "LIMITS", help_heading = "Judgement")]
    pub(crate) validity: Option<ValidityRules>,

    /// Exit code when requests or tasks failed.
    #[arg(long, value_name = "CODE", default_value_t = 1, help_heading = "Judgement")]
    pub(crate) exit_code_on_error: u8,
}

/// Where requests go.
#[derive(Debug, Clone, Args)]
pub(crate) struct Target {
    /// Base URL of the target, for all classes.
    #[arg(short = 'H', long, value_name = "URL", help_heading = "Target")]
    pub(crate) host: Option<String>,

    /// Serve a small demo site on a free loopback port, and make it the target.
    #[arg(long, help_heading = "Target")]
    pub(crate) demo: bool,

    /// Hosts that requests may go to, as `*.example.com`; any if not given.
    #[arg(long, value_name = "HOST", value_delimiter = ',', action = ArgAction::Append, help_heading = "Target")]
    pub(crate) allow_host: Vec<String>,
}

/// How they are sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct Client {
    /// Longest time for a request with its redirects.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "60s", help_heading = "Client")]
    pub(crate) timeout: Duration,

    /// Longest time to connect, with TLS.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "10s", help_heading = "Client")]
    pub(crate) connect_timeout: Duration,

    /// HTTP/1 or HTTP/2; auto: 2 where TLS offers it.
    #[arg(long, value_name = "auto|1|2", value_parser = http_version(), hide_possible_values = true, default_value = "auto", help_heading = "Client")]
    pub(crate) http: HttpVersion,

    /// Longest body of an answer, packed or unpacked.
    #[arg(long, value_name = "SIZE", value_parser = size::parse, default_value = "64MiB", help_heading = "Client")]
    pub(crate) max_body: u64,

    /// Accept any TLS certificate.
    #[arg(long, help_heading = "Client")]
    pub(crate) insecure: bool,

    /// PEM file of certificates to trust besides the platform's.
    #[arg(long, value_name = "FILE", help_heading = "Client")]
    pub(crate) ca_file: Option<PathBuf>,

    /// Use this address for a host; may be repeated, or be a comma list.
    #[arg(long, value_name = "HOST:PORT:IP", value_delimiter = ',', action = ArgAction::Append, help_heading = "Client")]
    pub(crate) resolve: Vec<Resolve>,

    /// How long answers of DNS are kept; 0 asks each time.
    #[arg(long, value_name = "TIME", value_parser = duration::parse, default_value = "30s", help_heading = "Client")]
    pub(crate) dns_ttl: Duration,

    /// Local addresses to connect from, in turns (28,000 ports each).
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',', action = ArgAction::Append, help_heading = "Client")]
    pub(crate) source_ip: Vec<IpAddr>,
}

/// What is shown of what user code logs.
#[derive(Debug, Clone, Args)]
pub(crate) struct Logs {
    /// Logs shown: off, error, warn, info, debug, trace.
    #[arg(long, value_name = "LEVEL", value_parser = log_level(), hide_possible_values = true, ignore_case = true, default_value = "info", help_heading = "Output")]
    pub(crate) loglevel: LevelFilter,

    /// Log to this file instead of standard error.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) logfile: Option<PathBuf>,
}

impl Client {
    /// The same for the engine.
    pub(crate) fn options(&self, target: &Target) -> ClientOptions {
        ClientOptions {
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            insecure: self.insecure,
            http: self.http,
            max_body: self.max_body,
            ca_file: self.ca_file.clone(),
            resolve: self.resolve.clone(),
            dns_ttl: self.dns_ttl,
            source_ips: self.source_ip.clone(),
            allow_hosts: target.allow_host.clone(),
        }
    }
}

/// How classes are listed: for people, or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// Something for a class: `AuthenticatedUser=10`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfClass<T> {
    pub(crate) class: String,
    pub(crate) value: T,
}

impl<T: FromStr> OfClass<T> {
    fn read(text: &str, why: impl FnOnce(Option<T::Err>) -> String) -> Result<Self, String> {
        let Some((class, value)) = text.split_once('=') else { return Err(why(None)) };
        let value = value.trim().parse().map_err(|error| why(Some(error)))?;
        Ok(Self { class: class.trim().to_owned(), value })
    }
}

impl FromStr for OfClass<u32> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::read(text, |_| "write a class and a whole number: `AuthenticatedUser=10`".to_owned())
    }
}

impl FromStr for OfClass<Rate> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::read(text, |error| told(error, "write a class and its rate: `Buyer=5/s`"))
    }
}

/// A weight for a task of a class: `Buyer::search=3`, or in a set `Buyer::forum::read=3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskWeight {
    pub(crate) class: String,
    pub(crate) task: String,
    pub(crate) weight: u32,
}

impl FromStr for TaskWeight {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let missing = || "write a class, its task and a whole number: `Buyer::search=3`".to_owned();
        let of = OfClass::read(text, |_| missing())?;
        let (class, task) = of.class.split_once("::").ok_or_else(missing)?;
        Ok(Self { class: class.to_owned(), task: task.to_owned(), weight: of.value })
    }
}

fn told(error: Option<Misread>, missing: &str) -> String {
    error.map_or_else(|| missing.to_owned(), |error| error.to_string())
}

/// Stages of one class, or of several: `Buyer=10@1m, 20@5m, Seller=5@1m`, as a list in `swarm.toml` is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StagesOf(pub(crate) Vec<OfClass<Stages>>);

impl FromStr for StagesOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut classes: Vec<String> = Vec::new();
        for part in text.split(',') {
            match classes.last_mut().filter(|_| !part.contains('=')) {
                Some(class) => *class = format!("{class},{part}"),
                None => classes.push(part.to_owned()),
            }
        }
        let missing = "write a class and its stages: `Buyer=10@1m, 20@5m`";
        let read = |class: &String| OfClass::read(class, |error| told(error, missing));
        let stages = classes.iter().map(read);
        stages.collect::<Result<_, _>>().map(Self)
    }
}

/// Values with their names, which completion and messages list.
fn http_version() -> impl TypedValueParser<Value = HttpVersion> {
    let known = [PossibleValue::new("auto"), PossibleValue::new("1").alias("1.1"), "2".into()];
    PossibleValuesParser::new(known).try_map(|text| text.parse())
}

fn spacing() -> impl TypedValueParser<Value = Spacing> {
    PossibleValuesParser::new(["even", "poisson"]).try_map(|text| text.parse())
}

fn log_level() -> impl TypedValueParser<Value = LevelFilter> {
    let levels = LevelFilter::iter().map(|level| level.as_str().to_lowercase());
    PossibleValuesParser::new(levels).try_map(|text| text.parse())
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate.is_finite() => Ok(rate),
        _ => Err("write a positive number of users per second".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    /// A screen as it is: so many columns, so many lines.
    const SCREEN: (usize, usize) = (100, 50);
    /// Lines beyond two screens: the options of the web page have a heading of their own.
    const WEB: usize = 10;
    /// And more: a result has a file for each sort of program that reads it, and others receive it while it comes about.
    const FILES: usize = 7;
    /// And three of who is asked for what the target does, with their heading.
    const OBSERVATION: usize = 5;
    /// And the history: what a run is called, and where it is kept.
    const HISTORY: usize = 7;

    fn help(flag: &str) -> String {
        let command = Options::command().term_width(SCREEN.0);
        let stopped = command.try_get_matches_from(["cargo swarm", flag]);
        stopped.expect_err("help was asked for").to_string()
    }

    #[test]
    fn help_is_short() {
        let help = help("--help");
        insta::assert_snapshot!(help);
        let lines: Vec<&str> = help.lines().collect();
        let most = 2 * SCREEN.1 + WEB + FILES + OBSERVATION + HISTORY;
        assert!(lines.len() <= most, "{} lines", lines.len());
        assert!(lines.iter().all(|line| line.chars().count() <= SCREEN.0));
    }

    #[test]
    fn both_kinds_of_help_are_the_same_with_a_line_for_each_option() {
        let help = help("-h");
        assert_eq!(help, self::help("--help"));
        for option in Options::command().get_opts() {
            let flag = format!("--{}", option.get_long().expect("each has a long name"));
            let starts = |line: &&str| line.split([' ', ',']).any(|word| word == flag);
            let line = help.lines().find(starts).expect("listed");
            // A wrapped one would have its end on the next line.
            let text = option.get_help().expect("documented").to_string();
            assert!(line.contains(&text), "{line} does not hold: {text}");
            let default = option.get_default_values().first().and_then(|value| value.to_str());
            if let Some(default) = default.filter(|_| option.get_action().takes_values()) {
                assert!(line.contains(&format!("[default: {default}]")), "{line}");
            }
        }
    }
}
