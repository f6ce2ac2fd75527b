//! The tests that may share a process, a subject a file: one program is linked for all of them.

mod asynchronous;
mod conditions;
mod db;
mod derived;
mod examples;
mod failing_store;
mod foreign_code;
mod here;
mod listeners;
mod live;
mod model;
mod newest_usable;
mod origins;
mod presets;
mod stream;
mod versions;
