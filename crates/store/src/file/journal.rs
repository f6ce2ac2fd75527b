//! The journal's format: a line that says where the history begins, then one line an entry.

use std::io::{self, BufRead, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::durable::{self, failed};
use crate::entry::Entry;
use crate::error::{Kind, StoreError};
use crate::verify::Anchor;

/// The version of the format that this library writes, and the only one that it reads.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    strata_journal: u32,
    anchor: Anchor,
}

/// Puts a journal in place that begins with an anchor and goes on as `write` says.
pub(super) fn create(
    path: &Path,
    anchor: Anchor,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), StoreError> {
    durable::replace(path, |file| {
        let mut out = io::BufWriter::new(file);
        serde_json::to_writer(&mut out, &Header { strata_journal: FORMAT, anchor })?;
        out.write_all(b"\n")?;
        write(&mut out)?;
        out.flush()
    })
}

/// Reads the first line: where the history begins, and the line's length.
pub(super) fn read_header(path: &Path, input: &mut impl BufRead) -> Result<(Anchor, u64), StoreError> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line).map_err(|error| failed("read", path, error))?;
    let header: Header =
        serde_json::from_slice(&line).map_err(|error| damaged(path, 1, "begins no journal").because(error))?;
    if header.strata_journal != FORMAT {
        let format = header.strata_journal;
        let message = format!("{} has format {format}, and this version reads {FORMAT}", path.display());
        return Err(StoreError::new(Kind::Newer, message));
    }
    Ok((header.anchor, line.len() as u64))
}

/// A line of the journal behind the first.
#[derive(Debug)]
pub(super) enum Line {
    /// An entry, whose hash fits its content, and the line's length.
    Entry(Box<Entry>, u64),
    /// An entry, whose hash does not fit its content. No crash writes such a line, since what it leaves is no JSON.
    Altered(Box<Entry>),
    /// No entry, though others follow.
    Damaged,
    /// What a writer left that was killed, or whose machine was: an unfinished last line. Nobody was told that it is
    /// stored.
    Torn,
    /// Nothing more.
    End,
}

/// Reads the next line.
pub(super) fn read_line(path: &Path, input: &mut impl BufRead) -> Result<Line, StoreError> {
    let mut read = || {
        let mut text = Vec::new();
        input.read_until(b'\n', &mut text)?;
        // Blocks may reach the disk in any order, so that a torn line may have its end.
        let last = text.last() != Some(&b'\n') || input.fill_buf()?.is_empty();
        Ok((text, last))
    };
    let (text, last) = read().map_err(|error| failed("read", path, error))?;
    Ok(match parse(&text) {
        _ if text.is_empty() => Line::End,
        Some(entry) if entry.is_intact() => Line::Entry(Box::new(entry), text.len() as u64),
        Some(entry) => Line::Altered(Box::new(entry)),
        None if last => Line::Torn,
        None => Line::Damaged,
    })
}

/// The entry on a line that has its end.
pub(super) fn parse(text: &[u8]) -> Option<Entry> {
    serde_json::from_slice(text.strip_suffix(b"\n")?).ok()
}

/// An error that names a line.
pub(super) fn damaged(path: &Path, line: u64, what: &str) -> StoreError {
    StoreError::new(Kind::Corrupt, format!("{}:{line} {what}", path.display()))
}
