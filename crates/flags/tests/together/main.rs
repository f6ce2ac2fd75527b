//! The tests that may share a process, a subject a file: one program is linked for all of them.

mod allocations;
mod configuration;
mod evaluation;
mod flagd_conformance;
mod flagd_export;
mod flagd_rules;
mod flagd_testbed;
mod growthbook;
mod live;
mod openfeature;
mod overlay;
mod redis;
mod runtime;
mod typed;
mod unleash;
mod unleash_conformance;
mod unleash_export;
mod unleash_hostile;
