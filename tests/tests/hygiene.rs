//! The derive's output means the same wherever it stands, and no lint has anything to say about it. The lints are a
//! whole crate's, therefore these tests are a crate of their own.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, single_use_lifetimes)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(clippy::redundant_pub_crate, reason = "it contradicts `unreachable_pub`")]
#![allow(clippy::missing_const_for_fn, reason = "the functions here stand for a user's")]

#[path = "hygiene/flags.rs"]
mod flags;
#[path = "hygiene/generated.rs"]
mod generated;
#[path = "hygiene/generics.rs"]
mod generics;
#[path = "hygiene/hostile.rs"]
mod hostile;
#[path = "hygiene/lints.rs"]
mod lints;
#[path = "hygiene/no_prelude.rs"]
mod no_prelude;
