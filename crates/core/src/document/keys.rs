//! Finds a key in a table under construction: by a bit filter and a walk in small tables, in sorted runs in large ones.

use super::{DocumentBuilder, NodeId};

/// Tables up to this size are walked: more would cost more than it saves.
const WALKED: u32 = 32;

/// What is known of the keys of one table. A key whose bit is unset is not in the table, which settles nearly every
/// look-up of a configuration file without a walk.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Keys {
    filter: u64,
    count: u32,
}

/// A table under construction, and the texts that its keys are in.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    pub(super) builder: &'a DocumentBuilder,
    pub(super) text: &'a str,
    pub(super) node: NodeId,
}

/// A key with its bit of the filter.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    text: &'a str,
    bit: u64,
}

impl<'a> Key<'a> {
    /// A multiplicative mix (Knuth's golden ratio) of the length and the first and last bytes, where the names of
    /// settings differ, chooses the bit.
    #[inline]
    pub(super) fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let tail = match bytes.last_chunk::<8>() {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => bytes.iter().fold(0, |mix, byte| mix << 8 | u64::from(*byte)),
        };
        let head = bytes.first_chunk::<4>().map_or(0, |chunk| u32::from_le_bytes(*chunk));
        let mix = (tail ^ u64::from(head) << 24 ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { text, bit: 1 << (mix >> 58) }
    }
}

impl Keys {
    /// Whether the table is too large to be walked.
    pub(super) fn is_large(&self) -> bool {
        self.count >= WALKED
    }

    /// The entry of the table with this key.
    #[inline]
    pub(super) fn find(&self, table: Table<'_>, large: &LargeTables, key: Key<'_>) -> Option<NodeId> {
        if self.filter & key.bit == 0 { None } else { self.search(table, large, key.text) }
    }

    fn search(&self, table: Table<'_>, large: &LargeTables, key: &str) -> Option<NodeId> {
        if self.count > WALKED {
            return large.find(table, key);
        }
        table.builder.peek().children(table.node).find(|child| table.key(*child) == key)
    }

    /// Notes that `node`, already appended to the table, has this key.
    #[inline]
    pub(super) fn add(&mut self, table: Table<'_>, large: &mut LargeTables, node: NodeId, key: Key<'_>) {
        self.filter |= key.bit;
        self.count += 1;
        if self.count > WALKED {
            self.add_large(table, large, node);
        }
    }

    #[cold]
    fn add_large(&self, table: Table<'_>, large: &mut LargeTables, node: NodeId) {
        if self.count == WALKED + 1 {
            let children = table.builder.peek().children(table.node);
            children.filter(|child| *child != node).for_each(|child| large.add(table, child));
        }
        large.add(table, node);
    }
}

impl<'a> Table<'a> {
    fn key(self, node: NodeId) -> &'a str {
        self.builder.key_over(self.text, node)
    }
}

/// The entries of all tables too large to be walked, each with its table: in runs that are sorted by table and key and
/// grow from the last to the first, at least by half. So no order of keys makes them slow, and no map has to be linked.
#[derive(Debug, Default)]
pub(super) struct LargeTables(Vec<Vec<(NodeId, NodeId)>>);

impl LargeTables {
    fn find(&self, table: Table<'_>, key: &str) -> Option<NodeId> {
        let wanted = (table.node, key);
        self.0.iter().find_map(|run| {
            let at = run.binary_search_by(|(of, node)| (*of, table.key(*node)).cmp(&wanted)).ok()?;
            Some(run[at].1)
        })
    }

    fn add(&mut self, table: Table<'_>, node: NodeId) {
        let mut run = vec![(table.node, node)];
        while let Some(last) = self.0.pop_if(|last| last.len() < run.len() * 2) {
            run = merged(table, &last, &run);
        }
        self.0.push(run);
    }
}

/// Two sorted runs as one.
fn merged(table: Table<'_>, left: &[(NodeId, NodeId)], right: &[(NodeId, NodeId)]) -> Vec<(NodeId, NodeId)> {
    let before =
        |left: &(NodeId, NodeId), right: &(NodeId, NodeId)| (left.0, table.key(left.1)) < (right.0, table.key(right.1));
    let mut run = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let Some(next) = match (left.peek(), right.peek()) {
        (Some(first), Some(second)) if before(first, second) => left.next(),
        (Some(_), None) => left.next(),
        _ => right.next(),
    } {
        run.push(*next);
    }
    run
}
