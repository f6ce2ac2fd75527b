//! `md5(unit) % 100`, as programs without a flag system write it.
//!
//! Source: such programs: Python's `int(hashlib.md5(unit.encode()).hexdigest(), 16) % 100 < percentage`. It is
//! unsalted, so a split's salt has no say.

use md5::{Digest, Md5};

use super::unit::Unit;

/// The whole percent of a unit, and a second number for the choice of a variant, which such programs did not have:
/// what the division by 100 leaves over is independent of the percent.
pub(crate) fn place(unit: &(impl Unit + ?Sized)) -> (u32, u128) {
    let digest = unit.feed(Md5::new(), |state, bytes| state.chain_update(bytes));
    let number = u128::from_be_bytes(digest.finalize().into());
    ((number % 100) as u32, number / 100)
}
