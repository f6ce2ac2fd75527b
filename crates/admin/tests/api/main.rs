//! The interface over real sockets, as its clients see it.

mod config;
mod flags;
mod site;
mod tickets;
