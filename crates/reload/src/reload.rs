//! What comes from outside: sources with other content, and commits of other processes.

use std::sync::Arc;

use strata_config_core::report::code;
use strata_config_core::{FieldPath, Finding, LayeredConfig, Report, Severity, SourceId, Stack};
use strata_config_store::{Entry, HistoryQuery, State, StoreError};

use crate::error::UpdateError;
use crate::event::EventKind;
use crate::live::Live;
use crate::stored::Stored;
use crate::writer::{Failing, Step, Writer};

impl<C: LayeredConfig> Live<C> {
    /// Reads a source again, by its name in [`Status::sources`](crate::Status::sources); whether its content differs.
    ///
    /// # Errors
    /// Where no source has this name, or its content can't be used; then what was in effect stays, as it does where a
    /// watched file is wrong.
    pub fn reload(&self, source: &str) -> Result<bool, UpdateError> {
        let mut writer = self.enter()?;
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
        let mut writer = self.enter()?;
        let caught_up = self.catch_up(&mut writer);
        let ids: Vec<SourceId> = writer.stack.sources().filter(|id| writer.stack.can_change(*id)).collect();
        let changed = self.refresh(&mut writer, &ids);
        let changed = caught_up? || changed;
        let mut report = Report::new();
        let failing = writer.failing.values().map(|failing| &failing.report);
        failing.chain(&writer.refused_commit).for_each(|found| report.append((**found).clone()));
        if report.is_valid() { Ok(changed) } else { Err(UpdateError::invalid(report)) }
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
    fn take(&self, writer: &mut Writer<C>, stack: Stack<C>, ids: &[SourceId]) -> Result<(), Report> {
        let version = self.version();
        let mut built = writer.build(&stack, &writer.stored, Some(&version), Step::Reload)?;
        let names: Vec<String> = ids.iter().map(|id| stack.name(*id)).collect();
        writer.stack = stack;
        let mended = self.mended(writer, ids);
        if built.changes.is_empty() {
            // Comments and places moved: nobody needs to hear of it, but explanations must be right, views of them too.
            let replaced: Vec<_> = std::mem::take(&mut built.products).into_iter().map(|install| install()).collect();
            let next = built.into_version(writer.state.revision, version.generation, version.at);
            self.show(Arc::new(next));
            drop(replaced);
        } else {
            self.swap(writer, built, EventKind::Reloaded { source: names.join(", ") });
        }
        self.tell_recovered(writer, mended);
        Ok(())
    }

    fn failed(&self, writer: &mut Writer<C>, id: SourceId, report: Report, files: Vec<std::path::PathBuf>) {
        if let Some(known) = writer.failing.get_mut(&id)
            && *known.report == report
        {
            known.files = files;
            self.shared.counters.failed();
            return;
        }
        let since = writer.failing.get(&id).map_or_else(strata_config_store::Timestamp::now, |known| known.since);
        let report = Arc::new(report);
        writer.failing.insert(id, Failing { since, report: Arc::clone(&report), files });
        let source = writer.stack.name(id);
        self.tell_same(writer, EventKind::Failed { source, report });
    }

    /// These sources and the store's newest commit are about to be in effect: the names of those that failed before. They
    /// count as well at once, so that nobody hears of what is in effect and finds them failing.
    pub(crate) fn mended(&self, writer: &mut Writer<C>, ids: &[SourceId]) -> Vec<String> {
        let failed = ids.iter().filter(|id| writer.failing.remove(id).is_some());
        let mut mended: Vec<String> = failed.map(|id| writer.stack.name(*id)).collect();
        if writer.refused_commit.take().is_some() {
            mended.push(self.shared.store.url());
        }
        mended
    }

    /// Tells everybody of what failed before and is in effect.
    pub(crate) fn tell_recovered(&self, writer: &mut Writer<C>, mended: Vec<String>) {
        for source in mended {
            self.tell_same(writer, EventKind::Recovered { source });
        }
    }

    /// A source says what is in effect; where it failed before, everybody hears of it.
    fn recovered(&self, writer: &mut Writer<C>, id: SourceId) {
        if writer.failing.remove(&id).is_some() {
            let source = writer.stack.name(id);
            self.tell_same(writer, EventKind::Recovered { source });
        }
    }

    /// Tells of something that changes nothing.
    pub(crate) fn tell_same(&self, writer: &mut Writer<C>, kind: EventKind) {
        let version = self.version();
        self.tell(writer, kind, Vec::new(), Arc::clone(&version), version);
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
        let last = entries.last().map(|entry| entry.revision);
        for entry in entries.into_iter().filter(|entry| entry.revision > writer.state.revision).collect::<Vec<_>>() {
            let state = entry.state();
            match self.commit_of_others(writer, state.clone(), Some(Arc::new(entry))) {
                // One that can't be read stops those after it no more than it stops a program that starts now.
                Err(error) if last != Some(state.revision) => self.unreadable(writer, state, &error),
                outcome => outcome?,
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

    fn unreadable(&self, writer: &mut Writer<C>, state: State, error: &StoreError) {
        writer.state = state;
        let mut report = Report::new();
        report.push(Finding::new(Severity::Error, code::FORMAT, FieldPath::ROOT, error.to_string()));
        self.tell_same(writer, EventKind::Failed { source: self.shared.store.url(), report: Arc::new(report) });
    }

    pub(crate) fn commit_of_others(
        &self,
        writer: &mut Writer<C>,
        state: State,
        entry: Option<Arc<Entry>>,
    ) -> Result<(), StoreError> {
        let stored = Stored::read(&state.documents, &writer.stack.upgrade())?;
        let version = self.version();
        let built = writer.build(&writer.stack, &stored, Some(&version), Step::Commit(state.revision));
        writer.state = state;
        writer.stored = stored;
        let source = || self.shared.store.url();
        match built {
            Ok(built) => {
                let kind = match entry {
                    Some(entry) => EventKind::Committed(entry),
                    None => EventKind::Reloaded { source: source() },
                };
                let mended = self.mended(writer, &[]);
                self.swap(writer, built, kind);
                self.tell_recovered(writer, mended);
            }
            Err(report) => {
                let report = Arc::new(report);
                writer.refused_commit = Some(Arc::clone(&report));
                self.tell_same(writer, EventKind::Failed { source: source(), report });
            }
        }
        Ok(())
    }
}
