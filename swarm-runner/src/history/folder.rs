//! The folder: what is put in, listed, changed and taken out.

use super::file;
use super::id::Id;
use super::listed::Listed;
use crate::history_options::HistoryOptions;
use crate::output;
use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind, Write as _, stderr};
use std::path::{self, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use swarm_core::report::Report;

/// Most bytes of all files together: 1 GiB.
const MOST_BYTES: u64 = 1 << 30;
/// After a day what should have become a file never will: its program was ended.
const STALE: Duration = Duration::from_hours(24);
/// Names that are drawn before it is given up.
const DRAWS: usize = 100;

/// Finished runs in a folder. What was read of a file is kept in mind until the file changes.
#[derive(Debug, Default)]
pub(crate) struct History {
    folder: Option<PathBuf>,
    /// Most runs; none is put in if that is 0.
    keep: usize,
    most_bytes: u64,
    known: Mutex<HashMap<Id, (Stamp, Listed)>>,
    latest: Mutex<Option<Id>>,
}

/// A file that has these has not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
}

/// Why a run of the history can't be had.
#[derive(Debug)]
pub(crate) enum Missing {
    /// There is none of this name.
    NotThere,
    /// Its file can't be read or written, or is no result.
    Broken(String),
}

impl From<io::Error> for Missing {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NotThere,
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl History {
    /// The history that the options choose; `default` is the folder if they choose none.
    pub(crate) fn new(options: &HistoryOptions, default: Option<PathBuf>) -> Self {
        let folder = options.history.clone().or(default);
        let folder = folder.map(|folder| path::absolute(&folder).unwrap_or(folder));
        let keep = usize::try_from(options.keep_runs).unwrap_or(usize::MAX);
        Self { keep, ..Self::in_folder(folder) }
    }

    /// What is kept in this folder, to be read.
    pub(crate) fn in_folder(folder: Option<PathBuf>) -> Self {
        Self { folder, most_bytes: MOST_BYTES, ..Self::default() }
    }

    #[cfg(test)]
    pub(super) fn bounded(folder: &Path, keep: usize, most_bytes: u64) -> Self {
        Self { folder: Some(folder.to_owned()), keep, most_bytes, ..Self::default() }
    }

    /// Where runs are kept, if they are.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The file of a run.
    pub(crate) fn path_of(&self, id: &Id) -> PathBuf {
        self.folder.clone().unwrap_or_default().join(id.file())
    }

    /// Most runs that it keeps.
    pub(crate) fn most(&self) -> usize {
        self.keep
    }

    /// The run that this program kept last.
    pub(crate) fn latest(&self) -> Option<Id> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts in a finished run, and says on standard error what it is called there; takes out what is too much. That it can't be kept is no reason to fail.
    pub(crate) fn keep(&self, report: &Report) {
        let Some(folder) = self.folder.as_ref().filter(|_| self.keep > 0) else { return };
        let told = match self.put(folder, report) {
            Ok(id) => format!("kept as {id}: `cargo swarm runs` lists the runs"),
            Err(why) => format!("warning: the run is not kept in {}: {why}", folder.display()),
        };
        let _ = writeln!(stderr(), "{told}");
    }

    /// Writes the result of the run that was kept last anew. Its name and notes may have been changed meanwhile, and stay.
    pub(crate) fn keep_again(&self, report: &Report) {
        let (Some(folder), Some(id)) = (&self.folder, self.latest()) else { return };
        let mut report = report.clone();
        if let Ok(kept) = self.report(&id) {
            report.run.spec.name = kept.run.spec.name;
            report.run.spec.notes = kept.run.spec.notes;
        }
        if let Err(error) = self.write(folder, &id, &report) {
            let _ = writeln!(stderr(), "warning: the run is kept as it was before: {error}");
        }
    }

    fn put(&self, folder: &Path, report: &Report) -> Result<Id, String> {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let id = reserve(folder, || Id::draw(report.run.started_at))
            .map_err(|error| error.to_string())?;
        self.write(folder, &id, report)?;
        let bytes = fs::metadata(folder.join(id.file())).map_or(0, |found| found.len());
        if let Some(stamp) = stamp(&folder.join(id.file())) {
            self.lock().insert(id.clone(), (stamp, Listed::of(&id, report, bytes)));
        }
        *self.latest.lock().unwrap_or_else(PoisonError::into_inner) = Some(id.clone());
        self.prune(folder, &id);
        sweep(folder);
        Ok(id)
    }

    fn write(&self, folder: &Path, id: &Id, report: &Report) -> Result<(), String> {
        let packed = file::packed(report).map_err(|error| error.to_string())?;
        output::write(&folder.join(id.file()), packed).map_err(|error| error.message)
    }

    /// Takes out what is too much: the oldest without a name first, then the oldest; never this one.
    fn prune(&self, folder: &Path, newest: &Id) {
        let mut files = files(folder);
        files.retain(|(id, _)| id != newest);
        let own = stamp(&folder.join(newest.file())).map_or(0, |stamp| stamp.bytes);
        let mut bytes = own + files.iter().map(|(_, stamp)| stamp.bytes).sum::<u64>();
        let mut number = files.len() + 1;
        for spare_named in [true, false] {
            files.retain(|(id, stamp)| {
                let enough = number <= self.keep && bytes <= self.most_bytes;
                if enough || spare_named && self.look(folder, id, *stamp).name().is_some() {
                    return true;
                }
                // Another program may have been faster.
                let _ = fs::remove_file(folder.join(id.file()));
                self.lock().remove(id);
                (number, bytes) = (number - 1, bytes - stamp.bytes);
                false
            });
        }
    }

    /// All runs, the newest first. What can't be read says why.
    pub(crate) fn list(&self) -> Vec<Listed> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let files = files(folder);
        self.lock().retain(|id, _| files.binary_search_by(|(other, _)| other.cmp(id)).is_ok());
        files.iter().rev().map(|(id, stamp)| self.look(folder, id, *stamp)).collect()
    }

