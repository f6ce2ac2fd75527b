//! Keys that were asked for and that no flag has: counted in a table of fixed size, so that no caller can fill memory.

use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::FixedState;

/// How many keys are told apart.
const PLACES: usize = 128;
/// How many places are tried for a key, so that a full table costs little.
const TRIES: usize = 8;
/// Longer keys are counted together with those that find no place.
const LONGEST: usize = 128;

/// Counts of unknown keys.
#[derive(Debug)]
pub(crate) struct Unknown {
    places: Box<[(OnceLock<Box<str>>, AtomicU64)]>,
    others: AtomicU64,
}

impl Default for Unknown {
    fn default() -> Self {
        Self { places: (0..PLACES).map(|_| Default::default()).collect(), others: AtomicU64::new(0) }
    }
}

impl Unknown {
    #[cold]
    pub(crate) fn count(&self, key: &str) {
        let start = FixedState::default().hash_one(key) as usize;
        let tries = if key.len() <= LONGEST { TRIES } else { 0 };
        for place in (0..tries).map(|step| &self.places[start.wrapping_add(step) % PLACES]) {
            if **place.0.get_or_init(|| key.into()) == *key {
                place.1.fetch_add(1, Ordering::Relaxed);
                return;
            }
        }
        self.others.fetch_add(1, Ordering::Relaxed);
    }

    /// Every key that has a place, and its count.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.places.iter().filter_map(|(key, count)| Some((&**key.get()?, count.load(Ordering::Relaxed))))
    }

    /// Questions for keys that have none.
    pub(crate) fn others(&self) -> u64 {
        self.others.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_keys_takes_the_same_memory_and_every_question_is_counted() {
        let unknown = Unknown::default();
        for number in 0..10_000 {
            unknown.count(&format!("key-{}", number % 5_000));
        }
        unknown.count(&"x".repeat(1_000_000));
        let told: u64 = unknown.counts().map(|(_, count)| count).sum();
        assert_eq!(told + unknown.others(), 10_001);
        assert!(unknown.counts().count() <= PLACES);
        assert!(unknown.counts().all(|(key, count)| key.len() <= LONGEST && count == 2));
    }
}
