//! Rows of a CSV file: the first line names the columns.

use super::reason::Reason;
use csv::{DeserializeErrorKind, ErrorKind, Reader, ReaderBuilder, StringRecord};
use csv_core::{ReadRecordResult, Reader as Parser, ReaderBuilder as ParserBuilder};
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::HashMap;
use std::str::from_utf8;

thread_local! {
    /// One for each separator: to build one takes twenty times as long as to read a row with it.
    static PARSERS: RefCell<HashMap<u8, Parser>> = RefCell::default();
}

/// How the rows of a CSV file are read.
#[derive(Debug)]
pub(super) struct Csv {
    columns: StringRecord,
    separator: u8,
}

/// A row of the wrong shape, by where it begins.
pub(super) type Misshapen = (usize, Reason);

impl Csv {
    /// Reads the header. Returns also where the rows begin, which may be a little before their first character; none if there is no header.
    pub(super) fn open(text: &str) -> Option<(Self, Vec<usize>, Vec<Misshapen>)> {
        let separator = separator(text);
        let mut reader = reader(text, separator);
        let mut record = StringRecord::new();
        if !matches!(reader.read_record(&mut record), Ok(true)) {
            return None;
        }
        record.trim();
        let columns = record.clone();
        let (mut starts, mut misshapen) = (Vec::new(), Vec::new());
        loop {
            let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            // Text in memory that is UTF-8, in rows of any length, can be read.
            if !matches!(reader.read_record(&mut record), Ok(true)) {
                break;
            }
            starts.push(start);
            if record.len() != columns.len() {
                let lengths = (record.len(), columns.len());
                misshapen.push((start, Reason::new(wrong_length(lengths))));
            }
        }
        if let Some(last) = starts.last().filter(|last| is_open(&text[**last..], separator)) {
            misshapen.retain(|(start, _)| start != last);
            misshapen.push((*last, Reason::new("a quote begins in this row and does not end")));
        }
        Some((Self { columns, separator }, starts, misshapen))
    }

    /// Reads a row.
    pub(super) fn read<T: DeserializeOwned>(&self, row: &str) -> Result<T, Reason> {
        self.record(row).deserialize(Some(&self.columns)).map_err(|error| self.reason(&error))
    }

    fn reason(&self, error: &csv::Error) -> Reason {
        let ErrorKind::Deserialize { err, .. } = error.kind() else {
            return Reason::new("the row can't be read");
        };
        let reason = match err.kind() {
            DeserializeErrorKind::Message(message) => Reason::of_serde(message),
            // What the standard library says of a number or a `bool` does not quote it.
            kind => Reason::new(kind.to_string()),
        };
        let index = err.field().and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| self.columns.get(index)) {
            Some(column) => reason.at(column),
            None => reason,
        }
    }

    /// The fields of the first record in a text.
    fn record(&self, row: &str) -> StringRecord {
        // Without its quotes a row is no longer than with them.
        let (mut text, mut ends) = (vec![0; row.len() + 1], vec![0; self.columns.len() + 1]);
        let (length, fields) = PARSERS.with_borrow_mut(|parsers| {
            let build = || ParserBuilder::new().delimiter(self.separator).build();
            let parser = parsers.entry(self.separator).or_insert_with(build);
            parser.reset();
            let (result, _, length, fields) =
                parser.read_record(row.as_bytes(), &mut text, &mut ends);
            if !matches!(result, ReadRecordResult::InputEmpty) {
                return (length, fields);
            }
            // The file's last line has no end; that nothing follows ends its last field.
            let (.., last) = parser.read_record(&[], &mut text[length..], &mut ends[fields..]);
            (length, fields + last)
        });
        let text = from_utf8(&text[..length]).unwrap_or_default();
        let mut record = StringRecord::with_capacity(length, fields);
        let mut start = 0;
        for end in &ends[..fields] {
            record.push_field(text.get(start..*end).unwrap_or_default());
            start = *end;
        }
        record
    }
}

fn wrong_length((found, expected): (usize, usize)) -> String {
    let plural = if found == 1 { "" } else { "s" };
    format!("{found} column{plural} where the header has {expected}")
}

/// Spreadsheets separate columns as their language does: the header tells.
fn separator(text: &str) -> u8 {
    let header = text.trim_start().lines().next().unwrap_or_default();
    let mut quoted = false;
    let mut outside = header.bytes().filter(|byte| {
        quoted ^= *byte == b'"';
        !quoted
    });
    outside.find(|byte| b",;\t".contains(byte)).unwrap_or(b',')
}

fn reader(text: &str, separator: u8) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .buffer_capacity(text.len().clamp(1, 64 * 1024))
        .from_reader(text.as_bytes())
}

/// Whether a row ends inside quotes: then one more line would belong to it.
fn is_open(row: &str, separator: u8) -> bool {
    let longer = format!("{row}\nx");
    reader(&longer, separator).into_records().count() == 1
}
