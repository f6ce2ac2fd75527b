//! What comes from outside: sources with other content, and commits of other processes.

use std::sync::Arc;

use strata_config_core::{LayeredConfig, SourceId, Stack};
use strata_config_store::{Entry, HistoryQuery, State, StoreError};

use crate::error::UpdateError;
use crate::event::EventKind;
use crate::live::Live;
use crate::stored::Stored;
use crate::writer::{Failing, Writer};

impl<C: LayeredConfig> Live<C> {
    /// Reads a source again, by its name in [`Status::sources`](crate::Status::sources); whether its content differs.
    ///
    /// # Errors
    /// Where no source has this name, or its content can't be used; then what was in effect stays, as it does where a
    /// watched file is wrong.
    pub fn reload(&self, source: &str) -> Result<bool, UpdateError> {
        let mut writer = self.lock();
        let id = writer.stack.sources().find(|id| writer.stack.name(*id) == source);
        let id = id.ok_or_else(|| UpdateError::missing(format!("source `{source}`")))?;
        let changed = self.refresh(&mut writer, &[id]);
        match writer.failing.get(&id) {
            Some(failing) => Err(UpdateError::invalid((*failing.report).clone())),
            None => Ok(changed),
        }
    }

    /// Reads every file, the environment and the store again; whether anything differs.
    ///
    /// # Errors
    /// Where something can't be used; everything else is in effect.
    pub fn reload_all(&self) -> Result<bool, UpdateError> {
        let mut writer = self.lock();
        let caught_up = self.catch_up(&mut writer);
        let ids: Vec<SourceId> = writer.stack.sources().filter(|id| writer.stack.can_change(*id)).collect();
        let changed = self.refresh(&mut writer, &ids);
        let changed = caught_up? || changed;
        match writer.failing.values().next() {
            Some(failing) => Err(UpdateError::invalid((*failing.report).clone())),
            None => Ok(changed),
        }
    }

    /// Reads sources again. What can be used is in effect afterwards, what can't is noted; whether anything differs.
    pub(crate) fn refresh(&self, writer: &mut Writer<C>, ids: &[SourceId]) -> bool {
        let mut newest = writer.stack.clone();
        // A source that failed may be right together with this one, as two files that a person edits one by one.
        let mut ids: Vec<SourceId> = ids.iter().chain(writer.failing.keys()).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids.iter().for_each(|id| newest.refresh(*id));
        self.shared.counters.reloaded();
        let (same, changed): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| newest.is_same(&writer.stack, *id));
        for id in same {
            self.recovered(writer, id);
        }
        if changed.is_empty() {
            return false;
        }
        if self.take(writer, newest.clone(), &changed).is_ok() {
            return true;
        }
        let mut any = false;
        for id in changed {
            let mut stack = writer.stack.clone();
            stack.adopt(&newest, id);
            match self.take(writer, stack, &[id]) {
                Ok(()) => any = true,
                Err(report) => self.failed(writer, id, report, newest.files(id)),
            }
        }
        any
    }

    /// Puts a stack in effect in which these sources differ, if it makes a valid configuration.
    fn take(
        &self,
        writer: &mut Writer<C>,
        stack: Stack<C>,
        ids: &[SourceId],
    ) -> Result<(), strata_config_core::Report> {
        let version = self.version();
        let built = writer.build(&stack, &writer.stored, Some(&version.running))?;
        let names: Vec<String> = ids.iter().map(|id| stack.name(*id)).collect();
        writer.stack = stack;
        ids.iter().for_each(|id| drop(writer.failing.remove(id)));
        if built.changes_from(&version).is_empty() {
            // Comments and places moved: nobody needs to hear of it, but explanations must be right.
            let version = built.into_version(version.revision, version.generation);
            self.shared.version.store(Arc::new(version));
        } else {
            self.swap(writer, built, EventKind::Reloaded { source: names.join(", ") });
        }
        Ok(())
    }

    fn failed(
        &self,
        writer: &mut Writer<C>,
        id: SourceId,
        report: strata_config_core::Report,
        files: Vec<std::path::PathBuf>,
    ) {
        self.shared.counters.failed();
        if let Some(known) = writer.failing.get_mut(&id)
            && *known.report == report
        {
            known.files = files;
            return;
        }
        let since = writer.failing.get(&id).map_or_else(strata_config_store::Timestamp::now, |known| known.since);
        let report = Arc::new(report);
        writer.failing.insert(id, Failing { since, report: Arc::clone(&report), files });
        let version = self.version();
        let source = writer.stack.name(id);
        self.tell(writer, EventKind::Failed { source, report }, Vec::new(), Arc::clone(&version), version);
    }

    /// A source that failed says again what is in effect.
    fn recovered(&self, writer: &mut Writer<C>, id: SourceId) {
        if writer.failing.remove(&id).is_some() {
            let version = self.version();
            let source = writer.stack.name(id);
            self.tell(writer, EventKind::Recovered { source }, Vec::new(), Arc::clone(&version), version);
        }
    }

    /// Takes over what others committed to the store; whether there was anything.
    pub(crate) fn catch_up(&self, writer: &mut Writer<C>) -> Result<bool, StoreError> {
        let state = self.shared.store.load()?;
        if state == writer.state {
            return Ok(false);
        }
        // No further than the state that was read: what is committed meanwhile is for the next time.
        let span = (Some(writer.state.revision + 1), Some(state.revision));
        let query = HistoryQuery { from: span.0, to: span.1, ..HistoryQuery::default() };
        let mut entries = self.shared.store.history(&query)?;
        entries.reverse();
        self.follow(writer, entries, Some(state))?;
        Ok(true)
    }

    /// Puts commits in effect, one after another. Where the history has a gap, the newest state alone counts.
    pub(crate) fn follow(
        &self,
        writer: &mut Writer<C>,
        entries: Vec<Entry>,
        newest: Option<State>,
    ) -> Result<(), StoreError> {
        for entry in entries {
            if entry.revision > writer.state.revision {
                let state = entry.state();
                self.commit_of_others(writer, state, Some(Arc::new(entry)))?;
            }
        }
        match newest {
            Some(newest) if newest.head != writer.state.head => {
                let entry = self.shared.store.entry(newest.revision)?;
                self.commit_of_others(writer, newest, entry.map(Arc::new))
            }
            _ => Ok(()),
        }
    }

    fn commit_of_others(
        &self,
        writer: &mut Writer<C>,
        state: State,
        entry: Option<Arc<Entry>>,
    ) -> Result<(), StoreError> {
        let stored = Stored::read(&state.documents)?;
        let version = self.version();
        let built = writer.build(&writer.stack, &stored, Some(&version.running));
        writer.state = state;
        writer.stored = stored;
        let source = || self.shared.store.url();
        match built {
            Ok(built) => {
                writer.refused_commit = None;
                let kind = match entry {
                    Some(entry) => EventKind::Committed(entry),
                    None => EventKind::Reloaded { source: source() },
                };
                self.swap(writer, built, kind);
            }
            Err(report) => {
                self.shared.counters.failed();
                let report = Arc::new(report);
                writer.refused_commit = Some(Arc::clone(&report));
                let kind = EventKind::Failed { source: source(), report };
                self.tell(writer, kind, Vec::new(), Arc::clone(&version), version);
            }
        }
        Ok(())
    }
}
