//! Artefacts from a schema: what people read, copy and check a configuration with, always as new as the structs.
//!
//! | artefact | what it is |
//! |---|---|
//! | [`template`] | a commented file in TOML, YAML, JSON or `.env` syntax, to copy: every setting at its default |
//! | [`markdown`] | the reference: every setting with its type, default, limits and variables; and every variable |
//! | [`json_schema`] | JSON Schema 2020-12, with which editors complete and check files |
//! | [`typescript`] | types for programs that read or change the configuration over HTTP |
//!
//! The same schema gives the same text, byte for byte. So an application's own `xtask` writes the files, and its tests
//! or its CI compare them:
//!
//! ```
//! use strata_config_codegen::Artefact;
//! use strata_config_core::LayeredConfig;
//! # use strata_config_derive::LayeredConfig;
//!
//! /// The server's settings.
//! #[derive(LayeredConfig)]
//! # #[config(crate = strata_config_core)]
//! struct AppConfig {
//!     /// TCP port.
//!     #[config(default = 8080)]
//!     port: u16,
//! }
//!
//! # let folder = std::env::temp_dir().join(format!("strata-codegen-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! for artefact in Artefact::ALL {
//!     let path = folder.join(format!("app.{}", artefact.extension()));
//!     std::fs::write(&path, artefact.text(AppConfig::SCHEMA))?;
//!     // A check reads instead: `assert_eq!(std::fs::read_to_string(&path)?, artefact.text(AppConfig::SCHEMA))`.
//! }
//! # assert!(std::fs::read_to_string(folder.join("app.toml"))?.contains("\n#port = 8080\n"));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! No artefact ever holds a secret: not even the default of one.
//!
//! # Limits
//!
//! A schema knows a leaf by what its type asks serde for. So a struct that is one leaf is an object without known keys,
//! an enum with data is known by the names of its variants, and rules that are functions are named and not checked.
//! JSON Schema can't compare durations and sizes that are text; their limits are told in the description, and apply to
//! bare numbers alone. Rules between several fields are the loader's.

mod artefact;
mod describe;
#[cfg(feature = "export")]
mod export;
mod facts;
mod json_schema;
mod markdown;
mod model;
mod template;
mod text;
mod typescript;

pub use artefact::Artefact;
#[cfg(feature = "export")]
pub use export::{Exported, Lost, export};
pub use facts::{choices, entry_limits, limits};
pub use json_schema::{Coverage, json_schema};
pub use markdown::markdown;
pub use template::{Format, dotenv_value, template};
pub use typescript::typescript;
