//! The whole program, in the order of what happens.

use crate::classes;
use crate::compare;
use crate::completion;
use crate::configuration::{self, Configuration, Stop};
use crate::console::{Screen, closing, results};
use crate::csv_files::CsvFiles;
use crate::demo::Demo;
use crate::error::UsageError;
use crate::layers::Layers;
use crate::listing;
use crate::load::load;
use crate::logging;
use crate::options::{Format, Options};
use crate::output;
use crate::participants::Participants;
use crate::ratios;
use crate::repeat;
use crate::signals::{self, Signals};
use crate::trial;
use std::io::{Write as _, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use swarm_core::context::Resources;
use swarm_core::engine::{self, Command, Event, RunHandle, Snapshot};
use swarm_core::feed::Feeds;
use swarm_core::judge::Ending;
use swarm_core::judge::exit_code::{self, graver};
use swarm_core::plan::RunSpec;
use swarm_core::report::Report;
use swarm_core::settings::SettingValues;
use swarm_core::user::Registry;
use tokio::runtime::Builder;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::Receiver;

/// Runs the load test that this program was compiled with, as its command line says.
///
/// The exit codes are those of [`swarm_core::judge::exit_code`].
#[must_use]
pub fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code),
        Err(Stop::Clap(error)) => {
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { exit_code::USAGE } else { exit_code::PASSED })
        }
        Err(Stop::Usage(error)) => {
            let _ = writeln!(stderr(), "{error}");
            ExitCode::from(exit_code::USAGE)
        }
    }
}

fn run() -> Result<u8, Stop> {
    let mut arguments: Vec<_> = std::env::args_os().collect();
    if let Some(arguments) = compare::asked(&arguments) {
        return compare::run(arguments);
    }
    let registry = classes::find()?;
    if completion::is_asked() {
        output::print(&completion::answer(registry.classes())?)?;
        return Ok(exit_code::PASSED);
    }
    let folder = std::env::var_os("SWARM_PACKAGE_DIR").map(PathBuf::from);
    let folder = folder.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    let layers = Layers::find(&folder)?;
    if arguments.get(1).is_some_and(|word| word == "try") {
        arguments.remove(1);
        return trial::run(&registry, &arguments, &layers, folder);
    }
    let Configuration { mut options, settings } =
        configuration::read::<Options>(&arguments, &layers, registry.classes())?;

    let names: Vec<&str> =
        options.classes.iter().chain(&options.class).map(String::as_str).collect();
    let classes = classes::select(&registry, &names)?;
    if options.list_classes {
        let list = match options.format {
            Format::Text => listing::text(&classes),
            Format::Json => listing::json(&classes),
        };
        output::print(&list)?;
        return Ok(exit_code::PASSED);
    }
    let participants = Participants::new(&classes, &options)?;
    if options.show_task_ratio {
        let ratio = match options.format {
            Format::Text => ratios::text(&participants),
            Format::Json => ratios::json(&participants),
        };
        output::print(&ratio)?;
        return Ok(exit_code::PASSED);
    }
    if !options.headless {
        let error = UsageError::new("this version has no web page yet");
        return Err(error.help("add --headless, with -u, -r and -t").into());
    }
    Demo::serve(&mut options.target)?;
    let resources = Resources::default().with(settings).with(Feeds::in_folder(folder));
    classes::check(&participants.classes, &resources, options.target.host.as_deref())?;
    repeat::check(&options)?;
    for number in 1..=options.repeat {
        if let Some(path) = &repeat::of_run(number, &options).json_file {
            output::prepare(path)?;
        }
    }
    check_csv(&options)?;
    for class in &participants.left_out {
        let _ = writeln!(stderr(), "{class} is left out: the tags leave it no task");
    }
    for warning in participants.without_data(&options.threshold.concat()) {
        let _ = writeln!(stderr(), "warning: {warning}");
    }
    // They are known since the settings were read, which the check does.
    let secrets = resources.get::<SettingValues>().map(|values| values.secrets());
    let secrets = secrets.unwrap_or_default();
    let logged = logging::start(&options.logs, secrets)?;
    let spec = spec(&options, participants)?;
    conduct(registry, &resources, &spec, &options, logged)
}

