//! The process's one watcher of the file system: systems allow few of them, so all configurations share it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::bell::Bell;
use super::trail::Folders;
use crate::sync::locked;

/// The watcher and what it watches. Whoever holds this lock may wait for the watcher's thread.
static HUB: Mutex<Hub> = Mutex::new(Hub { watcher: None, armed: BTreeMap::new() });

/// Who wants to hear of what. The watcher's thread takes this lock, so nobody who holds it may wait for that thread.
static ROUTES: Mutex<Routes> = Mutex::new(Routes { ears: BTreeMap::new(), gone: BTreeSet::new() });

static NEXT: AtomicU64 = AtomicU64::new(1);

struct Hub {
    watcher: Option<RecommendedWatcher>,
    armed: BTreeMap<PathBuf, Identity>,
}

struct Routes {
    ears: BTreeMap<u64, (Arc<Bell>, Folders)>,
    /// Folders that were removed or moved. The watcher forgets them and all below, also those that it was asked to
    /// watch anew in the meantime.
    gone: BTreeSet<PathBuf>,
}

/// Which folder a path leads to: its device and inode, where there is one and the system has such numbers.
type Identity = Option<(u64, u64)>;

/// One configuration's part in the watcher.
pub(crate) struct Ear {
    id: u64,
}

/// What became of arming.
pub(crate) struct Armed {
    /// The folders are others than before.
    pub(crate) is_other: bool,
    /// How many were watched before, and had to be watched anew.
    pub(crate) anew: u64,
    /// Why not all of them are watched.
    pub(crate) limits: Option<String>,
}

impl Ear {
    pub(crate) fn new(bell: Arc<Bell>) -> Self {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        locked(&ROUTES).ears.insert(id, (bell, Folders::new()));
        Self { id }
    }

    /// Watches these folders and no others, each as it is now.
    pub(crate) fn arm(&self, folders: Folders) -> Armed {
        let mut hub = locked(&HUB);
        let (is_other, wanted, gone) = {
            let mut routes = locked(&ROUTES);
            let Some((_, known)) = routes.ears.get_mut(&self.id) else {
                return Armed { is_other: false, anew: 0, limits: None };
            };
            let is_other = !known.keys().eq(folders.keys());
            *known = folders;
            (is_other, routes.wanted(), std::mem::take(&mut routes.gone))
        };
        let (anew, limits) = hub.arm(&wanted, &gone);
        Armed { is_other: is_other || anew > 0, anew, limits }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let mut hub = locked(&HUB);
        let wanted = {
            let mut routes = locked(&ROUTES);
            routes.ears.remove(&self.id);
            routes.wanted()
        };
        hub.release(&wanted);
    }
}

impl Hub {
    fn arm(&mut self, wanted: &BTreeSet<PathBuf>, gone: &BTreeSet<PathBuf>) -> (u64, Option<String>) {
        if self.watcher.is_none() {
            match notify::recommended_watcher(hear) {
                Ok(watcher) => self.watcher = Some(watcher),
                Err(error) => return (0, Some(error.to_string())),
            }
        }
        // First the old, then the new: a folder that moved is one and the same to the system, under either name.
        self.armed.keys().filter(|path| !wanted.contains(*path)).cloned().collect::<Vec<_>>().iter().for_each(|path| {
            self.disarm(path);
        });
        let is_gone = |path: &Path| gone.iter().any(|gone| path.starts_with(gone));
        let stale = self.armed.iter().filter(|(path, known)| is_gone(path) || identity(path) != **known);
        let stale: Vec<PathBuf> = stale.map(|(path, _)| path.clone()).collect();
        stale.iter().for_each(|path| self.disarm(path));
        let mut limits = None;
        for path in wanted.iter().filter(|path| !self.armed.contains_key(*path)).cloned().collect::<Vec<_>>() {
            // A folder that is not there is no limit: the one above tells when it comes.
            if let Err(error) = self.watch(&path)
                && path.is_dir()
            {
                limits = Some(format!("{}: {error}", path.display()));
            }
        }
        (stale.iter().filter(|path| self.armed.contains_key(*path)).count() as u64, limits)
    }

    /// Watches a folder. Its number is read before: if it is replaced right after, the next look sees another one.
    fn watch(&mut self, path: &Path) -> notify::Result<()> {
        let identity = identity(path);
        let Some(watcher) = &mut self.watcher else { return Ok(()) };
        watcher.watch(path, RecursiveMode::NonRecursive)?;
        self.armed.insert(path.to_owned(), identity);
        Ok(())
    }

    fn disarm(&mut self, path: &Path) {
        let Some(known) = self.armed.remove(path) else { return };
        if let Some(watcher) = &mut self.watcher {
            // It fails where the folder is gone, and with it the watch.
            drop(watcher.unwatch(path));
        }
        // Under another name the same folder has the same watch, which is gone now.
        let same = self.armed.iter().filter(|(_, identity)| known.is_some() && **identity == known);
        for path in same.map(|(path, _)| path.clone()).collect::<Vec<_>>() {
            if self.watch(&path).is_err() {
                self.armed.remove(&path);
            }
        }
    }

    /// Watches no more than these; nothing at all costs no thread.
    fn release(&mut self, wanted: &BTreeSet<PathBuf>) {
        if wanted.is_empty() {
            self.watcher = None;
            self.armed.clear();
        }
        let unwanted: Vec<PathBuf> = self.armed.keys().filter(|path| !wanted.contains(*path)).cloned().collect();
        unwanted.iter().for_each(|path| self.disarm(path));
    }
}

impl Routes {
    fn wanted(&self) -> BTreeSet<PathBuf> {
        self.ears.values().flat_map(|(_, folders)| folders.keys().cloned()).collect()
    }
}

/// Tells whoever may want to know.
fn hear(event: notify::Result<Event>) {
    let mut routes = locked(&ROUTES);
    let event = match event {
        Ok(event) if !event.need_rescan() && !event.paths.is_empty() => event,
        // Something was lost, or went wrong: everybody looks.
        _ => return routes.ears.values().for_each(|(bell, _)| bell.ring()),
    };
    let is_written = EventKind::Access(AccessKind::Close(AccessMode::Write));
    if event.kind.is_access() && event.kind != is_written {
        // Somebody reads, as we do ourselves after every hint.
        return;
    }
    let moves = matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)));
    let Routes { ears, gone } = &mut *routes;
    for path in &event.paths {
        for (bell, folders) in ears.values() {
            let above = path.parent().and_then(|above| folders.get(above));
            // Folders at or below the path follow it in the order of paths.
            let is_way = folders.range(path.clone()..).next().is_some_and(|(folder, _)| folder.starts_with(path));
            if moves && is_way {
                gone.insert(path.clone());
            }
            if above.is_some_and(|names| names.count(path.file_name())) || (is_way && folders.contains_key(path)) {
                bell.ring();
            }
        }
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Identity {
    None
}
