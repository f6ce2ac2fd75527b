//! Strata loads an application's configuration into one annotated struct, from files, `.env` files, the environment and
//! the command line; it knows where every value came from, and reports every mistake at once.
//!
//! ```
//! use std::time::Duration;
//! use strata_config::{LayeredConfig, Secret};
//!
//! /// The server's settings.
//! #[derive(LayeredConfig, Debug)]
//! #[config(env_prefix = "APP")]
//! struct AppConfig {
//!     /// TCP port: APP_PORT.
//!     #[config(default = 8080, validate(range(min = 1024)))]
//!     port: u16,
//!     #[config(default = "30s")]
//!     timeout: Duration,
//!     #[config(nested)]
//!     db: DbConfig,
//! }
//!
//! #[derive(LayeredConfig, Debug)]
//! struct DbConfig {
//!     /// APP_DB_URL, or the path of a file in APP_DB_URL_FILE.
//!     #[config(secret)]
//!     url: Secret<String>,
//!     /// Open connections: APP_DB_POOL_SIZE.
//!     #[config(default = 8, validate(range(min = 1, max = 64)))]
//!     pool_size: u16,
//! }
//!
//! let loaded = AppConfig::loader()
//!     .text("app.toml", "timeout = \"5m\"\n\n[db]\npool_size = 10\n") // a file: .file("app.toml")
//!     .env_from([("APP_DB_URL", "postgres://u:p@h/db"), ("APP_DB_POOL_SIZE", "12")]) // the process: .env()
//!     .args(["app", "--port", "9000"]) // .args(std::env::args_os())
//!     .load()?;
//!
//! assert_eq!((loaded.port, loaded.db.pool_size), (9000, 12));
//! assert_eq!(
//!     loaded.origin("db.pool_size").unwrap().to_string(),
//!     "variable APP_DB_POOL_SIZE, shadows app.toml:4:13 10 and the default 8",
//! );
//! # Ok::<(), strata_config::Report>(())
//! ```
//!
//! A field with neither a default nor an `Option` type is required. Every attribute is listed in `docs/attributes.md`, every
//! code of a report in `docs/errors.md` of the repository.
//!
#![doc = include_str!("../guide/sources.md")]
//!
#![doc = include_str!("../guide/reports.md")]
//!
#![doc = include_str!("../guide/secrets.md")]
//!
#![doc = include_str!("../guide/modes.md")]
//!
#![doc = include_str!("../guide/testing.md")]
//!
//! # Features
//!
//! | feature | by default | what it brings |
//! |---|---|---|
//! | `json` | on | JSON documents with comments; JSON in variables, for lists and maps of structs |
//! | `toml` | on | TOML documents |
//! | `yaml` | on | YAML documents |
//! | `envy` | on | lists in variables are split by the crate `envy` |
//! | `validator` | on | the rules `url`, `email`, `ip`, `contains`, `regex` and `validator`; without it they do not compile |
//! | `cli` | off | the module `cli`: the subcommand `config` for clap applications, and an option for every setting |
//! | `codegen` | off | the module `codegen`: templates, a reference, JSON Schema and types from a schema |
//! | `migrate` | off | the module `migrate`: documents with a version, brought up to date by typed steps, and back |
//! | `reload` | off | the module `reload`: a running configuration that is changed safely, with history and presets |
//! | `watch`, `signals`, `stream` | off | a running configuration follows files by the system's notices, and SIGHUP; changes as a stream |
//! | `secrets` | off | the module `secrets`: `fernet:` references, sealing of the secrets that a store keeps |
//! | `aws` | off | `secrets` with `aws-sm:` references to AWS Secrets Manager; it brings the AWS SDK |
//! | `store` | off | the module `store`: where changes are kept, in memory or in a directory |
//! | `sqlite` | off | changes are kept in SQLite |
//! | `pi-profile` | off | the module `pi_profile`: what a Raspberry Pi or a small container carries, detected or named |
//! | `flags` | off | the module `flags`: feature flags, evaluated by a pure function; `#[derive(FeatureFlags)]` for typed keys |
//!
//! # Limits
//!
//! - The configuration is a struct; a shape that is known only at run time can't be loaded.
//! - A document ends at 16 MiB, 128 levels and a million values.
//! - Keys and the values of variables are Unicode.
//! - Nothing is written back: [`Loaded::export`] is the whole configuration as a value, without its comments.
//! - No source is remote, and what was loaded stays as it is; a configuration that changes is `reload`'s.
//! - A list of structs has no option or variable for an item's field; a variable holds the whole list as JSON.

pub use strata_config_core::{
    Bound, Budget, ByteSize, Change, Choice, ConfigEnum, Document, DocumentBuilder, Edited, Edits, EnvSource, Excerpt,
    Explained, FieldPath, Finding, InvalidSize, Kind, Layer, LayerKind, LayeredConfig, LeafOf, LeafOption, Limits,
    LoadInfo, Loaded, Loader, Memory, Mode, NodeId, Origin, Outcome, Problem, Problems, Profile, Provenance, Reference,
    References, Related, Report, Resolved, Resolver, Schema, Sealer, Secret, SecretSource, Severity, Shadow, Share,
    SourceId, Span, Stack, UnknownChoice, Unresolved, Upgrade, UpgradeNote, Upgraded, Validator, Value, Variable,
    apply, check_patch, diff, export, freeze, leaves_of, options, reference_of, report, schema, self_test, variables,
};
pub use strata_config_derive::{ConfigEnum, LayeredConfig};

#[cfg(feature = "admin")]
pub use strata_config_admin as admin;
#[cfg(feature = "cli")]
pub use strata_config_cli as cli;
#[cfg(feature = "codegen")]
pub use strata_config_codegen as codegen;
#[cfg(feature = "flags")]
pub use strata_config_derive::FeatureFlags;
#[cfg(feature = "flags")]
pub use strata_config_flags as flags;
#[cfg(feature = "flags")]
pub use strata_config_flags::FeatureFlags;
#[cfg(feature = "migrate")]
pub use strata_config_migrate as migrate;
#[cfg(feature = "pi-profile")]
pub use strata_config_pi_profile as pi_profile;
#[cfg(feature = "reload")]
pub use strata_config_reload as reload;
#[cfg(feature = "secrets")]
pub use strata_config_secrets as secrets;
#[cfg(feature = "store")]
pub use strata_config_store as store;

#[doc(hidden)]
pub use strata_config_core::__private;

/// The examples of the page on typed keys, as tests.
#[cfg(all(doctest, feature = "flags"))]
#[doc = include_str!("../../../docs/flags/typed.md")]
struct TypedKeys;
