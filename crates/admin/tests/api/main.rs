//! The interface over real sockets, as its clients see it.

mod config;
mod site;
mod tickets;
