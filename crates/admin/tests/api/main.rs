//! The interface over real sockets, as its clients see it.

mod config;
mod figures;
mod health;
mod history;
mod openapi;
mod presets;
mod site;
mod snapshots;
mod tickets;
mod whole;
