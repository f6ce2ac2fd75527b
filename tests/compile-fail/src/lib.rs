//! The cases stand in `ui/`, one mistake a file, and `tests/compile_fail.rs` compiles them.
