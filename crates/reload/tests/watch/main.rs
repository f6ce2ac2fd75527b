//! Watching, in a process of its own: its tests share the process's one watcher, and nothing else keeps them waiting.

mod malformed;
mod outside;
mod saves;
mod store;
