//! The counts of one flag: how often each variant was served for each reason, without a lock.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::answer::Reason;
use crate::compile::{Compiled, Variant};

/// The reasons that a set gives, in the order of their cells. That a provider's copy is stale is its own to count.
pub(crate) const REASONS: [Reason; 5] =
    [Reason::Static, Reason::Default, Reason::TargetingMatch, Reason::Split, Reason::Disabled];

/// Counts of one cache line, so that threads that count for themselves do not take it from each other.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Line([AtomicU64; LINE]);

const LINE: usize = 8;

/// The counts of a flag with these variants. There is one row for each variant and one for the program's own default,
/// each with a cell for every reason; the last cell counts questions for another type.
#[derive(Debug)]
pub(crate) struct Counter {
    variants: Box<[Box<str>]>,
    lines: Box<[Line]>,
    lines_of_a_stripe: usize,
}

impl Counter {
    /// Everything at 0, in so many stripes.
    pub(crate) fn new(flag: &Compiled, stripes: usize) -> Self {
        let variants: Box<[Box<str>]> = flag.variants.iter().map(|(name, _)| name.clone()).collect();
        let lines_of_a_stripe = ((variants.len() + 1) * REASONS.len() + 1).div_ceil(LINE);
        let lines = (0..stripes.max(1) * lines_of_a_stripe).map(|_| Line::default()).collect();
        Self { variants, lines, lines_of_a_stripe }
    }

    /// Whether it can go on counting for a flag: its variants have kept their names.
    pub(crate) fn fits(&self, flag: &Compiled) -> bool {
        self.variants.iter().eq(flag.variants.iter().map(|(name, _)| name))
    }

    #[inline]
    pub(crate) fn count(&self, variant: Option<Variant>, reason: Reason) {
        let row = variant.map_or(self.variants.len(), usize::from);
        self.add(row * REASONS.len() + column(reason));
    }

    #[cold]
    pub(crate) fn count_mismatch(&self) {
        self.add((self.variants.len() + 1) * REASONS.len());
    }

    #[inline]
    fn add(&self, cell: usize) {
        let stripes = self.lines.len() / self.lines_of_a_stripe;
        // Stripes are a power of two, so this is one `and`.
        let line = (thread_number() & (stripes - 1)) * self.lines_of_a_stripe + cell / LINE;
        if let Some(line) = self.lines.get(line) {
            line.0[cell % LINE].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Every count above 0, by variant (none for the program's own default) and reason.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (Option<&str>, Reason, u64)> {
        let rows = self.variants.iter().map(|name| Some(&**name)).chain([None]).enumerate();
        rows.flat_map(move |(row, variant)| {
            let cell = move |(column, reason)| (variant, reason, self.sum(row * REASONS.len() + column));
            REASONS.into_iter().enumerate().map(cell)
        })
        .filter(|(_, _, count)| *count > 0)
    }

    pub(crate) fn mismatches(&self) -> u64 {
        self.sum((self.variants.len() + 1) * REASONS.len())
    }

    fn sum(&self, cell: usize) -> u64 {
        let stripes = self.lines.chunks(self.lines_of_a_stripe);
        stripes.map(|stripe| stripe[cell / LINE].0[cell % LINE].load(Ordering::Relaxed)).sum()
    }
}

/// A reason's cell within its row.
#[inline]
const fn column(reason: Reason) -> usize {
    match reason {
        Reason::Static => 0,
        Reason::TargetingMatch => 2,
        Reason::Split => 3,
        Reason::Disabled => 4,
        // No set answers that its flags are stale, or that there was an error.
        Reason::Default | Reason::Stale | Reason::Error => 1,
    }
}

/// How many stripes keep this machine's threads apart: a power of two.
pub(crate) fn stripes_of_this_machine() -> usize {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    threads.next_power_of_two().min(MOST_STRIPES)
}

/// More would cost memory (128 bytes a flag and stripe) without keeping more threads apart in practice.
pub(crate) const MOST_STRIPES: usize = 16;

/// The number of this thread: they count up, so that neighbours take different stripes.
#[inline]
fn thread_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    const UNKNOWN: usize = usize::MAX;
    thread_local! {
        static NUMBER: Cell<usize> = const { Cell::new(UNKNOWN) };
    }
    let number = NUMBER.get();
    if number != UNKNOWN {
        return number;
    }
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    NUMBER.set(number);
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_of_a_set_has_a_cell_of_its_own() {
        for (place, reason) in REASONS.into_iter().enumerate() {
            assert_eq!(column(reason), place, "{reason}");
        }
    }
}