fn check_csv(options: &Options) -> Result<(), UsageError> {
    if options.csv_full_history && options.csv.is_none() {
        let error = UsageError::new("--csv-full-history needs files to write to");
        return Err(error.help("add --csv PREFIX"));
    }
    Ok(())
}

/// The run that the options describe.
fn spec(options: &Options, participants: Participants) -> Result<RunSpec, UsageError> {
    let seed = options.seed.unwrap_or_else(|| {
        let drawn =
            std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), Instant::now());
        // Short enough to be typed.
        drawn % 1_000_000
    });
    Ok(RunSpec {
        host: options.target.host.clone(),
        load: load(options)?,
        max_users: options.max_users,
        max_names: options.max_names,
        arrivals: options.arrivals,
        run_time: options.run_time,
        warmup: options.warmup,
        iterations: options.iterations,
        user_iterations: options.user_iterations,
        stop_timeout: options.stop_timeout,
        seed,
        count_logins: options.count_logins,
        thresholds: options.threshold.concat(),
        exit_code_on_error: options.exit_code_on_error,
        client: options.client.options(&options.target),
        find_limit: options.limit.spec()?,
        validity: options.validity.unwrap_or_default(),
        request_log: options.request_log.clone(),
        task_filter: participants.filter,
        ..RunSpec::new(participants.specs)
    })
}

/// Runs it to its end, as often as is wanted, with progress on the console. Returns the gravest exit code.
fn conduct(
    registry: Registry,
    resources: &Resources,
    spec: &RunSpec,
    options: &Options,
    mut logged: Receiver<String>,
) -> Result<u8, Stop> {
    let system = |error: std::io::Error| UsageError::new(format!("can't start: {error}"));
    let runtime = Builder::new_current_thread().enable_all().build().map_err(system)?;
    Ok(runtime.block_on(async {
        let mut signals = Signals::new().map_err(system)?;
        let handle = RunHandle::launch(registry, resources.clone()).map_err(system)?;
        let mut exit_code = exit_code::PASSED;
        for number in 1..=options.repeat {
            let options = repeat::of_run(number, options);
            let spec = RunSpec {
                seed: spec.seed.wrapping_add(u64::from(number - 1)),
                request_log: options.request_log.clone(),
                ..spec.clone()
            };
            let mut csv = match &options.csv {
                Some(prefix) => Some(CsvFiles::create(prefix, options.csv_full_history)?),
                None => None,
            };
            let mut watcher = Watcher::new(&options, spec.length(), &mut csv, &mut logged);
            if options.repeat > 1 {
                watcher.screen.tell(&format!("run {number} of {}", options.repeat));
            }
            let (mut report, why) = watcher.watch(&handle, spec, &mut signals).await?;
            let last = number == options.repeat || why == Ending::Asked;
            if last {
                report = engine::quit(report, resources).await;
            }
            finish(&report, &why, &options)?;
            if let Some(csv) = &mut csv {
                csv.finish(&report)?;
            }
            exit_code = graver(exit_code, report.outcome.exit_code);
            if last {
                break;
            }
        }
        Ok::<_, UsageError>(exit_code)
    })?)
}

/// Who looks on while a run goes on.
struct Watcher<'a> {
    screen: Screen,
    csv: &'a mut Option<CsvFiles>,
    /// What was told of them last.
    csv_failure: Option<String>,
    /// Lines that user code logs.
    logged: &'a mut Receiver<String>,
    /// Whether figures are forgotten once all users are running.
    reset: bool,
    /// How many levels of a search were told.
    levels: usize,
}

