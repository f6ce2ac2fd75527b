//! Versioned documents: typed steps that turn a document of an older version into one of the program's own, and back.

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
