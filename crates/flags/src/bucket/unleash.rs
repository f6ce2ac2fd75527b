//! Unleash's gradual rollouts and variants.
//!
//! Source: Unleash/unleash-client-node, `src/strategy/util.ts`, `flexible-rollout-strategy.ts`, `variant.ts`; the salt
//! is Unleash's group. Texts are hashed as UTF-8 (client specification, 18-utf8-flag-names).

/// What variants are hashed with; rollouts are hashed with zero.
pub(crate) const VARIANT_SEED: u32 = 86_028_157;

/// Whether a unit is in, and its bucket. Unleash counts whole percents from 1, and a fraction of one adds nobody.
pub(crate) fn include(hash: u32, coverage: u32) -> (bool, u32) {
    let percent = hash % 100;
    ((percent + 1) * 1000 <= coverage, percent * 1000)
}