impl<'a> Watcher<'a> {
    fn new(
        options: &Options,
        length: Option<Duration>,
        csv: &'a mut Option<CsvFiles>,
        logged: &'a mut Receiver<String>,
    ) -> Self {
        let screen = Screen::new(length, options.only_summary, options.print_stats);
        Self { screen, csv, csv_failure: None, logged, reset: options.reset_stats, levels: 0 }
    }

    async fn watch(
        mut self,
        handle: &RunHandle,
        spec: RunSpec,
        signals: &mut Signals,
    ) -> Result<(Arc<Report>, Ending), UsageError> {
        let (mut events, mut snapshots) = (handle.events(), handle.snapshots());
        self.screen.tell(&format!("seed {}", spec.seed));
        handle.send(Command::start(spec));
        let mut asked = false;
        loop {
            tokio::select! {
                event = events.recv() => match event {
                    Ok(Event::Ended { why, report }) => {
                        while let Ok(line) = self.logged.try_recv() {
                            self.screen.log(&line);
                        }
                        self.screen.clear();
                        return Ok((report, why));
                    }
                    Ok(Event::Refused(why)) => return Err(UsageError::new(why)),
                    Ok(event) => self.hear(&event, handle),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Err(UsageError::new("the engine ended early")),
                },
                Ok(()) = snapshots.changed() => {
                    let snapshot = Arc::clone(&snapshots.borrow_and_update());
                    self.tell_levels(&snapshot);
                    self.screen.show(&snapshot);
                    self.write_csv(&snapshot);
                }
                Some(line) = self.logged.recv() => self.screen.log(&line),
                () = signals.next() => {
                    if asked {
                        signals::at_once();
                    }
                    asked = true;
                    handle.send(Command::Stop(engine::Stop::Graceful));
                }
            }
        }
    }

    /// Says how the levels of a search ended, as they do.
    fn tell_levels(&mut self, snapshot: &Snapshot) {
        let capacity = snapshot.report.as_ref().and_then(|report| report.capacity.as_ref());
        let Some(capacity) = capacity else { return };
        for level in &capacity.levels[self.levels.min(capacity.levels.len())..] {
            let verdict = if level.passed { "passed" } else { "failed" };
            self.screen.tell(&format!("{} {} {verdict}", level.offered, capacity.unit));
        }
        self.levels = capacity.levels.len();
    }

    /// A file that can't be written now is no reason to end the run; it is tried again, and at the end it must succeed.
    fn write_csv(&mut self, snapshot: &Snapshot) {
        let Some(csv) = self.csv else { return };
        let failed = csv.update(snapshot).err().map(|error| error.to_string());
        if let Some(error) = failed.as_ref().filter(|_| failed != self.csv_failure) {
            self.screen.tell(error);
        }
        self.csv_failure = failed;
    }

    fn hear(&mut self, event: &Event, handle: &RunHandle) {
        match event {
            Event::SpawningComplete { users } => {
                self.screen.tell(&match users {
                    0 => "the whole load is there".to_owned(),
                    users => format!("all {users} users are running"),
                });
                if std::mem::take(&mut self.reset) {
                    handle.send(Command::Reset);
                    self.screen.tell("figures are counted from here on (--reset-stats)");
                }
            }
            Event::Stopping { why } => self.screen.tell(&format!("stopping: {why}")),
            Event::Started | Event::Ended { .. } | Event::Refused(_) => {}
        }
    }
}

/// Writes what is left.
fn finish(report: &Report, why: &Ending, options: &Options) -> Result<(), UsageError> {
    let mut tables = results(report);
    tables.push('\n');
    tables.push_str(&closing(report, why));
    tables.push('\n');
    if options.json {
        // Standard output carries the result and nothing else.
        let _ = stderr().write_all(tables.as_bytes());
        output::print(&output::json(report))?;
    } else {
        output::print(&tables)?;
    }
    match &options.json_file {
        Some(path) => output::write(path, &output::json(report)),
        None => Ok(()),
    }
}
