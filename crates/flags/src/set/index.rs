//! Names and their numbers: what finds a flag by its key.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

/// Names in an order, each of which is found again.
///
/// A table of numbers alone: whoever looks something up compares names where it needs to go anyway, at the flag, so
/// that a look costs one place of the table and nothing besides.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// A power of two of them, at most half of them taken.
    places: Box<[Place]>,
    names: Box<[Box<str>]>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// The half of the hash that did not choose the place, so that few names are compared in vain.
    tag: u32,
    number: u32,
}

/// The number of nothing.
const FREE: u32 = u32::MAX;

impl Index {
    pub(crate) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let names: Box<[Box<str>]> = names.map(Into::into).collect();
        let size = (names.len() * 2).next_power_of_two();
        let mut places = vec![Place { tag: 0, number: FREE }; size];
        for (number, name) in names.iter().enumerate() {
            let hash = hash(name);
            let mut at = hash as usize;
            while places[at & (size - 1)].number != FREE {
                at += 1;
            }
            places[at & (size - 1)] = Place { tag: (hash >> 32) as u32, number: number as u32 };
        }
        Self { places: places.into(), names }
    }

    /// The number of a name.
    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        self.find(name, |number| (*self.names[number as usize] == *name).then_some(number))
    }

    /// What stands under a name: what `named` gives for the number that it belongs to; `None` for another's.
    #[inline(always)]
    pub(crate) fn find<T>(&self, name: &str, named: impl Fn(u32) -> Option<T>) -> Option<T> {
        let hash = hash(name);
        let mut at = hash as usize;
        loop {
            // Half of the places are free, so this ends; there are none in an index that was never filled.
            let place = self.places.get(at & self.places.len().wrapping_sub(1))?;
            if place.number == FREE {
                return None;
            }
            if place.tag == (hash >> 32) as u32
                && let Some(found) = named(place.number)
            {
                return Some(found);
            }
            at = at.wrapping_add(1);
        }
    }

    /// All names, in the order of their numbers.
    pub(crate) fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }
}

#[inline]
fn hash(name: &str) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn every_name_has_its_number_and_no_other_name_has_any() {
        for count in [0, 1, 2, 3, 7, 64, 1_000] {
            let names: Vec<String> = (0..count).map(|number| format!("flag-{number}")).collect();
            let index = Index::new(names.iter().map(String::as_str));
            assert!(index.names().eq(names.iter().map(String::as_str)));
            for (number, name) in names.iter().enumerate() {
                assert_eq!(index.get(name), Some(number as u32), "{name} of {count}");
            }
            for other in ["", "flag-", "flag-1000", "flag-01"] {
                assert_eq!(index.get(other), None, "{other} of {count}");
            }
        }
    }

    #[test]
    fn an_index_without_names_finds_nothing() {
        assert_eq!(Index::default().get("flag"), None);
    }
}
