//! The interface over real sockets, as its clients see it.

mod config;
mod console;
mod docs;
mod events;
mod experiments;
mod figures;
mod flags;
mod health;
mod history;
mod judged;
mod listener;
mod openapi;
mod presets;
mod python;
mod site;
mod snapshots;
mod tickets;
mod whole;
