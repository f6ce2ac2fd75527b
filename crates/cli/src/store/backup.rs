//! `backup` and `restore`: everything that a store holds, as one document.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use serde::Serialize;
use strata_config_core::LayeredConfig;
use strata_config_store::Backup;

use super::write;
use crate::check::count;
use crate::context::Context;
use crate::options::Format;
use crate::output::Output;

/// The shape of `--format json`, where the backup itself goes to a file.
#[derive(Serialize)]
struct Answer<'a> {
    file: &'a Path,
    revision: u64,
    entries: usize,
    snapshots: usize,
}

pub(super) fn backup<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let backup = context.store_to_read()?.backup().map_err(|error| context.store_failed(&error))?;
    let text = backup.to_json() + "\n";
    let Some(file) = matches.get_one::<PathBuf>("backup").filter(|file| *file != Path::new("-")) else {
        return Ok(Output::text(text));
    };
    replace(file, &text).map_err(|error| {
        context.failed("file", format!("the backup can't be written to {}: {error}", file.display()))
    })?;
    let (revision, entries, snapshots) = (backup.state().revision, backup.entries().len(), backup.snapshots().len());
    Ok(match context.options.format {
        Format::Json => Output::json(&Answer { file, revision, entries, snapshots }),
        Format::Text => Output::text(format!(
            "wrote {} and {} to {}\n",
            count(entries, "revision"),
            count(snapshots, "snapshot"),
            file.display()
        )),
    })
}

pub(super) fn restore<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let file = matches.get_one::<PathBuf>("backup").cloned().unwrap_or_default();
    let text = read(&file)
        .map_err(|error| context.failed("file", format!("the backup {} can't be read: {error}", file.display())))?;
    let backup = Backup::from_json(&text)
        .map_err(|error| context.failed("file", format!("{} is no backup to restore: {error}", file.display())))?;
    write::change(context, matches, |live| live.restore(&backup, context.actor(matches)))
}

/// A file's text; that of standard input for `-`.
pub(crate) fn read(file: &Path) -> io::Result<String> {
    if file != Path::new("-") {
        return fs::read_to_string(file);
    }
    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text)?;
    Ok(text)
}

/// Writes a file beside, then puts it in place, so that a backup that was there is whole until the new one is.
fn replace(file: &Path, text: &str) -> io::Result<()> {
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{}.partial", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = create(&beside).and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        new.sync_all()
    });
    let placed = written.and_then(|()| fs::rename(&beside, file));
    if placed.is_err() {
        // It may not even be there.
        let _ = fs::remove_file(&beside);
    }
    placed
}

/// A new file that nobody else reads: settings may tell more than their owner likes.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
