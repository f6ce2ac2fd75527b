//! The lock of a directory: many read, or one writes, in all processes.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::durable::{failed, options};
use crate::error::{Kind, StoreError};

/// How long to wait for somebody who holds the lock: a commit takes milliseconds, so this one hangs.
const PATIENCE: Duration = Duration::from_secs(30);

/// The lock, until it is dropped, or its process dies.
#[derive(Debug)]
pub(super) struct Lock {
    /// `None` in a directory that can't be written, where no lock file was ever made: nobody changes it.
    _file: Option<File>,
}

impl Lock {
    /// The lock to write.
    pub(super) fn exclusive(path: &Path) -> Result<Self, StoreError> {
        let file = options().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|error| failed("open the lock", path, error))?;
        wait(path, || file.try_lock())?;
        Ok(Self { _file: Some(file) })
    }

    /// The lock to read. Readers wait for a commit under way, so that they see only what is durable.
    pub(super) fn shared(path: &Path) -> Result<Self, StoreError> {
        match File::open(path) {
            Ok(file) => {
                wait(path, || file.try_lock_shared())?;
                Ok(Self { _file: Some(file) })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self { _file: None }),
            Err(error) => Err(failed("open the lock", path, error)),
        }
    }
}

/// Tries again and again. A blocking call would wait for ever behind a process that was stopped.
fn wait(path: &Path, attempt: impl Fn() -> Result<(), TryLockError>) -> Result<(), StoreError> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(100);
    loop {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => sleep(pause),
            Err(TryLockError::WouldBlock) => {
                let message = format!("another process has held {} for {} s", path.display(), PATIENCE.as_secs());
                return Err(StoreError::new(Kind::Busy, message));
            }
            Err(TryLockError::Error(error)) => return Err(failed("lock", path, error)),
        }
        pause = (pause * 2).min(Duration::from_millis(5));
    }
}
