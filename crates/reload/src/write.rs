//! The way of every change: edit, build, vetoes, commit, swap, notify.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use strata_config_core::report::code;
use strata_config_core::{Change, FieldPath, Finding, LayeredConfig, Report, Severity, Value};
use strata_config_store::{CommitError, Committed, Documents, Draft, Entry, Json, Recorded, Retention, Timestamp};

use crate::actor::Actor;
use crate::commit::{Applied, Preview, Proposal};
use crate::edit::Edit;
use crate::error::UpdateError;
use crate::event::{Event, EventKind};
use crate::live::Live;
use crate::status::Standing;
use crate::stored::{Mark, Stored, says_same};
use crate::sync::locked;
use crate::version::Version;
use crate::writer::{Built, Step, Writer, guarded};

/// Commits after which history is pruned.
const PRUNE_EVERY: u64 = 64;

/// How often a change is tried on top of others' commits.
const ATTEMPTS: u32 = 256;

impl<C: LayeredConfig> Live<C> {
    pub(crate) fn preview(&self, edit: &mut Edit<'_, C>) -> Preview {
        let refused = |report| Preview { report, changes: Vec::new(), pending: Vec::new() };
        let writer = match self.enter() {
            Ok(writer) => writer,
            Err(error) => {
                let mut report = Report::new();
                report.push(Finding::new(Severity::Error, code::ADDED, FieldPath::ROOT, error.to_string()));
                return refused(report);
            }
        };
        let version = self.version();
        let mark = Mark::new(writer.state.revision + 1, Timestamp::now(), "the change");
        let step = Step::Commit(mark.revision());
        let target = guarded(|| edit(&writer, &version));
        match target.and_then(|target| target.build(&writer, &version, &mark, step)).map(|(.., built)| built) {
            Ok(built) => {
                Preview { report: built.provenance.warnings().clone(), changes: built.changes, pending: built.pending }
            }
            Err(report) => refused(report),
        }
    }

    /// What an edit would make of the configuration, declared keys last, secrets masked.
    pub(crate) fn outcome(&self, edit: &mut Edit<'_, C>) -> Result<Value, UpdateError> {
        let writer = self.enter()?;
        let version = self.version();
        let mark = Mark::new(writer.state.revision + 1, Timestamp::now(), "the change");
        let step = Step::Commit(mark.revision());
        let target = guarded(|| edit(&writer, &version)).map_err(UpdateError::invalid)?;
        let (.., built) = target.build(&writer, &version, &mark, step).map_err(UpdateError::invalid)?;
        let mut values = strata_config_core::values(&*built.desired);
        if let Value::Map(entries) = &mut values {
            entries.extend(built.declared.into_iter().map(|declared| (declared.key, declared.value)));
        }
        Ok(values)
    }

