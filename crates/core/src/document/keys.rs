//! Finds a key in a table under construction: by a bit filter and a walk in small tables, by a map in large ones.

use std::collections::HashMap;

use super::{DocumentBuilder, NodeId};

/// Tables up to this size are walked: a map would cost more than it saves.
const WALKED: u32 = 32;

/// What is known of the keys of one table. A key whose bit is unset is not in the table, which settles nearly every
/// look-up of a configuration file without a walk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keys {
    filter: u64,
    count: u32,
}

/// The entries of one table by their keys: one type for all who look up, so that its code is there once.
pub(crate) type Index = HashMap<Box<str>, NodeId>;

/// The keys of all tables too large to be walked.
#[derive(Debug, Default)]
pub(super) struct LargeTables(HashMap<NodeId, Index>);

impl Keys {
    /// Whether the table is too large to be walked.
    pub(super) fn is_large(&self) -> bool {
        self.count >= WALKED
    }

    /// The entry of `table` with this key.
    #[inline]
    pub(super) fn find(
        &self,
        builder: &DocumentBuilder,
        large: &LargeTables,
        text: &str,
        table: NodeId,
        key: &str,
    ) -> Option<NodeId> {
        if self.filter & bit(key) == 0 {
            return None;
        }
        if self.count > WALKED {
            return large.0.get(&table)?.get(key).copied();
        }
        builder.peek().children(table).find(|child| builder.key_over(text, *child) == key)
    }

    /// Notes that `node`, already appended to `table`, has this key.
    #[inline]
    pub(super) fn add(
        &mut self,
        builder: &DocumentBuilder,
        large: &mut LargeTables,
        text: &str,
        (table, node): (NodeId, NodeId),
        key: &str,
    ) {
        self.filter |= bit(key);
        self.count += 1;
        if self.count > WALKED {
            self.add_large(builder, large, text, (table, node), key);
        }
    }

    #[cold]
    fn add_large(
        &self,
        builder: &DocumentBuilder,
        large: &mut LargeTables,
        text: &str,
        (table, node): (NodeId, NodeId),
        key: &str,
    ) {
        let map = large.0.entry(table).or_default();
        if map.is_empty() {
            map.extend(builder.peek().children(table).map(|child| (builder.key_over(text, child).into(), child)));
        }
        map.insert(key.into(), node);
    }
}

/// One of 64 bits: a multiplicative mix (Knuth's golden ratio) of the length and the first and last bytes, where the
/// names of settings differ.
#[inline]
fn bit(key: &str) -> u64 {
    let bytes = key.as_bytes();
    let tail = match bytes.last_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => bytes.iter().fold(0, |mix, byte| mix << 8 | u64::from(*byte)),
    };
    let head = bytes.first_chunk::<4>().map_or(0, |chunk| u32::from_le_bytes(*chunk));
    let mix = (tail ^ u64::from(head) << 24 ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    1 << (mix >> 58)
}
