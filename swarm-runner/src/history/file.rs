//! A file with a result, packed or not.

use crate::error::UsageError;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::Path;
use swarm_core::report::Report;

/// What a file of gzip begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Longest result in bytes, unpacked: a hundred times that of a large run.
const LONGEST: u64 = 1 << 30;

/// The result in a file of `--json-file`, or of the history.
pub(crate) fn read_report(path: &Path) -> Result<Report, UsageError> {
    let text = read(path)
        .map_err(|error| UsageError::new(format!("can't read {}: {error}", path.display())))?;
    parse::<Report>(&text).map_err(|why| {
        let message = format!("{} is no result of this version of swarm: {why}", path.display());
        UsageError::new(message).help("results are written by --json-file")
    })
}

/// The text of a file, unpacked if it is packed.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let mut bytes = Vec::new();
    Read::by_ref(&mut file).take(LONGEST).read_to_end(&mut bytes)?;
    if bytes.starts_with(&MAGIC) {
        let packed = std::mem::take(&mut bytes);
        GzDecoder::new(packed.as_slice()).take(LONGEST).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// What of a result is wanted, with the version of its format; or why it is none.
pub(super) trait Versioned: DeserializeOwned {
    fn schema(&self) -> Option<u64>;
}

impl Versioned for Report {
    fn schema(&self) -> Option<u64> {
        Some(self.schema.into())
    }
}

impl Versioned for Value {
    fn schema(&self) -> Option<u64> {
        self["schema"].as_u64()
    }
}

/// Reads it once, if it is as it should be: files may be large.
pub(super) fn parse<T: Versioned>(text: &[u8]) -> Result<T, String> {
    let ours = Some(u64::from(Report::SCHEMA));
    let why = match serde_json::from_slice::<T>(text) {
        Ok(read) if read.schema() == ours => return Ok(read),
        Ok(_) => "it does not say which format it has".to_owned(),
        Err(error) => error.to_string(),
    };
    match serde_json::from_slice::<Version>(text) {
        Ok(Version { schema, swarm }) if Some(schema) != ours => Err(format!(
            "it has format {schema}, of swarm {swarm}; this program reads format {}",
            Report::SCHEMA
        )),
        _ => Err(why),
    }
}

#[derive(Deserialize)]
struct Version {
    schema: u64,
    swarm: String,
}

/// A value as packed JSON.
pub(super) fn packed(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    serde_json::to_writer(&mut packer, value)?;
    packer.flush()?;
    packer.finish()
}
