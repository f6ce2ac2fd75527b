//! The system calls of a rewriting, each of which may fail, or be the last of the process.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::MigrateError;

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

    /// Makes sure that nobody else rewrites the file, as long as what it gives lives. Who waited while the file was
    /// replaced holds the lock of the old one, and finds another text than was planned for.
    pub(super) fn lock(&self, path: &Path) -> Result<File, Stopped> {
        (self.gate)("lock")?;
        let file = File::open(path)?;
        file.lock()?;
        Ok(file)
    }

    /// Puts a file in place as a whole, with the permissions of another: after a crash there is the old one or the new
    /// one.
    pub(super) fn replace(&self, path: &Path, text: &str, like: &Path) -> Result<(), Stopped> {
        let unfinished = super::beside(path, ".unfinished");
        let written = (|| {
            (self.gate)("create")?;
            let mut file = options().create(true).truncate(true).write(true).open(&unfinished)?;
            (self.gate)("write")?;
            file.write_all(text.as_bytes())?;
            file.set_permissions(fs::metadata(like)?.permissions())?;
            (self.gate)("sync")?;
            file.sync_all()?;
            (self.gate)("rename")?;
            fs::rename(&unfinished, path)?;
            Ok(())
        })();
        if let Err(Stopped::Failed(error)) = written {
            // It may not even be there.
            let _ = fs::remove_file(&unfinished);
            return Err(Stopped::Failed(error));
        }
        written?;
        (self.gate)("renamed")?;
        sync_directory(path)?;
        Ok(())
    }
}

/// Options that create files for their owner alone, until they have the permissions of the file that they are beside.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the names in a file's directory durable.
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}
