//! The tests that may share a process, a subject a file: one program is linked for all of them.

mod artefacts;
mod attributes;
mod design_example;
mod edits;
mod error_docs;
mod hostile;
mod laws;
mod leaves;
mod mistakes;
mod pages;
mod problems;
mod reports;
mod secrets;
mod sources;
mod stack;
mod stores;
mod text;
mod typed_flags;
