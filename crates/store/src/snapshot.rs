//! Snapshots: documents that are kept under a name.

use std::hash::{BuildHasher, RandomState};

use serde::{Deserialize, Serialize};

use crate::documents::{Documents, State};
use crate::hash::Hash;
use crate::timestamp::Timestamp;

/// What the one who takes a snapshot says of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewSnapshot {
    /// What it is for.
    pub description: String,
    /// Words to find it by. A snapshot that has one is never pruned.
    pub tags: Vec<String>,
    /// Who takes it.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// The documents of a moment, kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its name: letters and digits, unique in the store, and sorted as the snapshots were taken.
    pub id: String,
    /// The revision that it was taken of.
    pub revision: u64,
    /// When.
    pub at: Timestamp,
    /// Who took it.
    pub actor: String,
    /// What it is for.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What was stored.
    pub documents: Documents,
    /// SHA-256 of the JSON of all this.
    pub checksum: Hash,
}

impl Snapshot {
    /// A snapshot of a state; `newest` is the id of the store's newest one.
    #[must_use]
    pub fn take(state: &State, new: NewSnapshot, newest: Option<&str>) -> Self {
        let NewSnapshot { description, tags, actor, at } = new;
        let State { revision, documents, .. } = state.clone();
        let id = new_id(at, newest);
        let mut snapshot = Self { id, revision, at, actor, description, tags, documents, checksum: Hash::ZERO };
        snapshot.checksum = snapshot.expected_checksum();
        snapshot
    }

    /// Whether the id is one, and the checksum fits the content.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        is_id(&self.id) && self.checksum == self.expected_checksum()
    }

    fn expected_checksum(&self) -> Hash {
        Hash::of(Self { checksum: Hash::ZERO, ..self.clone() }.line().as_bytes())
    }

    /// The snapshot's JSON, on one line.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).expect("a snapshot has no map whose keys could be anything but text")
    }
}

/// Crockford's alphabet, whose digits sort as their values do, in small letters.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Digits of the time: 45 bits of milliseconds reach the year 3084.
const TIME: usize = 9;

/// Nine digits of time, later than the newest id's, and three of chance, so that the ids of two stores differ.
fn new_id(at: Timestamp, newest: Option<&str>) -> String {
    let after = newest.and_then(|id| number(id.get(..TIME)?)).map_or(0, |time| time + 1);
    let chance = RandomState::new().hash_one(at);
    digits(at.millis().max(after), TIME) + &digits(chance, 3)
}

/// Whether a text could be an id: nothing that means something in a path.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn digits(number: u64, count: usize) -> String {
    (0..count).rev().map(|place| char::from(DIGITS[(number >> (5 * place)) as usize % 32])).collect()
}

fn number(digits: &str) -> Option<u64> {
    let value = |digit: u8| DIGITS.iter().position(|known| *known == digit);
    digits.bytes().try_fold(0, |number, digit| Some(number << 5 | value(digit)? as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_as_they_were_made_even_by_a_clock_that_stands_or_goes_back() {
        let at = Timestamp::from_millis(1_795_000_000_000);
        let first = new_id(at, None);
        let second = new_id(at, Some(&first));
        let third = new_id(Timestamp::default(), Some(&second));
        assert!(first < second && second < third, "{first} {second} {third}");
        assert_eq!(first.len(), 12);
    }

    #[test]
    fn any_change_breaks_the_checksum() {
        let mut snapshot = Snapshot::take(&State::default(), NewSnapshot::default(), None);
        assert!(snapshot.is_intact());
        snapshot.tags.push("kept".into());
        assert!(!snapshot.is_intact());
    }
}
