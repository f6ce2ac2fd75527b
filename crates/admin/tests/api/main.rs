//! The interface over real sockets, as its clients see it.

mod audit;
mod config;
mod experiments;
mod figures;
mod flags;
mod guests;
mod health;
mod judged;
mod limits;
mod openapi;
mod python;
mod raw;
mod retries;
mod safety;
mod server;
mod site;
mod tickets;
#[cfg(feature = "tls")]
mod tls;
