//! The interface over real sockets, as its clients see it.

mod config;
mod figures;
mod health;
mod openapi;
mod site;
mod tickets;
