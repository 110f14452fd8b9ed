//! The whole program, in the order of what happens.

use crate::classes;
use crate::compare;
use crate::completion;
use crate::configuration::{self, Configuration, Stop};
use crate::demo::Demo;
use crate::error::UsageError;
use crate::exports;
use crate::headless;
use crate::history::{History, default_folder};
use crate::layers::Layers;
use crate::listing;
use crate::logging;
use crate::observe::{Observer, Wanted};
use crate::options::{Format, Options};
use crate::otlp::Receiver;
use crate::output;
use crate::participants::Participants;
use crate::ratios;
use crate::repeat;
use crate::run_spec::{Described, describe, drawn_seed, selected};
use crate::runs;
use crate::session::Session;
use crate::trial;
use crate::web::Exporter;
use std::io::{Write as _, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use swarm_core::context::Resources;
use swarm_core::engine::RunHandle;
use swarm_core::feed::Feeds;
use swarm_core::judge::exit_code;
use swarm_core::plan::RunSpec;
use swarm_core::settings::SettingValues;
use swarm_core::user::Registry;
use tokio::runtime::Builder;

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
    let folder = std::env::var_os("SWARM_PACKAGE_DIR").map(PathBuf::from);
    let folder = folder.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
    if let Some(arguments) = compare::asked(&arguments) {
        return compare::run(arguments, &folder);
    }
    if let Some(arguments) = runs::asked(&arguments) {
        return runs::run(arguments, &folder);
    }
    let registry = classes::find()?;
    if completion::is_asked() {
        output::print(&completion::answer(registry.classes())?)?;
        return Ok(exit_code::PASSED);
    }
    let layers = Layers::find(&folder)?;
    if arguments.get(1).is_some_and(|word| word == "try") {
        arguments.remove(1);
        return trial::run(&registry, &arguments, &layers, folder);
    }
    let Configuration { mut options, settings } =
        configuration::read::<Options>(&arguments, &layers, registry.classes())?;

    let classes = selected(&registry, &options)?;
    if options.list_classes {
        let list = match options.format {
            Format::Text => listing::text(&classes),
            Format::Json => listing::json(&classes),
        };
        output::print(&list)?;
        return Ok(exit_code::PASSED);
    }
    if options.show_task_ratio {
        let participants = Participants::new(&classes, &options)?;
        let ratio = match options.format {
            Format::Text => ratios::text(&participants),
            Format::Json => ratios::json(&participants),
        };
        output::print(&ratio)?;
        return Ok(exit_code::PASSED);
    }
    Demo::serve(&mut options.target)?;
    let described = describe(&classes, &options, drawn_seed())?;
    let resources = Resources::default().with(settings).with(Feeds::in_folder(folder));
    load(&registry, &resources, described, &options).map_err(Stop::Usage)
}

/// Brings the load to bear, with or without the web page.
fn load(
    registry: &Registry,
    resources: &Resources,
    described: Described,
    options: &Options,
) -> Result<u8, UsageError> {
    let Described { spec, classes, warnings } = described;
    let ready = classes::check(&classes, resources, spec.host.as_deref());
    check_together(options, &spec)?;
    let wanted = Wanted::of(&options.observe)?;
    if options.headless || options.web.autostart {
        ready?;
        warnings.iter().for_each(|warning| drop(writeln!(stderr(), "warning: {warning}")));
    }
    // They are known since the settings were read, which the check does.
    let secrets = resources.get::<SettingValues>().map(|values| values.secrets());
    let mut logged = logging::start(&options.logs, secrets.unwrap_or_default())?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(UsageError::cant_start)?;
    let handle = RunHandle::launch(registry.clone(), resources.clone());
    let handle = handle.map_err(UsageError::cant_start)?;
    if let Some(wanted) = wanted {
        runtime.block_on(Observer::check(wanted, &handle))?.start()?;
    }
    if let Some(address) = &options.metrics.metrics_addr {
        let exporter = Exporter::serve(handle.clone(), address)?;
        let _ = writeln!(stderr(), "metrics on {}", exporter.url());
        if let Some(warning) = exporter.warning() {
            let _ = writeln!(stderr(), "warning: {warning}");
        }
    }
    let history = Arc::new(History::new(&options.history, default_folder()));
    if options.headless {
        let running = headless::conduct(&handle, resources, &spec, options, &history, &mut logged);
        return runtime.block_on(running);
    }
    let (handle, logged) = (&handle, &mut logged);
    let session = Session { handle, resources, registry, options, history, logged };
    runtime.block_on(session.conduct(spec))
}

/// Checks options that need each other, and the places of files.
fn check_together(options: &Options, spec: &RunSpec) -> Result<(), UsageError> {
    options.web.check()?;
    Receiver::of(&options.otlp, |name| std::env::var(name).ok())?;
    repeat::check(options)?;
    for number in 1..=options.repeat {
        exports::prepare(&repeat::of_run(number, options, spec))?;
    }
    if options.csv_full_history && options.csv.is_none() {
        let error = UsageError::new("--csv-full-history needs files to write to");
        return Err(error.help("add --csv PREFIX"));
    }
    Ok(())
}
