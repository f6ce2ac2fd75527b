//! Tests that need all crates of the workspace; each file of `tests/` is one subject.
