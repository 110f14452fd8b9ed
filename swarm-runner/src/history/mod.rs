//! The history: a folder with the results of finished runs, a file for each, bounded in number and in bytes.
//!
//! A file is the JSON of the result, packed by gzip. Its name is made here, and only files with such names are ever deleted. Several programs may use one folder
//! at the same time: a file is made under a name that nobody has, is there whole or not at all, and may disappear at any time.

mod id;
mod file;
mod listed;
mod folder;
mod find;

#[cfg(test)]
mod tests;

pub(crate) use file::read_report;
pub(crate) use find::{default_folder, folder_of};
pub(crate) use folder::{History, Missing};
pub(crate) use id::Id;
pub(crate) use listed::Listed;
