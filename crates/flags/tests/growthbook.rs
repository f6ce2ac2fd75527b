//! GrowthBook's features, experiments and conditions as flags.

#![cfg(feature = "growthbook")]

#[path = "growthbook/asked.rs"]
mod asked;
#[path = "growthbook/conditions.rs"]
mod conditions;
#[path = "growthbook/conformance.rs"]
mod conformance;
#[path = "growthbook/features.rs"]
mod features;
#[path = "growthbook/hostile.rs"]
mod hostile;
#[path = "growthbook/out.rs"]
mod out;
