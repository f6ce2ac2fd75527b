//! The five systems, tested against the design documents that they carry: `docs/seeds.md` names these tests.

mod access;
mod document;
mod dual_write;
mod faults;
mod lazy_loading;
mod learning;
mod live;
mod openfeature;
mod phase2a;
#[path = "../../../flags/tests/together/redis/server.rs"]
mod redis_server;
mod serve;
mod server;
#[path = "../cli/shell.rs"]
mod shell;
mod table;
mod webapp;
mod webhooks;
