//! The `config` subcommand that any clap application embeds: where every value came from, what is wrong, what differs.
//!
//! ```
//! use clap::Command;
//! use strata_config::LayeredConfig;
//! use strata_config_cli::ConfigCommand;
//!
//! #[derive(LayeredConfig)]
//! struct AppConfig {
//!     /// TCP port.
//!     #[config(default = 8080)]
//!     port: u16,
//! }
//!
//! // `app config explain`, `app config check -f site.toml`, `app config get port --set port=9000`, …
//! let config = ConfigCommand::new(|| AppConfig::loader().file("app.toml").optional().env());
//! let app = Command::new("app").subcommand(config.command("config"));
//! let matches = app.get_matches_from(["app", "config", "get", "port", "--set", "port=9000"]);
//! if let Some(("config", matches)) = matches.subcommand() {
//!     config.run(matches); // prints 9000 and gives the exit status
//! }
//! ```
//!
//! # Sources
//!
//! The application's own loader says which sources there are; options add to it. Whatever their order on the command
//! line, a file of `-f` is stronger than the application's files and weaker than every variable, one of `--env-file`
//! is weaker than the environment, and `--set` and the settings' own flags are the strongest. Of several of a kind the
//! last wins.
//!
//! # Exit status
//!
//! 0 is fine; 1 an invalid configuration, with the report on standard error (with `--format json` on standard output);
//! 2 a mistake in the command line, such as a path that names no setting.
//!
//! # Limits
//!
//! `--profile auto` finds no board yet: it leaves the profile that the application's loader chose. A list's items and a
//! map's entries have no flags of their own; `--set` sets a map's entry (`--set labels.a=1`) and a whole list, not an item
//! of one.

mod check;
mod columns;
mod command;
#[cfg(feature = "completions")]
mod completions;
mod context;
mod diff;
mod documents;
mod explain;
mod export;
mod get;
mod leaf_args;
mod options;
mod output;
mod select;
mod store;

pub use command::ConfigCommand;
#[cfg(feature = "completions")]
pub use completions::{Shell, completions};
pub use leaf_args::{leaf_args, with_leaf_args};
pub use output::{Output, Status, Terminal};
