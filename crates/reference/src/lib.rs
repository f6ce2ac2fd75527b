//! Five real configuration systems, each a module to read and to copy.
//!
//! | module | what it configures | shows |
//! |---|---|---|
//! | [`phase2a`] | the rollout of optimised components on a Raspberry Pi Zero 2W | limits with fallbacks, a newtype leaf, computed values, variables with names of their own |
//! | [`dual_write`] | which share of a monitor's events goes to two transports | prefixes of variables, optional enums, rules over lists, warnings |
//! | [`webapp`] | a web application's settings, flags and secrets | required secrets, URL schemes, files and `.env` files chosen by the environment |
//! | [`learning`] | a learning application | cross-field rules, maps, a renamed key, layers of the program for each environment |
//! | [`lazy_loading`] | the unloading and reloading of packages at run time | a flat list of keys, sizes, an enum in capitals |
//!
//! Every setting, default, variable and limit comes from a design document; `docs/seeds.md` says which test shows it.

pub mod dual_write;
pub mod lazy_loading;
pub mod learning;
pub mod phase2a;
mod system;
pub mod webapp;
mod words;

pub use system::System;
