//! The peers: each in a file of its own, as an expert user of it would write that.

pub mod conf;
pub mod config;
pub mod confik;
pub mod confique;
pub mod figment;
pub mod figue;
pub mod schematic;
pub mod smart_config;
pub mod usage_config;
