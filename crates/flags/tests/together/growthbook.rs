//! GrowthBook's features, experiments and conditions as flags.

#![cfg(feature = "growthbook")]

mod asked;
mod conditions;
mod conformance;
mod features;
mod hostile;
mod out;
