//! Secrets of a remote source: cached for a time, asked for once by however many, and kept for when the source is away.

mod kept;
mod name;

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use strata_config_core::{Reference, Resolved, Resolver, Sealer, Secret, Unresolved};

use crate::ring::Clock;
use kept::Kept;
use name::Name;

/// How long a secret counts as fresh where nothing else is said.
const TTL: Duration = Duration::from_secs(300);

/// How long after a failure the source is not asked again while there is an older copy.
const PAUSE: Duration = Duration::from_secs(5);

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
    state: Mutex<HashMap<(String, String), Entry>>,
    answered: Condvar,
}

/// What is known of one secret.
#[derive(Default)]
struct Entry {
    fetched: Option<Fetched>,
    /// When the source last gave it.
    at: Option<SystemTime>,
    /// Since when the source gives nothing, and when that was last tried.
    failing: Option<(SystemTime, SystemTime)>,
    /// Somebody asks at this moment.
    asking: bool,
}

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
        }
    }

    /// How long a secret counts as fresh: 300 seconds where nothing is said.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// Keeps what was read in this file, sealed, so that a program also starts while the source is away.
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
        let is_due = |entry: &Entry| age(entry.at, now).is_none_or(|age| age >= self.ttl.mul_f32(0.8));
        let due: Vec<_> = self.locked().iter().filter(|(_, entry)| is_due(entry)).map(|(key, _)| key.clone()).collect();
        due.into_iter().fold(false, |changed, (name, stage)| self.ask(&name, &stage).is_ok_and(|new| new) || changed)
    }

    /// Since when the source gives nothing new, where it does not.
    #[must_use]
    pub fn failing_since(&self) -> Option<SystemTime> {
        self.locked().values().filter_map(|entry| entry.failing).map(|(since, _)| since).min()
    }

    /// The newest text that is known, asked for where it is not fresh; and since when it is stale.
    fn get(&self, name: &str, stage: &str) -> Result<(Fetched, Option<SystemTime>), FetchError> {
        let key = (name.to_owned(), stage.to_owned());
        {
            let mut state = self.locked();
            loop {
                let now = (self.clock)();
                let entry = state.entry(key.clone()).or_default();
                if let Some(fetched) = &entry.fetched {
                    let is_fresh = age(entry.at, now).is_some_and(|age| age < self.ttl);
                    let is_paused =
                        entry.failing.is_some_and(|(_, last)| age(Some(last), now).is_some_and(|age| age < PAUSE));
                    if is_fresh || entry.asking || is_paused {
                        return Ok((fetched.clone(), entry.failing.map(|(since, _)| since)));
                    }
                }
                if !entry.asking {
                    break;
                }
                // Whoever asks already asks for all.
                state = self.answered.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
        let asked = self.ask(name, stage);
        let state = self.locked();
        let entry = state.get(&key);
        match (asked, entry.and_then(|entry| Some((entry.fetched.clone()?, entry.failing)))) {
            (Ok(_) | Err(FetchError::Away(_)), Some((fetched, failing))) => {
                Ok((fetched, failing.map(|(since, _)| since)))
            }
            (Err(error), _) => Err(error),
            (Ok(_), None) => Err(FetchError::Away("the source gave nothing".to_owned())),
        }
    }

    /// Asks the source, with patience, and notes what comes; whether it is another version.
    fn ask(&self, name: &str, stage: &str) -> Result<bool, FetchError> {
        let key = (name.to_owned(), stage.to_owned());
        self.locked().entry(key.clone()).or_default().asking = true;
        // Whatever happens, also a panic of the source's, others must not wait for ever.
        let done = Asking { remote: self, key: &key };
        let answer = self.patiently(name, stage);
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
                    kept.write(name, stage, &fetched);
                }
                (entry.fetched, entry.at, entry.failing) = (Some(fetched), Some(now), None);
                Ok(is_new)
            }
            Err(error) => {
                entry.failing = Some((entry.failing.map_or(now, |(since, _)| since), now));
                if entry.fetched.is_none() && matches!(error, FetchError::Away(_)) {
                    entry.fetched = self.kept.as_ref().and_then(|kept| kept.read(name, stage));
                }
                Err(error)
            }
        };
        drop(state);
        drop(done);
        result
    }

    fn patiently(&self, name: &str, stage: &str) -> Result<Fetched, FetchError> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..ATTEMPTS {
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

    fn locked(&self) -> MutexGuard<'_, HashMap<(String, String), Entry>> {
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
        let stale = if stale.is_some() { ", stale: its source is away" } else { "" };
        Ok(Resolved { text, place: format!("{scheme}:{}, version {}{stale}", name.place(), name.stage) })
    }
}

/// A question that is asked; when it ends, those who wait go on.
struct Asking<'r, F: Fetch> {
    remote: &'r Remote<F>,
    key: &'r (String, String),
}

impl<F: Fetch> Drop for Asking<'_, F> {
    fn drop(&mut self) {
        if let Some(entry) = self.remote.locked().get_mut(self.key) {
            entry.asking = false;
        }
        self.remote.answered.notify_all();
    }
}

fn age(at: Option<SystemTime>, now: SystemTime) -> Option<Duration> {
    // A clock that was set back makes nothing fresh for ever.
    now.duration_since(at?).ok()
}

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
