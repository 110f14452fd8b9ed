//! `runs`: lists the runs of the history. Needs no user classes.

use crate::configuration::Stop;
use crate::console::{count, ms, numbers, share, table, words};
use crate::history::{History, Listed, folder_of};
use crate::options::Format;
use crate::output;
use clap::Parser;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{Write as _, stderr};
use std::path::{Path, PathBuf};
use swarm_core::judge::exit_code;

/// The word that asks for it.
const COMMAND: &str = "runs";

/// Stands below the options.
const NOTES: &str = "\
`cargo swarm compare` takes ids, names, and `last`, `last~1`, … besides files. A file of the history is
the JSON of --json-file, packed by gzip; `--keep-runs` says how many there are, and those without
a name go first.";

/// List the runs that were kept, the newest first.
#[derive(Debug, Parser)]
#[command(name = "cargo swarm runs", bin_name = "cargo swarm runs", max_term_width = 100)]
#[command(after_help = NOTES)]
struct Arguments {
    /// Folder of the runs; else that of swarm.toml, or of cargo's target folder.
    #[arg(long, value_name = "DIR")]
    history: Option<PathBuf>,

    /// How to list them.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The command's own arguments, if it is asked for.
pub(crate) fn asked(arguments: &[OsString]) -> Option<&[OsString]> {
    let (word, _) = arguments.get(1..)?.split_first()?;
    (word == COMMAND).then(|| &arguments[1..])
}

/// Lists them. Returns the exit code.
pub(crate) fn run(arguments: &[OsString], package: &Path) -> Result<u8, Stop> {
    let arguments = Arguments::try_parse_from(arguments).map_err(Stop::Clap)?;
    let folder = folder_of(arguments.history.as_deref(), package)?;
    let place = folder.as_ref().map(|folder| format!(" in {}", folder.display()));
    let runs = History::in_folder(folder).list();
    match arguments.format {
        Format::Json => output::print(&output::pretty(&runs))?,
        Format::Text if runs.is_empty() => {
            let place = place.unwrap_or_else(|| ": name the folder by --history".to_owned());
            let _ = writeln!(stderr(), "no run is kept{place}");
        }
        Format::Text => output::print(&text(&runs))?,
    }
    Ok(exit_code::PASSED)
}

fn text(runs: &[Listed]) -> String {
    let columns = [
        words("Id"),
        words("Started (UTC)"),
        words("Name"),
        words("Host"),
        words("Load"),
        words("Result"),
        numbers("# reqs").after_bar(),
        numbers("# fails"),
        numbers("95%"),
    ];
    let row = |listed: &Listed| {
        let mut cells = [const { String::new() }; 9];
        cells[0].clone_from(&listed.id);
        if let Some(run) = &listed.run {
            let started = run.started_at.to_string().replace('T', " ");
            started.split('.').next().unwrap_or_default().clone_into(&mut cells[1]);
            cells[2] = run.name.clone().unwrap_or_default();
            cells[3] = run.host.clone().unwrap_or_default();
            cells[4].clone_from(&run.load);
            cells[5] = match run.exit_code {
                exit_code::PASSED => "passed".to_owned(),
                code => format!("failed ({code})"),
            };
            cells[6] = count(run.requests);
            cells[7] = share(run.failures, run.requests);
            cells[8] = ms(run.p95_ms);
        } else {
            cells[5] = "can't be read".to_owned();
        }
        cells
    };
    let rows: Vec<_> = runs.iter().map(row).collect();
    let mut text = table(columns, &rows, &[]);
    for Listed { id, problem, .. } in runs {
        if let Some(why) = problem {
            let _ = writeln!(text, "{id}: {why}");
        }
    }
    text
}
