//! What conditions compare: versions, networks, moments, numbers in texts, patterns.
//!
//! Each has a side that is prepared when a flag is compiled and a side that is read from a context when it is
//! evaluated. The second allocates nothing, never panics, and answers none for a text that is not of its kind.
#![cfg_attr(
    not(any(test, all(feature = "flagd", feature = "growthbook"))),
    expect(dead_code, reason = "the evaluator, which uses it, is not written yet")
)]

pub(crate) mod glob;
pub(crate) mod moment;
pub(crate) mod network;
pub(crate) mod number;
pub(crate) mod padded_version;
pub(crate) mod semver;
