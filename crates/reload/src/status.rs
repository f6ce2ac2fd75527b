//! How a live configuration is doing: its sources, its store, its figures.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;
use strata_config_core::{Change, LayeredConfig, Report, SecretSource};
use strata_config_store::{CopyStatus, HealthStatus, Timestamp};

use crate::live::Live;
use crate::version::Version;
use crate::watch::WatchStatus;
use crate::writer::{Failing, Writer};

/// How a live configuration is doing.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// The store's commit that is in effect.
    pub revision: u64,
    /// The store's newest commit that this process knows; another one than `revision` where that can't be used.
    pub store_revision: u64,
    /// This process's count of changes.
    pub generation: u64,
    /// When the version in effect took effect.
    pub since: Timestamp,
    /// Healthy, degraded or critical.
    pub condition: Condition,
    /// Why it is not healthy.
    pub reasons: Vec<String>,
    /// The store's address, without passwords.
    pub store: String,
    /// The sources, weakest first; then those that only secrets come from.
    pub sources: Vec<SourceStatus>,
    /// What waits for a restart.
    pub pending: Vec<Change>,
    /// How the watching is doing; nothing where nothing is watched.
    pub watch: Option<WatchStatus>,
    /// Figures since the start.
    pub statistics: Statistics,
}

/// How well it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// Everything is read and in effect.
    Healthy,
    /// Something can't be used, so that the last known good configuration is in effect.
    Degraded,
    /// Changes can't be stored.
    Critical,
}

/// How a source is doing.
#[derive(Debug, Clone, Serialize)]
pub struct SourceStatus {
    /// Its name.
    pub name: String,
    /// Whether what it says now is in effect.
    pub ok: bool,
    /// Since when it is not.
    pub failing_since: Option<Timestamp>,
    /// What is wrong, as people read it.
    pub problem: Option<String>,
}

/// Figures since the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Changes that were asked for and made, or had nothing to change.
    pub writes: u64,
    /// Changes that were refused.
    pub refused: u64,
    /// Times that sources were read again.
    pub reloads: u64,
    /// Times that something could not be used; the last known good configuration stood in each time.
    pub failures: u64,
    /// Seconds since the version in effect took effect.
    pub age_seconds: u64,
    /// Seconds since the start.
    pub uptime_seconds: u64,
    /// The store's last known good copy, where it keeps one.
    pub copy: Option<CopyStatistics>,
}

/// Figures of a store's last known good copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopyStatistics {
    /// Times that the copy stood in for the store.
    pub hits: u64,
    /// Times that it was needed, and there was none.
    pub misses: u64,
    /// The revision that it holds.
    pub revision: Option<u64>,
    /// Seconds since the store was known to hold this.
    pub age_seconds: Option<u64>,
    /// It stands in for the store now.
    pub in_use: bool,
}

/// What is counted on the way.
#[derive(Debug)]
pub(crate) struct Counters {
    start: Timestamp,
    writes: AtomicU64,
    refused: AtomicU64,
    reloads: AtomicU64,
    failures: AtomicU64,
}

impl Counters {
    pub(crate) fn new() -> Self {
        let zero = || AtomicU64::new(0);
        Self { start: Timestamp::now(), writes: zero(), refused: zero(), reloads: zero(), failures: zero() }
    }

