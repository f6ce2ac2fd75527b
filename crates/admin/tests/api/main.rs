//! The interface over real sockets, as its clients see it.

mod config;
mod events;
mod listener;
mod site;
mod tickets;
