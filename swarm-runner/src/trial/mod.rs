//! `cargo swarm try CLASS`: one user, run once, with each request and answer on standard output.

mod transcript;

use crate::classes;
use crate::configuration::{self, Configuration, Stop};
use crate::demo::Demo;
use crate::error::UsageError;
use crate::layers::Layers;
use crate::listing;
use crate::log_lines::LogLine;
use crate::logging::{self, Logged};
use crate::signals::{self, Signals};
use crate::trial_options::TrialOptions;
use std::ffi::OsString;
use std::io::{Write as _, stderr};
use std::path::PathBuf;
use std::pin::pin;
use swarm_core::context::Resources;
use swarm_core::feed::Feeds;
use swarm_core::plan::TaskFilter;
use swarm_core::settings::SettingValues;
use swarm_core::testing::{Trial, Tried};
use swarm_core::user::{Registry, Selection, UserClass};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use transcript::Transcript;

/// Tries the class that the command line names. Returns the exit code.
pub(crate) fn run(
    registry: &Registry,
    arguments: &[OsString],
    layers: &Layers,
    folder: PathBuf,
) -> Result<u8, Stop> {
    let Configuration { mut options, settings } =
        configuration::read::<TrialOptions>(arguments, layers, registry.classes())?;
    let all = classes::select(registry, &[])?;
    let name = options.class.as_deref().ok_or_else(|| no_class(&all))?;
    let class = classes::select(registry, &[name])?[0];
    check_tasks(class, &options.task)?;
    Demo::serve(&mut options.target)?;
    let resources = Resources::default().with(settings).with(Feeds::in_folder(folder));
    let host = options.target.host.as_deref();
    classes::check(&[class], &resources, host)?;
    let secrets = resources.get::<SettingValues>().map(|values| values.secrets());
    let logged = logging::start(&options.logs, secrets.unwrap_or_default())?;

    let mut transcript = Transcript::new(class.name, host.or(class.host));
    let trial = Trial::named(class.name).resources(resources).limit(options.run_time);
    let trial = trial.spec(|spec| {
        spec.host.clone_from(&options.target.host);
        spec.seed = options.seed;
        spec.client = options.client.options(&options.target);
    });
    let trial = options.task.iter().fold(trial, Trial::task);
    let tried = conduct(trial.watch(move |moment| transcript.show(moment)), logged)?;
    let outcome = tried.outcome(options.exit_code_on_error);
    transcript::close(&tried, &outcome);
    Ok(outcome.exit_code)
}

/// Which there are, and how it is written.
fn no_class(classes: &[&'static UserClass]) -> UsageError {
    let example = classes.first().map_or("", |class| class.name);
    let list = listing::text(classes);
    UsageError::new("`try` needs the user class to be tried")
        .help(format!("write `cargo swarm try {example}`, of these:\n\n{}", list.trim_end()))
}

fn check_tasks(class: &UserClass, names: &[String]) -> Result<(), UsageError> {
    let all = Selection::new(&class.list, &TaskFilter::default());
    let known = all.names();
    match names.iter().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let there = known.join(", ");
            let message = format!("{} has no task `{name}`; it has: {there}", class.name);
            Err(UsageError::new(message).nearest(name, known))
        }
    }
}

/// Runs it to its end. A signal ends it early in good order, a second one at once.
fn conduct(trial: Trial, mut logged: Logged) -> Result<Tried, UsageError> {
    let runtime =
        Builder::new_current_thread().enable_all().build().map_err(UsageError::cant_start)?;
    runtime.block_on(async {
        let mut signals = Signals::new().map_err(UsageError::cant_start)?;
        let (stop, asked) = oneshot::channel();
        let mut stop = Some(stop);
        let until = async {
            if asked.await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let mut trial = pin!(trial.until(until).into_future());
        let tried = loop {
            tokio::select! {
                tried = &mut trial => break tried,
                Some(line) = logged.next() => say(&line),
                () = signals.next() => match stop.take() {
                    Some(stop) => drop(stop.send(())),
                    None => signals::at_once(),
                },
            }
        };
        while let Some(line) = logged.ready() {
            say(&line);
        }
        tried.map_err(|error| UsageError::new(error.to_string()))
    })
}

fn say(line: &LogLine) {
    let _ = writeln!(stderr(), "{line}");
}
