//! What the watching threads know of a configuration, whatever its type. They keep none alive.

use std::path::PathBuf;
use std::sync::Weak;

use strata_config_core::{LayeredConfig, SourceId};
use strata_config_store::{StoreError, Watched};

use crate::held::Held;
use crate::live::{Live, Shared};

/// A configuration that is watched. `None` where it is gone.
pub(crate) trait Subject: Send {
    /// Its sources that read files.
    fn sources(&self) -> Option<Vec<Reads>>;

    /// Reads sources again, and those that fail.
    fn refresh(&self, ids: &[SourceId]) -> Option<()>;

    /// The count of its changes, where a source fails that another change may have made right.
    fn failing_at(&self) -> Option<Option<u64>>;

    /// The newest commit that it knows.
    fn revision(&self) -> Option<u64>;

    /// Puts commits of others in effect.
    fn follow(&self, watched: Watched) -> Option<Result<(), StoreError>>;

    /// Reads everything again.
    #[cfg(all(feature = "signals", unix))]
    fn reload_all(&self) -> Option<()>;
}

/// A source, and the files that its content depends on.
#[derive(Debug)]
pub(crate) struct Reads {
    pub(crate) id: SourceId,
    pub(crate) files: Vec<PathBuf>,
    /// The folder whose files it reads.
    pub(crate) folder: Option<PathBuf>,
}

impl<C: LayeredConfig> Subject for Weak<Shared<C>> {
    fn sources(&self) -> Option<Vec<Reads>> {
        let live = live(self)?;
        let writer = enter(&live)?;
        let changeable = writer.stack.sources().filter(|id| writer.stack.can_change(*id));
        let reads = changeable.map(|id| {
            let mut files = writer.stack.files(id);
            // What the refused content named may be what is wrong with it.
            files.extend(writer.failing.get(&id).into_iter().flat_map(|failing| failing.files.iter().cloned()));
            files.sort();
            files.dedup();
            Reads { id, files, folder: writer.stack.folder(id).map(Into::into) }
        });
        Some(reads.filter(|reads| !reads.files.is_empty() || reads.folder.is_some()).collect())
    }

    fn refresh(&self, ids: &[SourceId]) -> Option<()> {
        let live = live(self)?;
        let mut writer = enter(&live)?;
        live.refresh(&mut writer, ids);
        Some(())
    }

    fn failing_at(&self) -> Option<Option<u64>> {
        let live = live(self)?;
        let is_failing = !enter(&live)?.failing.is_empty();
        Some(is_failing.then(|| live.version().generation()))
    }

    fn revision(&self) -> Option<u64> {
        Some(enter(&live(self)?)?.state.revision)
    }

    fn follow(&self, watched: Watched) -> Option<Result<(), StoreError>> {
        let live = live(self)?;
        let mut writer = enter(&live)?;
        Some(match watched {
            Watched::Entries(entries) => live.follow(&mut writer, entries, None),
            // A commit of ours may have come after what the watch saw, so the store is asked again, under the lock.
            Watched::Reset(_) => live.catch_up(&mut writer).map(drop),
            Watched::Idle => Ok(()),
        })
    }

    #[cfg(all(feature = "signals", unix))]
    fn reload_all(&self) -> Option<()> {
        // What can't be used stands in the status.
        drop(live(self)?.reload_all());
        Some(())
    }
}

fn live<C>(shared: &Weak<Shared<C>>) -> Option<Live<C>> {
    shared.upgrade().map(|shared| Live { shared })
}

/// The writer. A thread that watches never has it already, which is the one reason to be refused.
fn enter<C: LayeredConfig>(live: &Live<C>) -> Option<Held<'_, C>> {
    live.enter().ok()
}
