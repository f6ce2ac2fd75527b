//! The interface over real sockets, as its clients see it.

mod alerts;
mod config;
mod console;
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
mod websocket;
mod whole;