    /// A run as it is listed.
    pub(crate) fn listed(&self, id: &Id) -> Result<Listed, Missing> {
        let folder = self.folder.as_deref().ok_or(Missing::NotThere)?;
        let stamp = stamp(&folder.join(id.file())).ok_or(Missing::NotThere)?;
        Ok(self.look(folder, id, stamp))
    }

    /// The result of a run.
    pub(crate) fn report(&self, id: &Id) -> Result<Report, Missing> {
        file::parse(&file::read(&self.path(id)?)?).map_err(Missing::Broken)
    }

    /// Gives a run another name and other notes, or none. All else in its file stays, also what this version does not know.
    pub(crate) fn label(
        &self,
        id: &Id,
        name: Option<String>,
        notes: Option<String>,
    ) -> Result<(), Missing> {
        let path = self.path(id)?;
        let mut report: Value = file::parse(&file::read(&path)?).map_err(Missing::Broken)?;
        let Some(Value::Object(run)) = report.get_mut("run") else {
            return Err(Missing::Broken("its file has no run".to_owned()));
        };
        run.insert("name".to_owned(), name.into());
        run.insert("notes".to_owned(), notes.into());
        output::write(&path, file::packed(&report)?).map_err(|error| Missing::Broken(error.message))
    }

    /// Takes a run out.
    pub(crate) fn delete(&self, id: &Id) -> Result<(), Missing> {
        Ok(fs::remove_file(self.path(id)?)?)
    }

    fn path(&self, id: &Id) -> Result<PathBuf, Missing> {
        self.folder.as_ref().map(|folder| folder.join(id.file())).ok_or(Missing::NotThere)
    }

    /// What is known of a file, or else is read of it.
    fn look(&self, folder: &Path, id: &Id, stamp: Stamp) -> Listed {
        let known = self.lock().get(id).filter(|(known, _)| *known == stamp).cloned();
        if let Some((_, listed)) = known {
            return listed;
        }
        let listed = Listed::read(id, &folder.join(id.file()), stamp.bytes);
        self.lock().insert(id.clone(), (stamp, listed.clone()));
        listed
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, (Stamp, Listed)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a name that nobody has: by the file that becomes it, which of two programs only one can make.
pub(super) fn reserve(folder: &Path, draw: impl Fn() -> Id) -> io::Result<Id> {
    for _ in 0..DRAWS {
        let id = draw();
        let path = folder.join(id.file());
        let part = output::part_of(&path);
        match fs::OpenOptions::new().write(true).create_new(true).open(&part) {
            Ok(_) if !path.exists() => return Ok(id),
            Ok(_) => fs::remove_file(&part)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("all names are taken"))
}

/// The files that are kept runs, the oldest first; none if the folder can't be read.
fn files(folder: &Path) -> Vec<(Id, Stamp)> {
    let found = fs::read_dir(folder).into_iter().flatten().flatten();
    let run = |found: fs::DirEntry| {
        let id = Id::of_file(found.file_name().to_str()?)?;
        Some((id, stamp(&found.path())?))
    };
    let mut files: Vec<_> = found.filter_map(run).collect();
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    files
}

/// Takes out what programs that were ended have left of files of ours.
fn sweep(folder: &Path) {
    for found in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_part = found.file_name().to_str().is_some_and(Id::is_part);
        let age = stamp(&found.path()).and_then(|stamp| stamp.modified.elapsed().ok());
        if is_part && age.is_some_and(|age| age > STALE) {
            let _ = fs::remove_file(found.path());
        }
    }
}

/// None if there is no such file.
fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Stamp { modified: found.modified().ok()?, bytes: found.len() })
}
