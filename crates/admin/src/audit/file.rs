//! The audit's file: a line of JSON for each entry, appended and synced by a thread, renamed when it has grown.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use strata_config_store::Timestamp;
use tokio::sync::oneshot;

use super::AuditEntry;

/// How large the file grows before it is renamed, and how many renamed ones are kept: `audit.jsonl.1` is the newest.
const LARGEST: u64 = 16 * 1024 * 1024;
const KEPT: usize = 4;

/// The most entries that wait for a file that can't be written; the oldest are lost first, and counted.
const WAITING: usize = 10_000;

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// How the file is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct FileStatus {
    /// Since when it can't be written; null where it can.
    pub(crate) failing_since: Option<Timestamp>,
    /// Why.
    pub(crate) problem: Option<String>,
    /// Entries that wait for it.
    pub(crate) waiting: usize,
    /// Entries that it will never hold.
    pub(crate) lost: u64,
}

/// Hands entries to the thread that writes them.
#[derive(Debug)]
pub(crate) struct AuditFile {
    lines: SyncSender<Line>,
    status: Arc<Mutex<FileStatus>>,
}

/// An entry on its way, and who waits for it.
struct Line {
    text: String,
    written: Option<oneshot::Sender<()>>,
}

impl AuditFile {
    /// Opens the file for appending, and begins the thread; it ends with this.
    ///
    /// # Errors
    /// The file can't be opened.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let writer = Writer::open(path.to_owned(), LARGEST)?;
        let (lines, received) = sync_channel(1024);
        let status = Arc::new(Mutex::new(FileStatus::default()));
        let told = Arc::clone(&status);
        thread::Builder::new().name("strata-audit".to_owned()).spawn(move || run(writer, &received, &told))?;
        Ok(Self { lines, status })
    }

    /// Appends an entry. Where it `must` be there, it is when this ends, unless the file fails.
    pub(super) async fn append(&self, entry: &AuditEntry, must: bool) {
        let Ok(mut text) = serde_json::to_string(entry) else { return };
        text.push('\n');
        let (written, wait) = oneshot::channel();
        let line = Line { text, written: must.then_some(written) };
        match self.lines.try_send(line) {
            Ok(()) if must => drop(wait.await),
            Ok(()) => {}
            Err(TrySendError::Full(line)) if must => {
                // Somebody floods the interface with what is refused; what was done waits for its turn.
                let lines = self.lines.clone();
                let sent = tokio::task::spawn_blocking(move || lines.send(line).is_ok()).await;
                if matches!(sent, Ok(true)) {
                    drop(wait.await);
                }
            }
            Err(_) => self.status.lock().unwrap_or_else(|held| held.into_inner()).lost += 1,
        }
    }

    pub(super) fn status(&self) -> FileStatus {
        self.status.lock().unwrap_or_else(|held| held.into_inner()).clone()
    }
}

fn run(mut writer: Writer, received: &Receiver<Line>, status: &Mutex<FileStatus>) {
    let mut waiting: VecDeque<String> = VecDeque::new();
    loop {
        let first = match received.recv_timeout(AGAIN) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Timeout) if waiting.is_empty() => continue,
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        // What has come meanwhile goes with it: one sync for all.
        let lines: Vec<Line> = first.into_iter().chain(received.try_iter().take(1000)).collect();
        let mut askers = Vec::new();
        for line in lines {
            waiting.push_back(line.text);
            askers.extend(line.written);
        }
        let result = writer.append(&waiting);
        let mut status = status.lock().unwrap_or_else(|held| held.into_inner());
        match result {
            Ok(()) => {
                waiting.clear();
                status.failing_since = None;
                status.problem = None;
            }
            Err(error) => {
                let beyond = waiting.len().saturating_sub(WAITING);
                waiting.drain(..beyond);
                status.lost += beyond as u64;
                if status.failing_since.is_none() {
                    tracing::error!(target: "strata::audit", %error, "the audit's file can't be written");
                }
                status.failing_since.get_or_insert_with(Timestamp::now);
                status.problem = Some(error.to_string());
            }
        }
        status.waiting = waiting.len();
        drop(status);
        for asker in askers {
            let _ = asker.send(());
        }
    }
}

/// The file itself.
struct Writer {
    path: PathBuf,
    largest: u64,
    file: File,
    /// What is known to be whole lines.
    length: u64,
}

impl Writer {
    fn open(path: PathBuf, largest: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let length = file.metadata()?.len();
        Ok(Self { path, largest, file, length })
    }

    /// Appends whole lines, or none.
    fn append(&mut self, lines: &VecDeque<String>) -> io::Result<()> {
        if self.length >= self.largest {
            self.rotate()?;
        }
        let text: String = lines.iter().map(String::as_str).collect();
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += text.len() as u64,
            // Half a line would make the next one unreadable, too.
            Err(_) => self.file.set_len(self.length)?,
        }
        written
    }

    fn rotate(&mut self) -> io::Result<()> {
        let name = |number: usize| {
            let mut name = self.path.clone().into_os_string();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        for number in (1..KEPT).rev() {
            match fs::rename(name(number), name(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.path, name(1))?;
        *self = Self::open(self.path.clone(), self.largest)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> VecDeque<String> {
        texts.iter().map(|text| format!("{text}\n")).collect()
    }

    #[test]
    fn a_file_that_has_grown_is_renamed_and_few_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("audit.jsonl");
        let mut writer = Writer::open(path.clone(), 4).unwrap();
        for number in 0..9 {
            writer.append(&lines(&[&format!("line {number}")])).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "line 8\n");
        assert_eq!(fs::read_to_string(directory.path().join("audit.jsonl.4")).unwrap(), "line 4\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), KEPT + 1);
    }

    #[test]
    fn a_disk_that_is_full_loses_no_entry_and_is_told() {
        // Writing to it fails as a full disk does.
        let file = OpenOptions::new().append(true).open("/dev/full").unwrap();
        let writer = Writer { path: "/dev/full".into(), largest: LARGEST, file, length: 0 };
        let (send, received) = sync_channel(8);
        let status = Mutex::default();
        for text in ["one\n", "two\n"] {
            send.send(Line { text: text.to_owned(), written: None }).unwrap();
        }
        drop(send);
        run(writer, &received, &status);
        let status = status.into_inner().unwrap();
        assert_eq!((status.waiting, status.lost), (2, 0));
        assert!(status.failing_since.is_some() && status.problem.is_some(), "{status:?}");
    }
}
