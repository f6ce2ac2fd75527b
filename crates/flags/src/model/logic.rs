//! Targeting as JsonLogic, for what rules can't say.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::bucket::Algorithm;

/// A JsonLogic rule with flagd's operators, whose result names a variant: `{"logic": {"rule": {"if": […]}}}`.
///
/// A result of null has no answer, so the next rule is asked; a rule that fails, or names no variant, ends the
/// evaluation with the default. Needs the feature `flagd`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logic {
    /// The rule.
    pub rule: Json,
    /// Which generation of flagd's `fractional` places units: `flagd-v3` or `flagd-v2`.
    #[serde(default = "newest", skip_serializing_if = "is_newest")]
    pub fractional: Algorithm,
}

impl Logic {
    /// The rule, with the newest generation of `fractional`.
    #[must_use]
    pub fn new(rule: Json) -> Self {
        Self { rule, fractional: newest() }
    }
}

fn newest() -> Algorithm {
    Algorithm::FlagdV3
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_newest(algorithm: &Algorithm) -> bool {
    *algorithm == newest()
}
