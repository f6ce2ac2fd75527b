//! The peers: each in a file of its own, as an expert user of it would write that.

pub mod flagd;
pub mod growthbook;
pub mod launchdarkly;
pub mod unleash;
