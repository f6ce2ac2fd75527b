//! The way of every change: edit, build, vetoes, commit, swap, notify.

use std::cell::RefCell;
use std::sync::Arc;

use strata_config_core::{Change, FieldPath, LayeredConfig, Value};
use strata_config_store::{CommitError, Committed, Documents, Draft, Entry, Json, Recorded, Retention, Timestamp};

use crate::actor::Actor;
use crate::commit::{Applied, Preview, Proposal};
use crate::edit::Edit;
use crate::error::UpdateError;
use crate::event::{Event, EventKind};
use crate::live::Live;
use crate::stored::{Mark, Stored};
use crate::version::Version;
use crate::writer::{Built, Writer};

/// Commits after which history is pruned.
const PRUNE_EVERY: u64 = 64;

/// How often a change is tried on top of others' commits.
const ATTEMPTS: u32 = 256;

thread_local! {
    /// The configurations whose vetoes this thread is running.
    static IN_VETO: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

impl<C: LayeredConfig> Live<C> {
    pub(crate) fn preview(&self, edit: &mut Edit<'_, C>) -> Preview {
        let writer = self.lock();
        let version = self.version();
        let refused = |report| Preview { report, changes: Vec::new(), pending: Vec::new() };
        let mark = Mark::new(writer.state.revision + 1, Timestamp::now(), "the change");
        match edit(&writer, &version).build(&writer, &version, &mark).map(|(.., built)| built) {
            Ok(built) => Preview {
                report: built.provenance.warnings().clone(),
                changes: built.changes_from(&version),
                pending: built.pending(),
            },
            Err(report) => refused(report),
        }
    }

    /// The way of every change: edit, build, vetoes, commit, swap, notify.
    pub(crate) fn write(&self, actor: &Actor, edit: &mut Edit<'_, C>) -> Result<Applied, UpdateError> {
        let id = Arc::as_ptr(&self.shared).addr();
        if IN_VETO.with_borrow(|running| running.contains(&id)) {
            return Err(UpdateError::reentrant());
        }
        let mut writer = self.lock();
        let result = self.write_locked(&mut writer, actor, edit);
        if !actor.dry {
            self.shared.counters.wrote(result.is_ok());
        }
        result
    }

    fn write_locked(
        &self,
        writer: &mut Writer<C>,
        actor: &Actor,
        edit: &mut Edit<'_, C>,
    ) -> Result<Applied, UpdateError> {
        if let Some(request) = &actor.request
            && let Some(entry) = self.shared.store.by_request(request)?
        {
            self.catch_up(writer)?;
            return Ok(self.replayed(entry));
        }
        let mut attempts = 0;
        loop {
            attempts += 1;
            if let Some(expected) = actor.revision.filter(|expected| *expected != writer.state.revision) {
                self.catch_up(writer)?;
                if expected != writer.state.revision {
                    return Err(UpdateError::conflict(expected, writer.state.revision));
                }
            }
            let version = self.version();
            let target = edit(writer, &version);
            let is_stored = target.base != writer.stored.base || target.runtime != writer.stored.runtime;
            if !is_stored && target.here == writer.here.runtime && target.report.is_valid() {
                return Ok(self.unchanged(writer, &version));
            }
            let at = Timestamp::now();
            let mark = Mark::new(writer.state.revision + 1, at, &actor.name);
            let (stored, here, built) = target.build(writer, &version, &mark).map_err(UpdateError::invalid)?;
            let changes = built.changes_from(&version);
            self.ask(writer, &version, &built, &changes, actor)?;
            if actor.dry {
                return Ok(self.tried(writer, &built, changes));
            }
            if !is_stored {
                writer.here = here;
                let event = self.swap(writer, built, EventKind::Reloaded { source: "this process".to_owned() });
                return Ok(Applied { changes: event.changes.clone(), ..self.unchanged(writer, &event.after) });
            }
            let documents = stored.write().map_err(|message| UpdateError::vetoed("the store", message))?;
            let draft = self.draft(actor, at, &changes, writer, &stored);
            match self.shared.store.commit(writer.state.revision, &documents, draft) {
                Ok(Committed::New(entry)) => return Ok(self.install(writer, entry, stored, here, built)),
                Ok(Committed::Replayed(entry)) => {
                    self.catch_up(writer)?;
                    return Ok(self.replayed(entry));
                }
                Err(CommitError::Conflict { current }) => {
                    self.catch_up(writer)?;
                    if actor.revision.is_some() || attempts >= ATTEMPTS {
                        return Err(UpdateError::conflict(mark.revision() - 1, current));
                    }
                }
                Err(CommitError::Failed(error)) => return Err(error.into()),
                Err(CommitError::Unknown(error)) => match self.find(mark.revision(), &documents, actor, at) {
                    Ok(Some(entry)) => return Ok(self.install(writer, entry, stored, here, built)),
                    Ok(None) => return Err(error.into()),
                    Err(_) => return Err(UpdateError::unknown(error)),
                },
            }
        }
    }

    /// The commit whose outcome the store could not say, if it is there after all.
    fn find(
        &self,
        revision: u64,
        documents: &Documents,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<Option<Entry>, UpdateError> {
        let entry = self.shared.store.entry(revision)?;
        Ok(entry.filter(|entry| entry.documents == *documents && entry.actor == actor.name && entry.at == at))
    }

    /// Asks every veto; one that panics refuses.
    fn ask(
        &self,
        writer: &Writer<C>,
        version: &Version<C>,
        built: &Built<C>,
        changes: &[Change],
        actor: &Actor,
    ) -> Result<(), UpdateError> {
        let proposal = Proposal { running: &*version.running, desired: &*built.desired, changes, actor: &actor.name };
        let id = Arc::as_ptr(&self.shared).addr();
        for (_, name, veto) in &writer.vetoes {
            IN_VETO.with_borrow_mut(|running| running.push(id));
            let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| veto(&proposal)));
            IN_VETO.with_borrow_mut(Vec::pop);
            match answer {
                Ok(answer) => answer.map_err(|reason| UpdateError::vetoed(name, reason))?,
                Err(_) => return Err(UpdateError::vetoed(name, "it panicked")),
            }
        }
        Ok(())
    }

    fn draft(&self, actor: &Actor, at: Timestamp, changes: &[Change], writer: &Writer<C>, stored: &Stored) -> Draft {
        let json = |value: Option<Value>| value.and_then(|value| Json::of(&value).ok());
        let mut recorded: Vec<Recorded> = changes
            .iter()
            .map(|change| Recorded {
                path: change.path.to_string(),
                old: json(change.before()),
                new: json(change.after()),
                reload: change.reload.as_str().to_owned(),
            })
            .collect();
        // What the struct does not know has no type to be compared by.
        for declared in &writer.declared {
            let path = FieldPath::ROOT.child(&declared.key);
            let (old, new) = (writer.stored.runtime.at(&path), stored.runtime.at(&path));
            if old != new {
                let (old, new) = (json(old.cloned()), json(new.cloned()));
                recorded.push(Recorded { path: path.to_string(), old, new, reload: "live".to_owned() });
            }
        }
        Draft {
            reason: actor.reason.clone(),
            request: actor.request.clone(),
            tags: actor.tags.clone(),
            changes: recorded,
            ..Draft::new(&actor.name, &actor.source, at)
        }
    }

    /// A commit of ours is stored: readers see it, then listeners are told.
    fn install(&self, writer: &mut Writer<C>, entry: Entry, stored: Stored, here: Stored, built: Built<C>) -> Applied {
        writer.state = entry.state();
        writer.stored = stored;
        writer.here = here;
        writer.refused_commit = None;
        let warnings = built.provenance.warnings().clone();
        let entry = Arc::new(entry);
        let event = self.swap(writer, built, EventKind::Committed(Arc::clone(&entry)));
        if entry.revision.is_multiple_of(PRUNE_EVERY) {
            self.prune();
        }
        Applied {
            revision: entry.revision,
            entry: Some(entry),
            replayed: false,
            changes: event.changes.clone(),
            pending: event.after.pending(),
            warnings,
        }
    }

    /// Puts a version in effect and tells everybody.
    pub(crate) fn swap(&self, writer: &mut Writer<C>, built: Built<C>, kind: EventKind) -> Arc<Event<C>> {
        let before = self.version();
        let changes = built.changes_from(&before);
        let after = Arc::new(built.into_version(writer.state.revision, before.generation + 1));
        self.shared.current.store(Arc::clone(&after.running));
        self.shared.version.store(Arc::clone(&after));
        self.tell(writer, kind, changes, before, after)
    }

    /// Tells everybody of something.
    pub(crate) fn tell(
        &self,
        writer: &mut Writer<C>,
        kind: EventKind,
        changes: Vec<Change>,
        before: Arc<Version<C>>,
        after: Arc<Version<C>>,
    ) -> Arc<Event<C>> {
        writer.events += 1;
        let event = Arc::new(Event { number: writer.events, at: Timestamp::now(), kind, changes, before, after });
        self.shared.bus.publish(&event);
        event
    }

    fn unchanged(&self, writer: &Writer<C>, version: &Version<C>) -> Applied {
        Applied {
            revision: writer.state.revision,
            entry: None,
            replayed: false,
            changes: Vec::new(),
            pending: version.pending(),
            warnings: version.warnings().clone(),
        }
    }

    /// What a change would have done that was only tried.
    pub(crate) fn tried(&self, writer: &Writer<C>, built: &Built<C>, changes: Vec<Change>) -> Applied {
        Applied {
            revision: writer.state.revision,
            entry: None,
            replayed: false,
            changes,
            pending: built.pending(),
            warnings: built.provenance.warnings().clone(),
        }
    }

    fn replayed(&self, entry: Entry) -> Applied {
        let version = self.version();
        Applied {
            revision: entry.revision,
            entry: Some(Arc::new(entry)),
            replayed: true,
            changes: Vec::new(),
            pending: version.pending(),
            warnings: version.warnings().clone(),
        }
    }

    /// Removes history beyond its limits; a store that can't do it now does it another time.
    pub(crate) fn prune(&self) {
        let retention = Retention { now: Timestamp::now(), ..self.shared.retention.clone() };
        if self.shared.store.prune(&retention).is_err() {
            self.shared.counters.failed();
        }
    }
}
