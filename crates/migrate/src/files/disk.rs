//! The system calls of a rewriting, each of which may fail, or be the last of the process.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::MigrateError;

/// What a file is called until it is whole.
const UNFINISHED: &str = ".unfinished";

/// Why a rewriting did not go on.
#[derive(Debug)]
pub(super) enum Stopped {
    /// A call failed.
    Failed(io::Error),
    /// The process ended here (in tests).
    #[cfg_attr(not(test), expect(dead_code, reason = "no process survives its end"))]
    Crashed,
}

impl Stopped {
    pub(super) fn error(self, action: &str, path: &Path) -> MigrateError {
        super::failed(action, path, self.io())
    }

    pub(super) fn io(self) -> io::Error {
        match self {
            Self::Failed(error) => error,
            Self::Crashed => io::Error::other("the process ended"),
        }
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Asked before each call.
type Gate = dyn Fn(&'static str) -> Result<(), Stopped>;

/// A disk, or one that fails.
pub(super) struct Disk {
    gate: Box<Gate>,
}

impl Disk {
    pub(super) fn real() -> Self {
        Self { gate: Box::new(|_| Ok(())) }
    }

    #[cfg(test)]
    pub(super) fn failing(gate: impl Fn(&'static str) -> Result<(), Stopped> + 'static) -> Self {
        Self { gate: Box::new(gate) }
    }

    /// Makes sure that nobody else rewrites the file, as long as what it gives lives.
    pub(super) fn lock(&self, path: &Path) -> Result<File, Stopped> {
        (self.gate)("lock")?;
        loop {
            let file = File::open(path)?;
            file.lock()?;
            // Who waited while the file was replaced has the lock of the old one.
            if is_at(&file, path)? {
                return Ok(file);
            }
        }
    }

    /// Puts a file in place as a whole, with the owner and the permissions of another: after a crash there is the old one
    /// or the new one. The new one is locked as long as what it gives lives, so that who finds it waits.
    pub(super) fn replace(&self, path: &Path, text: &str, like: &Path) -> Result<File, Stopped> {
        let unfinished = super::beside(path, UNFINISHED);
        let written = (|| {
            (self.gate)("create")?;
            let open = options().create(true).truncate(true).write(true).open(&unfinished);
            // Most often it is the folder that may not be written.
            let mut file = open.map_err(|error| told(&format!("{} can't be made", unfinished.display()), error))?;
            file.lock()?;
            (self.gate)("write")?;
            file.write_all(text.as_bytes())?;
            let known = fs::metadata(like)?;
            keep_owner(&file, &known)?;
            file.set_permissions(known.permissions())?;
            (self.gate)("sync")?;
            file.sync_all()?;
            (self.gate)("rename")?;
            fs::rename(&unfinished, path)?;
            Ok(file)
        })();
        if let Err(Stopped::Failed(error)) = written {
            // It may not even be there.
            let _ = fs::remove_file(&unfinished);
            return Err(Stopped::Failed(error));
        }
        let file = written?;
        (self.gate)("renamed")?;
        sync_directory(path)?;
        Ok(file)
    }

    /// Makes sure that a file that is there already stays there.
    pub(super) fn keep(&self, path: &Path) -> Result<(), Stopped> {
        (self.gate)("keep")?;
        File::open(path)?.sync_all()?;
        Ok(sync_directory(path)?)
    }
}

/// Clears away what migrations of a file left unfinished that were cut off: who holds the file's lock is alone with it.
pub(super) fn sweep(path: &Path) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_ours = |entry: &fs::DirEntry| {
        let found = entry.file_name().to_string_lossy().into_owned();
        let rest = found.strip_prefix(&name).and_then(|rest| rest.strip_suffix(UNFINISHED));
        rest.is_some_and(|rest| rest.is_empty() || rest == super::HISTORY || rest.ends_with(super::BACKUP))
    };
    let entries = path.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    // What can't be removed is overwritten where it is in the way.
    entries.filter(is_ours).for_each(|entry| drop(fs::remove_file(entry.path())));
}

/// Options that create files for their owner alone, until they have the permissions of the file that they are beside.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Gives a file the owner and the group of another: a service must still be able to read what root has rewritten.
fn keep_owner(file: &File, known: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let own = file.metadata()?;
        if (own.uid(), own.gid()) != (known.uid(), known.gid()) {
            std::os::unix::fs::fchown(file, Some(known.uid()), Some(known.gid()))
                .map_err(|error| told(&format!("its owner {}:{} can't be kept", known.uid(), known.gid()), error))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (file, known);
    Ok(())
}

/// An error with what it was about.
fn told(what: &str, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{what}: {error}"))
}

/// Whether an open file is the one that stands at a path.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (held, found) = (file.metadata()?, fs::metadata(path)?);
        Ok((held.dev(), held.ino()) == (found.dev(), found.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (file, path);
        Ok(true)
    }
}

/// Makes the names in a file's directory durable.
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
