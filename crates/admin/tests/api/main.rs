//! The interface over real sockets, as its clients see it.

mod config;
mod events;
mod figures;
mod health;
mod listener;
mod openapi;
mod site;
mod tickets;
