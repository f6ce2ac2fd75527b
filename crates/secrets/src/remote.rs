//! Secrets of a remote source: cached for a time, asked for once by however many, and kept for when the source is away.

mod entry;
mod kept;
mod name;

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use strata_config_core::{Reference, Resolved, Resolver, Sealer, Secret, SecretSource, Unresolved};

use crate::ring::Clock;
use entry::{Entry, Failing, Stale, age};
use kept::Kept;
use name::Name;

/// How long a secret counts as fresh where nothing else is said.
const TTL: Duration = Duration::from_secs(300);

/// Attempts for one answer.
const ATTEMPTS: u32 = 4;

/// The first pause between two attempts; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// What asks the source itself: one question at a time, without a cache.
pub trait Fetch: fmt::Debug + Send + Sync {
    /// The text of a secret, in one of its versions.
    ///
    /// # Errors
    /// Why there is none.
    fn fetch(&self, name: &str, stage: &str) -> Result<Fetched, FetchError>;
}

/// A secret as its source has it.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The whole text, which may be JSON with fields.
    pub text: Secret<String>,
    /// What tells this version from every other.
    pub version: String,
}

/// Why a source gave no secret. It never holds the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// It has no such secret, or no such version.
    Missing(String),
    /// It will not answer: no right to it, another key.
    Refused(String),
    /// It can't be reached, or is too busy: the same question may have an answer later.
    Away(String),
}

/// A source's secrets, cached: `SCHEME:NAME#FIELD@STAGE`.
pub struct Remote<F> {
    fetch: F,
    schemes: [&'static str; 1],
    ttl: Duration,
    clock: Clock,
    pause: Box<dyn Fn(Duration) + Send + Sync>,
    kept: Option<Kept>,
    state: Mutex<HashMap<Key, Entry>>,
    answered: Condvar,
    /// How often a secret was another one.
    news: AtomicU64,
}

/// A secret's name, and which version of it.
type Key = (String, String);

impl<F: Fetch> Remote<F> {
    /// The secrets of a source, under a scheme in lower case.
    pub fn new(scheme: &'static str, fetch: F) -> Self {
        Self {
            fetch,
            schemes: [scheme],
            ttl: TTL,
            clock: Arc::new(SystemTime::now),
            pause: Box::new(std::thread::sleep),
            kept: None,
            state: Mutex::default(),
            answered: Condvar::new(),
            news: AtomicU64::new(0),
        }
    }

    /// How long a secret counts as fresh: 300 seconds where nothing is said.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// Keeps what was read in this file, sealed, so that a program also starts while the source is away. The file's folder
    /// is there already.
    #[must_use]
    pub fn keep(mut self, file: impl Into<PathBuf>, sealer: Arc<dyn Sealer>) -> Self {
        self.kept = Some(Kept::new(file.into(), sealer));
        self
    }

    /// Takes the time from here, and waits so between attempts, as tests do.
    #[must_use]
    pub fn clock(
        mut self,
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
        pause: impl Fn(Duration) + Send + Sync + 'static,
    ) -> Self {
        self.clock = Arc::new(clock);
        self.pause = Box::new(pause);
        self
    }

    /// Asks again for every secret that is used and soon no longer fresh (a fifth of its time is left), so that nobody waits
    /// for it; whether any is another one now.
    pub fn refresh(&self) -> bool {
        let now = (self.clock)();
        // What was never given is nobody's secret: whoever wanted it was told so.
        let is_due = |entry: &Entry| {
            let is_paused = entry.failing.as_ref().is_some_and(|failing| failing.is_recent(now));
            let is_aging = age(entry.at, now).is_none_or(|age| age >= self.ttl.mul_f32(0.8));
            entry.fetched.is_some() && is_aging && !is_paused
        };
        let due: Vec<_> = self.locked().iter().filter(|(_, entry)| is_due(entry)).map(|(key, _)| key.clone()).collect();
        let mut changed = false;
        for key in due {
            match self.locked().get_mut(&key) {
                Some(entry) if !entry.asking => entry.asking = true,
                _ => continue,
            }
            changed |= self.ask(&key).is_ok_and(|is_new| is_new);
        }
        changed
    }

