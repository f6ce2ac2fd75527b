//! The interface over real sockets, as its clients see it.

mod batch;
mod config;
mod experiments;
mod figures;
mod flags;
mod health;
mod judged;
mod openapi;
mod python;
mod site;
mod tickets;
mod values;
