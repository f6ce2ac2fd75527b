//! The interface over real sockets, as its clients see it.

mod alerts;
mod audit;
mod batch;
#[cfg(feature = "pi-profile")]
mod board;
mod config;
mod console;
mod docs;
mod echoes;
mod events;
mod examples;
mod experiments;
mod figures;
mod flags;
mod guests;
mod health;
mod history;
mod judged;
mod laws;
mod limits;
mod listener;
mod methods;
mod numbers;
mod ofrep;
mod openapi;
mod patches;
mod presets;
mod python;
mod raw;
mod retries;
mod rotation;
mod safety;
mod server;
mod site;
mod snapshots;
mod status;
mod tickets;
#[cfg(feature = "tls")]
mod tls;
mod transfer;
mod values;
#[cfg(feature = "webhooks")]
mod webhooks;
mod websocket;
mod whole;
