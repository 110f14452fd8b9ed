//! Which files a run writes, also if the same is run several times.

use crate::error::UsageError;
use crate::history::default_folder;
use crate::options::Options;
use std::path::{Path, PathBuf};
use swarm_core::plan::{Load, Rate, RunSpec};

/// The options of the run with this number (from 1): its files have what their names ask for, and that number if there are several runs.
pub(crate) fn of_run(number: u32, options: &Options, spec: &RunSpec) -> Options {
    let several = options.repeat > 1;
    let mut options = options.clone();
    let Options { json_file, csv, request_log, results, .. } = &mut options;
    let files = [json_file, csv, request_log];
    for file in files.into_iter().chain(results.files()).flatten() {
        *file = filled(file, spec);
        if several {
            *file = numbered(file, number);
        }
    }
    options
}

/// As Locust does, `{u}` becomes the number of users, `{r}` the spawn rate and `{t}` the run time in seconds.
///
/// Of stages `{u}` is the highest, of a rate it is the rate per second; where there is no spawn rate or no end, a word stands for it.
fn filled(path: &Path, spec: &RunSpec) -> PathBuf {
    // What is no text can't ask for anything.
    let Some(text) = path.to_str() else { return path.to_owned() };
    let (most, pace) = match &spec.load {
        _ if spec.find_limit.is_some() => ("limit".to_owned(), "limit".to_owned()),
        Load::Users { users, spawn_rate } => (users.to_string(), spawn_rate.to_string()),
        Load::Rate { rate: Rate(rate) } => (rate.to_string(), "rate".to_owned()),
        Load::Stages { stages } => {
            let most = stages.stages().iter().map(|stage| stage.to).fold(0.0, f64::max);
            (most.to_string(), "stages".to_owned())
        }
    };
    let time = spec.length().map(|length| length.as_secs_f64().to_string());
    let time = time.unwrap_or_else(|| "unlimited".to_owned());
    text.replace("{u}", &most).replace("{r}", &pace).replace("{t}", &time).into()
}

/// Checks that what is repeated leaves something to compare.
pub(crate) fn check(options: &Options) -> Result<(), UsageError> {
    if options.repeat > 1 && !options.headless {
        let error = UsageError::new("--repeat is for runs without the web page");
        return Err(error.help("add --headless"));
    }
    let history = &options.history;
    let is_kept = history.history.is_some() || default_folder().is_some();
    let all_are_kept = is_kept && history.keep_runs >= options.repeat;
    if options.repeat > 1 && options.json_file.is_none() && !all_are_kept {
        let error = UsageError::new("--repeat needs a place for the results of its runs");
        let error = error.help("add --json-file FILE: the files are FILE-1, FILE-2, …");
        return Err(error.help("or keep them all: --history DIR, and --keep-runs"));
    }
    Ok(())
}

/// `runs/before.json` is `runs/before-2.json`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;
    use std::time::Duration;
    use swarm_core::plan::{ClassSpec, FindLimit};

    fn options(words: &str) -> Options {
        Options::parse_from(["swarm"].into_iter().chain(words.split_whitespace()))
    }

    #[test]
    fn files_are_numbered_if_there_are_several_runs() {
        let several = options(
            "--headless --repeat 5 --json-file runs/before.json --csv out --request-log r.x --junit r.xml",
        );
        let spec = RunSpec::new(Vec::new());
        let third = of_run(3, &several, &spec);
        assert_eq!(third.json_file, Some("runs/before-3.json".into()));
        assert_eq!(third.csv, Some("out-3".into()));
        assert_eq!(third.request_log, Some("r-3.x".into()));
        assert_eq!(third.results.junit, Some("r-3.xml".into()));
        let one = options("--json-file before.json");
        assert_eq!(of_run(1, &one, &spec).json_file, one.json_file);
        assert!(check(&one).is_ok() && check(&several).is_ok());
        assert!(check(&options("--headless --repeat 2")).is_err());
        let kept = "--headless --repeat 4 --history runs --keep-runs";
        assert!(check(&options(&format!("{kept} 4"))).is_ok());
        assert!(check(&options(&format!("{kept} 3"))).is_err());
    }

    #[test]
    fn names_have_users_spawn_rate_and_run_time() {
        let load = |text: &str| serde_json::from_str::<Load>(text).expect("a load");
        let minute = Some(Duration::from_secs(60));
        for (load, run_time, name) in [
            (load(r#"{"users": 100, "spawn_rate": 10}"#), minute, "100-10-60"),
            (load(r#"{"users": 1, "spawn_rate": 0.5}"#), None, "1-0.5-unlimited"),
            (load(r#"{"rate": 300}"#), minute, "300-rate-60"),
            (load(r#"{"stages": "100@2m, 500@5m, 0@1m"}"#), None, "500-stages-480"),
        ] {
            let classes = vec![ClassSpec::new("Shopper", 1)];
            let spec = RunSpec { load, run_time, ..RunSpec::new(classes) };
            let named =
                options("--junit out/{u}-{r}-{t}.xml --csv {u}-{r}-{t} --json-file {u}.{x}");
            let named = of_run(1, &named, &spec);
            assert_eq!(named.results.junit, Some(format!("out/{name}.xml").into()));
            assert_eq!(named.csv, Some(name.into()));
            assert!(named.json_file.expect("given").to_str().expect("text").ends_with(".{x}"));
        }
        let find_limit = Some(FindLimit::new(Vec::new()));
        let search = RunSpec { find_limit, ..RunSpec::new(Vec::new()) };
        let named = of_run(1, &options("--summary-md {u}-{r}.md"), &search);
        assert_eq!(named.results.summary_md, Some("limit-limit.md".into()));
    }
}
