//! Rows of a file with one JSON object a line.

use super::reason::Reason;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

/// Where each row begins: at every line that is not blank.
pub(super) fn starts(text: &str) -> impl Iterator<Item = usize> {
    let mut next = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = next;
        next += line.len();
        (!line.trim().is_empty()).then_some(start)
    })
}

/// Reads a row.
pub(super) fn read<T: DeserializeOwned>(row: &str) -> Result<T, Reason> {
    let mut json = serde_json::Deserializer::from_str(row.trim_end());
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let reason = reason(error.inner());
        let path = error.path().to_string();
        // A dot is the whole row; no field is known where the notation is broken.
        if path == "." || !error.inner().is_data() { reason } else { reason.at(&path) }
    })?;
    json.end().map_err(|error| reason(&error))?;
    Ok(value)
}

fn reason(error: &serde_json::Error) -> Reason {
    let (line, column) = (error.line(), error.column());
    let whole = error.to_string();
    let text = whole.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&whole);
    match error.classify() {
        Category::Data => Reason::of_serde(text),
        // Of a mistake in the notation it says what was expected, never what was found.
        _ => Reason::new(format!("{text} (at character {column})")),
    }
}
