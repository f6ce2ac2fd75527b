//! Reading files below a root directory: what is not there says nothing, any other trouble is noted.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::Fault;

/// The most that is read of a file: `/proc/cpuinfo` of a server with hundreds of cores fits.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// The files of a machine, and what was wrong with them.
pub(super) struct Files<'a> {
    root: &'a Path,
    faults: Vec<Fault>,
}

impl<'a> Files<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self { root, faults: Vec::new() }
    }

    pub(super) fn into_faults(self) -> Vec<Fault> {
        self.faults
    }

    /// Notes what is wrong with a file.
    pub(super) fn fault(&mut self, file: &str, why: impl Display) {
        self.faults.push(Fault { file: file.to_owned(), why: why.to_string() });
    }

    /// A file's bytes; none where it is not there or can't be read.
    pub(super) fn bytes(&mut self, file: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = File::open(self.below(file)).and_then(|open| open.take(MAX_BYTES + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if bytes.len() as u64 <= MAX_BYTES => Some(bytes),
            Ok(_) => {
                self.fault(file, "it is larger than 4 MiB");
                None
            }
            Err(error) if is_absent(error.kind()) => None,
            Err(error) => {
                self.fault(file, format_args!("it can't be read: {error}"));
                None
            }
        }
    }

    /// A file's text, without white space around it.
    pub(super) fn text(&mut self, file: &str) -> Option<String> {
        match String::from_utf8(self.bytes(file)?) {
            Ok(text) => Some(text.trim().to_owned()),
            Err(_) => {
                self.fault(file, "it is no text");
                None
            }
        }
    }

    /// The number that is a file's whole text, as `parse` reads it.
    pub(super) fn number<T>(&mut self, file: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.text(file)?;
        let number = parse(&text);
        if number.is_none() {
            self.fault(file, "it holds no number that makes sense");
        }
        number
    }

    /// The names in a directory, sorted; none where it is not there.
    pub(super) fn names(&mut self, directory: &str) -> Vec<String> {
        let mut names = Vec::new();
        match fs::read_dir(self.below(directory)) {
            Ok(entries) => {
                let entries = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
                names.extend(entries);
            }
            Err(error) if is_absent(error.kind()) => {}
            Err(error) => self.fault(directory, format_args!("it can't be read: {error}")),
        }
        names.sort();
        names
    }

    fn below(&self, file: &str) -> PathBuf {
        self.root.join(file.trim_start_matches('/'))
    }
}

fn is_absent(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
}
