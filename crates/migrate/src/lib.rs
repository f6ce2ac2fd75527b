//! Versioned documents: typed steps that turn a document of an older version into one of the program's own, and back.
//!
//! ```
//! use strata_config::{Layer, LayeredConfig};
//! use strata_config_migrate::{Migrations, Step};
//!
//! #[derive(LayeredConfig)]
//! struct AppConfig {
//!     #[config(default = 8080)]
//!     port: u16,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let step = Step::new("port", "1.0.0", "1.1.0").rename("listen", "port");
//! let migrations = Migrations::to("1.1.0").step(step).build()?;
//!
//! let old = Layer::parse("app.toml", "listen = 9000", AppConfig::SCHEMA)?;
//! let plan = migrations.plan_for::<AppConfig>(old.document(), None)?;
//! assert_eq!(plan.changes(), 2); // the name, and the version
//!
//! // Documents of older versions are read as well.
//! let loaded = AppConfig::loader().text("app.toml", "listen = 9000").upgrade(migrations).load()?;
//! assert_eq!(loaded.port, 9000);
//! # Ok(())
//! # }
//! ```
//!
//! A plan is a dry run: it says what every step changes, as RFC 6902, and how long it took. With the feature `files` files are
//! rewritten, their comments kept ([`Migrations::plan_file`](Migrations)); a store's documents are migrated in one commit
//! ([`Migrations::plan_store`]). A failure at any point leaves document, backup and history as they were.
//! `docs/migrations.md` of the repository is the tutorial and the reference.

mod chain;
mod edit;
mod error;
#[cfg(feature = "files")]
mod files;
mod history;
mod patch;
mod plan;
mod renames;
#[cfg(feature = "files")]
mod rewrite;
mod step;
mod store;
mod tree;
mod upgrade;
mod version;

pub use chain::{InvalidChain, Migrations, MigrationsBuilder};
pub use edit::{Edit, Refusal};
pub use error::MigrateError;
#[cfg(feature = "files")]
pub use files::{FilePlan, Written};
pub use history::Record;
pub use patch::{Operation, Patch};
pub use plan::{Direction, FinalCheck, Plan, PlannedStep};
pub use step::Step;
pub use store::{Committed, StorePlan};
pub use version::{InvalidVersion, Version};

/// The examples of the page on migrations, as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/migrations.md")]
struct Page;