    pub(crate) fn wrote(&self, done: bool) {
        if done { &self.writes } else { &self.refused }.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn reloaded(&self) {
        self.reloads.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    fn statistics(&self, now: Timestamp, since: Timestamp, copy: Option<CopyStatus>) -> Statistics {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let seconds = |time: Duration| time.as_secs();
        let copy = copy.map(|CopyStatus { hits, misses, revision, age, in_use }| CopyStatistics {
            hits,
            misses,
            revision,
            age_seconds: age.map(seconds),
            in_use,
        });
        Statistics {
            writes: count(&self.writes),
            refused: count(&self.refused),
            reloads: count(&self.reloads),
            failures: count(&self.failures),
            age_seconds: seconds(now.since(since)),
            uptime_seconds: seconds(now.since(self.start)),
            copy,
        }
    }
}

/// What the writer knows besides the version: copied when it is done, so that nobody who asks waits for it.
#[derive(Debug)]
pub(crate) struct Standing {
    /// The version that it goes with.
    generation: u64,
    /// What goes with the version before: the one in effect for a moment more, while the next is put there.
    before: Option<Arc<Standing>>,
    /// The store's newest commit.
    revision: u64,
    /// Why it can't be used here, where it can't.
    refused: Option<Arc<Report>>,
    /// Why secrets that were read again can't be used, where they can't.
    refused_secrets: Option<Arc<Report>>,
    /// The sources by name, each with what is wrong with it.
    sources: Vec<(String, Option<Failing>)>,
}

impl Standing {
    pub(crate) fn of<C: LayeredConfig>(writer: &Writer<C>, generation: u64) -> Self {
        let sources = writer.stack.sources();
        let sources = sources.map(|id| (writer.stack.name(id), writer.failing.get(&id).cloned())).collect();
        Self {
            generation,
            before: None,
            revision: writer.state.revision,
            refused: writer.refused_commit.clone(),
            refused_secrets: writer.refused_secrets.clone(),
            sources,
        }
    }

    /// The same, put down before its version is in effect.
    pub(crate) fn ahead_of(self, before: Arc<Self>) -> Self {
        Self { before: Some(before), ..self }
    }

    /// What goes with a version.
    fn with(self: Arc<Self>, generation: u64) -> Option<Arc<Self>> {
        if self.generation == generation {
            return Some(self);
        }
        self.before.as_ref().filter(|before| before.generation == generation).cloned()
    }

    /// The store's newest commit, where this one is in effect.
    fn store_revision(&self, in_effect: u64) -> u64 {
        if self.refused.is_some() { self.revision } else { in_effect }
    }
}

impl<C: LayeredConfig> Live<C> {
    /// The store's newest commit that this process knows, also where that can't be used: what
    /// [`Actor::if_revision`](crate::Actor::if_revision) is compared with.
    #[must_use]
    pub fn store_revision(&self) -> u64 {
        let (version, standing) = self.standing();
        standing.store_revision(version.revision)
    }

    /// The version in effect, and what goes with it: nobody who sees a version finds failing what failed before it.
    fn standing(&self) -> (Arc<Version<C>>, Arc<Standing>) {
        loop {
            let version = self.version();
            // Nothing goes with it only where two changes were made between these two lines.
            if let Some(standing) = self.shared.standing.load_full().with(version.generation) {
                return (version, standing);
            }
        }
    }

    /// How everything is doing, also while a change is being made.
    #[must_use]
    pub fn status(&self) -> Status {
        let health = self.shared.store.health();
        let (version, standing) = self.standing();
        let source = |(name, failing): &(String, Option<Failing>)| SourceStatus {
            name: name.clone(),
            ok: failing.is_none(),
            failing_since: failing.as_ref().map(|failing| failing.since),
            problem: failing.as_ref().map(|failing| failing.report.to_string()),
        };
        let mut sources: Vec<SourceStatus> = standing.sources.iter().map(source).collect();
        let store_revision = standing.store_revision(version.revision);
        let mut condition = Condition::Healthy;
        let mut reasons = Vec::new();
        for source in sources.iter().filter(|source| !source.ok) {
            condition = Condition::Degraded;
            reasons.push(format!("{} can't be used: what was read before is in effect", source.name));
        }
        if let Some(report) = standing.refused.as_ref().filter(|_| store_revision != version.revision) {
            condition = Condition::Degraded;
            reasons.push(format!(
                "revision {store_revision} of the store can't be used here, and revision {} is in effect: {}",
                version.revision,
                told(report)
            ));
        }
        for remote in self.shared.resolvers.iter().filter_map(|resolver| resolver.source()).map(of_secrets) {
            if let (Some(since), Some(problem)) = (remote.failing_since, &remote.problem) {
                condition = Condition::Degraded;
                reasons.push(format!("{} are stale since {since}: {problem}", remote.name));
            }
            sources.push(remote);
        }
        if let Some(report) = &standing.refused_secrets {
            condition = Condition::Degraded;
            reasons
                .push(format!("what secrets are now can't be used, and those before are in effect: {}", told(report)));
        }
        let watch = self.shared.watch.status();
        if let Some(problem) = watch.as_ref().and_then(|watch| watch.store_problem.as_ref()) {
            condition = Condition::Degraded;
            reasons.push(format!("commits of other processes are not followed: {problem}"));
        }
        if health.status != HealthStatus::Healthy {
            condition = match health.status {
                HealthStatus::Critical => Condition::Critical,
                _ => Condition::Degraded,
            };
            reasons.push(health.detail.unwrap_or_else(|| "the store does not answer as it should".to_owned()));
        }
        Status {
            revision: version.revision,
            store_revision,
            generation: version.generation,
            since: version.at,
            condition,
            reasons,
            store: self.shared.store.url(),
            sources,
            pending: version.pending(),
            watch,
            statistics: self.shared.counters.statistics(Timestamp::now(), version.at, self.shared.store.copy()),
        }
    }
}

/// How a source does that only secrets come from.
fn of_secrets(source: SecretSource) -> SourceStatus {
    SourceStatus {
        name: format!("secrets of {}", source.name),
        ok: source.failing_since.is_none(),
        failing_since: source.failing_since.map(Timestamp::from),
        problem: source.problem,
    }
}

/// The messages of a report, in one line.
fn told(report: &Report) -> String {
    let mistakes: Vec<&str> = report.errors().map(|finding| finding.message.as_str()).collect();
    mistakes.join("; ")
}