    /// Since when the source does not give a secret that it gave before, or that its kept copy knows.
    #[must_use]
    pub fn failing_since(&self) -> Option<SystemTime> {
        self.failing().map(|failing| failing.since)
    }

    /// What has been failing for longest among what is in use.
    fn failing(&self) -> Option<Failing> {
        let state = self.locked();
        let known = state.values().filter(|entry| entry.fetched.is_some());
        known.filter_map(|entry| entry.failing.as_ref()).min_by_key(|failing| failing.since).cloned()
    }

    /// Forgets the secrets that the source gives no more and that no configuration wanted since `began`: a configuration that
    /// was read anew does without them.
    #[cfg(feature = "reload")]
    pub(crate) fn forget_unwanted(&self, began: SystemTime) {
        let is_gone = |entry: &Entry| entry.failing.as_ref().is_some_and(|failing| !failing.is_away());
        let is_wanted = |entry: &Entry| entry.wanted.is_some_and(|wanted| wanted >= began);
        self.locked().retain(|_, entry| entry.asking || is_wanted(entry) || !is_gone(entry));
    }

    /// What those who follow compare: how often a secret was another one, whoever asked for it, and what is failing.
    #[cfg(feature = "reload")]
    pub(crate) fn standing(&self) -> (u64, Option<SystemTime>, usize) {
        let since = self.failing_since();
        let failing = self.locked().values().filter(|entry| entry.failing.is_some()).count();
        (self.news.load(Ordering::Relaxed), since, failing)
    }

    /// Of when the oldest copy is that stands in for the source.
    fn copy_of(&self) -> Option<SystemTime> {
        let state = self.locked();
        let copies = state.values().filter(|entry| entry.fetched.is_some() && entry.failing.is_some());
        copies.filter_map(|entry| entry.at.or(entry.kept)).min()
    }

