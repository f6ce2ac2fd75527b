//! What a Raspberry Pi or a small container carries: the board is detected, its profile chosen, and given to a loader.
//!
//! ```
//! use std::path::Path;
//! use strata_config::LayeredConfig;
//! use strata_config_pi_profile::{Board, Choice, Profiles};
//!
//! #[derive(LayeredConfig)]
//! struct AppConfig {
//!     /// Open connections.
//!     #[config(default = 1000, resource = "connections")]
//!     connections: u32,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let board = Board::detect(Path::new("/"));
//! let chosen = Profiles::default().choose(&Choice::Auto, &board, AppConfig::SCHEMA)?;
//! assert_eq!(chosen.profile.is_some(), board.kind().is_some());
//! # Ok(())
//! # }
//! ```
//!
//! Nothing here needs threads, an async runtime or anything but files; nothing is printed, and no variable is read.

mod board;
mod builtin;
mod choice;
mod own;

pub use board::{Board, BoardMemory, Cgroup, Condition, Cpu, Fault, Throttled};
pub use builtin::{BUILTIN, builtin};
pub use choice::{Choice, Chosen, ChosenBy, Profiles, UnknownProfile};
