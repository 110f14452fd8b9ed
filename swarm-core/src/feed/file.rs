//! A file of rows in memory: its text, and where each row begins.

use super::csv_file::{Csv, Misshapen};
use super::json_lines;
use super::reason::Reason;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};

/// So many bad rows are told; of more, only how many there are.
const TOLD: usize = 5;
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The notation of a file.
#[derive(Debug)]
pub(super) enum Format {
    Csv(Csv),
    JsonLines,
}

impl Format {
    /// What the name of a file says. Returns also where its rows begin, and which have the wrong shape; none if the header of a CSV file is missing.
    fn open(path: &Path, text: &str) -> Option<(Self, Vec<usize>, Vec<Misshapen>)> {
        let end = path.extension().unwrap_or_default();
        if end.eq_ignore_ascii_case("csv") || end.eq_ignore_ascii_case("tsv") {
            let (csv, starts, misshapen) = Csv::open(text)?;
            return Some((Self::Csv(csv), starts, misshapen));
        }
        Some((Self::JsonLines, json_lines::starts(text).collect(), Vec::new()))
    }

    /// Reads one row.
    pub(super) fn read<T: DeserializeOwned>(&self, row: &str) -> Result<T, Reason> {
        match self {
            Self::Csv(csv) => csv.read(row),
            Self::JsonLines => json_lines::read(row),
        }
    }
}

/// Reads one row of a file, for one type.
pub(super) type ReadRow<T> = fn(&Format, &str) -> Result<T, Reason>;

/// A file whose rows are read one by one, when they are wanted: in memory is its text, and four bytes for each row.
#[derive(Debug)]
pub(super) struct RowFile {
    /// As it is shown.
    name: String,
    text: String,
    starts: Vec<u32>,
    format: Format,
}

impl RowFile {
    /// Reads a file and checks every row. A relative path is sought in `folder`, then in the working directory.
    ///
    /// # Errors
    ///
    /// What is wrong, with file and line: one line for each mistake.
    pub(super) fn open<T>(
        path: &str,
        folder: Option<&Path>,
        check: ReadRow<T>,
    ) -> Result<Self, String> {
        let path = find(Path::new(path), folder)?;
        let name = shown(&path);
        let text = read_text(&path).map_err(|why| format!("{name}{why}"))?;
        let (format, starts, misshapen) = Format::open(&path, &text)
            .ok_or_else(|| format!("{name}: empty: its first line names the columns"))?;
        if starts.is_empty() {
            return Err(format!("{name}: no rows"));
        }
        let starts = starts.into_iter().map(|start| u32::try_from(start).unwrap_or(u32::MAX));
        let file = Self { name, text, starts: starts.collect(), format };
        if !misshapen.is_empty() {
            return Err(file.told(misshapen.into_iter()));
        }
        file.check(check)?;
        Ok(file)
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.starts.len()
    }

    /// Reads a row with what reads rows of a format; the error says where it stands.
    pub(super) fn read<T>(&self, row: usize, read: ReadRow<T>) -> Result<T, String> {
        read(&self.format, self.row(row)).map_err(|reason| self.at(self.start(row), &reason))
    }

    fn check<T>(&self, read: ReadRow<T>) -> Result<(), String> {
        let bad = |row| read(&self.format, self.row(row)).err().map(|why| (self.start(row), why));
        let mut found = (0..self.rows()).filter_map(bad).peekable();
        let Some((_, first)) = found.peek() else { return Ok(()) };
        if let (Format::Csv(_), true) = (&self.format, first.is_about_a_field()) {
            // The same for every row: it is the header that is wrong.
            let hint = "the first line names the columns";
            return Err(self.at(0, &Reason::new(format!("{first}: {hint}"))));
        }
        Err(self.told(found))
    }

    /// The text from the beginning of a row to the next.
    fn row(&self, row: usize) -> &str {
        self.text.get(self.start(row)..self.start(row + 1)).unwrap_or_default()
    }

    fn start(&self, row: usize) -> usize {
        self.starts.get(row).map_or(self.text.len(), |start| *start as usize)
    }

    /// The first few mistakes, and how many more there are.
    fn told(&self, mut bad: impl Iterator<Item = (usize, Reason)>) -> String {
        let told = bad.by_ref().take(TOLD).map(|(start, reason)| self.at(start, &reason));
        let mut lines: Vec<String> = told.collect();
        match bad.count() {
            0 => {}
            more => lines.push(format!("{}: {more} more rows are bad", self.name)),
        }
        lines.join("\n")
    }

    /// `accounts.csv:17: …`; empty lines before a row belong to it.
    fn at(&self, start: usize, reason: &Reason) -> String {
        let row = self.text.get(start..).unwrap_or_default();
        let blank = row.len() - row.trim_start_matches(['\r', '\n']).len();
        format!("{}:{}: {reason}", self.name, line(self.text.as_bytes(), start + blank))
    }
}

/// The text of a file, without a byte order mark. The error is what follows the file's name.
fn read_text(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map(|file| file.len());
    if size.is_ok_and(|size| size > u64::from(u32::MAX)) {
        return Err(": more than 4 GiB: split it".to_owned());
    }
    let bytes = fs::read(path).map_err(|error| format!(": {error}"))?;
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let line = line(error.as_bytes(), error.utf8_error().valid_up_to());
        format!(":{line}: not UTF-8")
    })?;
    if text.starts_with(BYTE_ORDER_MARK) {
        text.drain(..BYTE_ORDER_MARK.len_utf8());
    }
    Ok(text)
}

/// The number of the line in which a byte stands.
fn line(text: &[u8], at: usize) -> usize {
    1 + text.iter().take(at).filter(|byte| **byte == b'\n').count()
}

/// Where a file is.
fn find(path: &Path, folder: Option<&Path>) -> Result<PathBuf, String> {
    let inside = folder.map(|folder| folder.join(path));
    if let Some(found) = inside.filter(|path| path.exists()) {
        return Ok(found);
    }
    if path.exists() {
        return Ok(path.to_owned());
    }
    let folder = folder.map(|folder| format!(" in {}, nor", folder.display())).unwrap_or_default();
    Err(format!("{}: not found{folder} in the working directory", path.display()))
}

/// A path as it is shown: from the working directory, if it is below that.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
