//! Fingerprints of a source's files: whether its content is another one than before.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File};
use std::hash::Hasher as _;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::subject::Reads;

/// Files beyond this many bytes are refused whatever they hold, as `core` does.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The files of a source, each as it was seen; a folder's listing is in it as well.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Print {
    files: Vec<(PathBuf, Seen)>,
}

/// What was seen of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Missing,
    Empty,
    /// A hash of its bytes.
    Content(u64),
    /// More than any configuration has.
    TooLarge,
    /// A folder in its place.
    Folder,
    /// A pipe or a device, which gives its content once or never.
    Stream,
    Unreadable(io::ErrorKind),
}

impl Print {
    pub(crate) fn take(reads: &Reads) -> Self {
        let mut paths = reads.files.clone();
        if let Some(folder) = &reads.folder {
            // Every name counts: which of them are configuration is not for here to know.
            let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            paths.extend(entries.map(|entry| entry.path()).filter(|path| !is_hidden(path)));
            paths.sort();
            paths.dedup();
        }
        let mut buffer = Vec::new();
        let files = paths.into_iter().map(|path| {
            let seen = Seen::of(&path, &mut buffer).unwrap_or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Seen::Missing,
                kind => Seen::Unreadable(kind),
            });
            (path, seen)
        });
        Self { files: files.collect() }
    }

    /// Whether this may be a state in between: a file is gone or empty that was not.
    pub(crate) fn is_doubtful(&self, before: Option<&Self>) -> bool {
        let Some(before) = before else { return false };
        before.files.iter().any(|(path, seen)| {
            let now = self.seen(path).unwrap_or(Seen::Missing);
            now != *seen && matches!(now, Seen::Missing | Seen::Empty)
        })
    }

    /// Whether reading the source again may wait for ever, or take what nobody gives twice.
    pub(crate) fn is_stream(&self) -> bool {
        self.files.iter().any(|(_, seen)| *seen == Seen::Stream)
    }

    /// Whether it tells of all these files.
    pub(crate) fn has(&self, files: &[PathBuf]) -> bool {
        files.iter().all(|file| self.seen(file).is_some())
    }

    fn seen(&self, path: &Path) -> Option<Seen> {
        self.files.iter().find(|(known, _)| known == path).map(|(_, seen)| *seen)
    }
}

impl Seen {
    fn of(path: &Path, buffer: &mut Vec<u8>) -> io::Result<Self> {
        // Before it is opened: opening a pipe waits for a writer.
        let metadata = fs::metadata(path)?;
        if metadata.is_dir() {
            return Ok(Self::Folder);
        }
        if !metadata.is_file() {
            return Ok(Self::Stream);
        }
        if metadata.len() > MAX_BYTES {
            return Ok(Self::TooLarge);
        }
        buffer.clear();
        File::open(path)?.take(MAX_BYTES + 1).read_to_end(buffer)?;
        Ok(match buffer.len() as u64 {
            0 => Self::Empty,
            length if length > MAX_BYTES => Self::TooLarge,
            _ => {
                let mut hasher = DefaultHasher::new();
                hasher.write(buffer);
                Self::Content(hasher.finish())
            }
        })
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'))
}