    /// The way of every change: edit, build, vetoes, commit, swap, notify.
    pub(crate) fn write(&self, actor: &Actor, edit: &mut Edit<'_, C>) -> Result<Applied, UpdateError> {
        let mut writer = self.enter()?;
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
        if let Some(applied) = self.carried_out(writer, actor)? {
            return Ok(applied);
        }
        writer.stored.check_writable()?;
        let mut attempts = 0;
        loop {
            attempts += 1;
            self.expect_revision(writer, actor)?;
            let version = self.version();
            let target = guarded(|| edit(writer, &version)).map_err(UpdateError::invalid)?;
            let is_stored =
                !says_same(&target.base, &writer.stored.base) || !says_same(&target.runtime, &writer.stored.runtime);
            if !is_stored && says_same(&target.here, &writer.here.runtime) && target.report.is_valid() {
                return Ok(self.unchanged(writer, &version));
            }
            let at = Timestamp::now();
            let mark = Mark::new(writer.state.revision + 1, at, &actor.name);
            let step = if is_stored { Step::Commit(mark.revision()) } else { Step::Here };
            let (stored, here, built) = target.build(writer, &version, &mark, step).map_err(UpdateError::invalid)?;
            self.ask(&version, &built, actor)?;
            if actor.dry {
                return Ok(self.tried(writer, &built));
            }
            if !is_stored {
                writer.here = here;
                let applied = self.tried(writer, &built);
                self.swap(writer, built, EventKind::Reloaded { source: "this process".to_owned() });
                return Ok(applied);
            }
            let documents = stored.write().map_err(|message| UpdateError::vetoed("the store", message))?;
            let draft = draft(actor, at, &built.changes);
            match self.shared.store.commit(writer.state.revision, &documents, draft) {
                Ok(Committed::New(entry)) => return Ok(self.install(writer, entry, stored, here, built)),
                Ok(Committed::Replayed(entry)) => {
                    self.catch_up(writer)?;
                    return Ok(self.replayed(entry));
                }
                Err(CommitError::Conflict { current }) => {
                    self.catch_up(writer)?;
                    if actor.revision.is_some() || actor.generation.is_some() || attempts >= ATTEMPTS {
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

    /// What became of a request that was carried out before.
    pub(crate) fn carried_out(&self, writer: &mut Writer<C>, actor: &Actor) -> Result<Option<Applied>, UpdateError> {
        let Some(request) = &actor.request else { return Ok(None) };
        let Some(entry) = self.shared.store.by_request(request)? else { return Ok(None) };
        self.catch_up(writer)?;
        Ok(Some(self.replayed(entry)))
    }

    /// Makes sure that the store is at the revision that a change was meant for, and this process at its generation.
    pub(crate) fn expect_revision(&self, writer: &mut Writer<C>, actor: &Actor) -> Result<(), UpdateError> {
        let generation = self.version().generation;
        if let Some(expected) = actor.generation.filter(|expected| *expected != generation) {
            return Err(UpdateError::outdated(expected, generation));
        }
        let Some(expected) = actor.revision.filter(|expected| *expected != writer.state.revision) else {
            return Ok(());
        };
        self.catch_up(writer)?;
        match writer.state.revision {
            current if current == expected => Ok(()),
            current => Err(UpdateError::conflict(expected, current)),
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
        let is_ours = |entry: &Entry| {
            entry.documents == *documents
                && (&entry.actor, &entry.request, entry.at) == (&actor.name, &actor.request, at)
        };
        Ok(entry.filter(is_ours))
    }

    /// Asks every veto; one that panics refuses.
    pub(crate) fn ask(&self, version: &Version<C>, built: &Built<C>, actor: &Actor) -> Result<(), UpdateError> {
        let (running, desired) = (&*version.running, &*built.desired);
        let proposal = Proposal { running, desired, changes: &built.changes, actor: &actor.name };
        // A veto may add or remove vetoes.
        let vetoes = locked(&self.shared.vetoes).clone();
        for (_, name, veto) in &vetoes {
            match catch_unwind(AssertUnwindSafe(|| veto(&proposal))) {
                Ok(answer) => answer.map_err(|reason| UpdateError::vetoed(name, reason))?,
                Err(_) => return Err(UpdateError::vetoed(name, "it panicked")),
            }
        }
        Ok(())
    }

    /// A commit of ours is stored: readers see it, then listeners are told.
    fn install(&self, writer: &mut Writer<C>, entry: Entry, stored: Stored, here: Stored, built: Built<C>) -> Applied {
        writer.state = entry.state();
        writer.stored = stored;
        writer.here = here;
        let entry = Arc::new(entry);
        let applied = Applied {
            revision: entry.revision,
            entry: Some(Arc::clone(&entry)),
            replayed: false,
            changes: built.changes.clone(),
            pending: built.pending.clone(),
            warnings: built.provenance.warnings().clone(),
        };
        let mended = self.mended(writer, &[]);
        self.swap(writer, built, EventKind::Committed(entry));
        self.tell_recovered(writer, mended);
        if applied.revision.is_multiple_of(PRUNE_EVERY) {
            self.prune();
        }
        applied
    }

    /// Puts a version in effect and tells everybody.
    pub(crate) fn swap(&self, writer: &mut Writer<C>, mut built: Built<C>, kind: EventKind) {
        let before = self.version();
        let changes = std::mem::take(&mut built.changes);
        // Views first: who sees the new configuration sees no view of the old one any more.
        let replaced: Vec<_> = std::mem::take(&mut built.products).into_iter().map(|install| install()).collect();
        let after = Arc::new(built.into_version(writer.state.revision, before.generation + 1, Timestamp::now()));
        let standing = Standing::of(writer, after.generation).ahead_of(self.shared.standing.load_full());
        self.shared.standing.store(Arc::new(standing));
        self.show(Arc::clone(&after));
        self.tell(writer, kind, changes, before, after);
        writer.views.retain(|view| view.strong_count() > 0);
        drop(replaced);
    }

    /// Tells everybody of something.
    pub(crate) fn tell(
        &self,
        writer: &mut Writer<C>,
        kind: EventKind,
        changes: Vec<Change>,
        before: Arc<Version<C>>,
        after: Arc<Version<C>>,
    ) {
        writer.events += 1;
        // Who hears of it may ask how things are standing at once.
        self.shared.standing.store(Arc::new(Standing::of(writer, after.generation)));
        let event = Arc::new(Event { number: writer.events, at: Timestamp::now(), kind, changes, before, after });
        if matches!(event.kind, EventKind::Failed { .. }) {
            // Who sees the count sees what it counts.
            self.shared.counters.failed();
        }
        self.shared.bus.publish(&event);
    }

    fn unchanged(&self, writer: &Writer<C>, version: &Version<C>) -> Applied {
        nothing_done(writer.state.revision, None, version)
    }

    /// What a change comes to that the store does not see: one that was only tried, or is of this process alone.
    pub(crate) fn tried(&self, writer: &Writer<C>, built: &Built<C>) -> Applied {
        Applied {
            revision: writer.state.revision,
            entry: None,
            replayed: false,
            changes: built.changes.clone(),
            pending: built.pending.clone(),
            warnings: built.provenance.warnings().clone(),
        }
    }

    fn replayed(&self, entry: Entry) -> Applied {
        Applied { replayed: true, ..nothing_done(entry.revision, Some(Arc::new(entry)), &self.version()) }
    }

    /// Removes history beyond its limits; a store that can't do it now does it another time.
    pub(crate) fn prune(&self) {
        let retention = Retention { now: Timestamp::now(), ..self.shared.retention.clone() };
        if self.shared.store.prune(&retention).is_err() {
            self.shared.counters.failed();
        }
    }
}

fn nothing_done<C: LayeredConfig>(revision: u64, entry: Option<Arc<Entry>>, version: &Version<C>) -> Applied {
    let (pending, warnings) = (version.pending(), version.warnings().clone());
    Applied { revision, entry, replayed: false, changes: Vec::new(), pending, warnings }
}

/// What history says of a change; secrets are masked in it.
pub(crate) fn draft(actor: &Actor, at: Timestamp, changes: &[Change]) -> Draft {
    let json = |value: Option<Value>| value.and_then(|value| Json::of(&value).ok());
    let recorded = |change: &Change| Recorded {
        path: change.path.to_string(),
        old: json(change.before()),
        new: json(change.after()),
        reload: change.reload.as_str().to_owned(),
    };
    Draft {
        reason: actor.reason.clone(),
        request: actor.request.clone(),
        tags: actor.tags.clone(),
        changes: changes.iter().map(recorded).collect(),
        ..Draft::new(&actor.name, &actor.source, at)
    }
}