    /// The time, as this cache has it.
    #[cfg(feature = "reload")]
    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    /// The newest text that is known, asked for where it is not fresh; and why that is not the source's own.
    fn get(&self, name: &str, stage: &str) -> Result<(Fetched, Option<Stale>), FetchError> {
        let key = (name.to_owned(), stage.to_owned());
        {
            let mut state = self.locked();
            let mut waited = false;
            loop {
                let now = (self.clock)();
                let entry = state.entry(key.clone()).or_default();
                entry.wanted = Some(now);
                if let Some(known) = entry.known() {
                    let is_fresh = age(entry.at, now).is_some_and(|age| age < self.ttl);
                    let is_paused = entry.failing.as_ref().is_some_and(|failing| failing.is_recent(now));
                    if is_fresh || entry.asking || is_paused {
                        return Ok(known);
                    }
                }
                if !entry.asking {
                    // Whoever asked has asked for all, also where there was no answer.
                    match &entry.failing {
                        Some(failing) if waited && entry.fetched.is_none() => return Err(failing.why.clone()),
                        _ => entry.asking = true,
                    }
                    break;
                }
                waited = true;
                state = self.answered.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
        let asked = self.ask(&key);
        let state = self.locked();
        match (asked, state.get(&key).and_then(Entry::known)) {
            (Ok(_) | Err(FetchError::Away(_)), Some(known)) => Ok(known),
            (Err(error), _) => Err(error),
            (Ok(_), None) => Err(FetchError::Away("the source gave nothing".to_owned())),
        }
    }

    /// Asks the source, with patience, and notes what comes; whether it is another version. Whoever calls this has noted that
    /// somebody asks.
    fn ask(&self, key: &Key) -> Result<bool, FetchError> {
        // Whatever happens, also a panic of the source's, others must not wait for ever.
        let done = Asking { remote: self, key };
        let (name, stage) = key;
        let answer = self.patiently(name, stage, self.attempts(key));
        let now = (self.clock)();
        let mut state = self.locked();
        let entry = state.entry(key.clone()).or_default();
        let result = match answer {
            Ok(fetched) => {
                let is_new = entry
                    .fetched
                    .as_ref()
                    .is_none_or(|known| known.version != fetched.version || known.text != fetched.text);
                if let (true, Some(kept)) = (is_new, &self.kept) {
                    kept.write(name, stage, &fetched, now);
                }
                (entry.fetched, entry.at, entry.kept, entry.failing) = (Some(fetched), Some(now), None, None);
                self.news.fetch_add(u64::from(is_new), Ordering::Relaxed);
                Ok(is_new)
            }
            Err(why) => {
                let since = entry.failing.as_ref().map_or(now, |failing| failing.since);
                let failing = Failing { since, last: now, why: why.clone() };
                if entry.fetched.is_none()
                    && failing.is_away()
                    && let Some((fetched, at)) = self.kept.as_ref().and_then(|kept| kept.read(name, stage))
                {
                    (entry.fetched, entry.kept) = (Some(fetched), at);
                }
                entry.failing = Some(failing);
                Err(why)
            }
        };
        drop(state);
        drop(done);
        result
    }

    /// How often to ask for a secret: only once where the source was just found away, so that many secrets of one that does
    /// not answer are not many times the patience.
    fn attempts(&self, key: &Key) -> u32 {
        let now = (self.clock)();
        let is_away = |entry: &Entry| entry.failing.as_ref().is_some_and(|why| why.is_away() && why.is_recent(now));
        let is_known = self.locked().iter().any(|(other, entry)| other != key && is_away(entry));
        if is_known { 1 } else { ATTEMPTS }
    }

    fn patiently(&self, name: &str, stage: &str, attempts: u32) -> Result<Fetched, FetchError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..attempts {
            match self.fetch.fetch(name, stage) {
                Err(FetchError::Away(_)) => {
                    // Not all programs at once, when a source comes back.
                    (self.pause)(pause.mul_f32(0.5 + chance() / 2.0));
                    pause *= 2;
                }
                answer => return answer,
            }
        }
        self.fetch.fetch(name, stage)
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<Key, Entry>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Fetch> Resolver for Remote<F> {
    fn schemes(&self) -> &[&str] {
        &self.schemes
    }

    fn resolve(&self, reference: Reference<'_>) -> Result<Resolved, Unresolved> {
        let scheme = reference.scheme;
        let name = Name::parse(scheme, reference.what)?;
        let (fetched, stale) = self.get(name.name, name.stage).map_err(|error| match error {
            FetchError::Missing(why) => {
                Unresolved::missing(why).with_help("check its name, its version and the region")
            }
            FetchError::Refused(why) => Unresolved::unreadable(why).with_help("check what this program may read"),
            FetchError::Away(why) => Unresolved::unavailable(why),
        })?;
        let text = name.field_of(&fetched.text)?;
        let stale = stale.map(|stale| stale.to_string()).unwrap_or_default();
        Ok(Resolved { text, place: format!("{scheme}:{}, version {}{stale}", name.place(), name.stage) })
    }

    fn source(&self) -> Option<SecretSource> {
        let failing = self.failing();
        let problem = failing.as_ref().map(|failing| failing.why.to_string());
        Some(SecretSource {
            name: self.schemes[0].to_owned(),
            failing_since: failing.map(|known| known.since),
            problem,
            copy_of: self.copy_of(),
        })
    }
}

/// A question that is asked; when it ends, those who wait go on.
struct Asking<'r, F: Fetch> {
    remote: &'r Remote<F>,
    key: &'r Key,
}

impl<F: Fetch> Drop for Asking<'_, F> {
    fn drop(&mut self) {
        if let Some(entry) = self.remote.locked().get_mut(self.key) {
            entry.asking = false;
        }
        self.remote.answered.notify_all();
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(why) | Self::Refused(why) | Self::Away(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for FetchError {}

/// A number from 0 to 1.
fn chance() -> f32 {
    let mut byte = [0];
    // Without randomness all wait alike, which is no mistake.
    let _ = getrandom::fill(&mut byte);
    f32::from(byte[0]) / 255.0
}

impl<F: Fetch> fmt::Debug for Remote<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("fetch", &self.fetch).field("ttl", &self.ttl).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
