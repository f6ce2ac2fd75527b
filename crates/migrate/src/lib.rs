//! Versioned documents: typed steps that turn a document of an older version into one of the program's own, and back.

mod chain;
mod edit;
mod error;
mod patch;
mod plan;
mod renames;
mod step;
mod tree;
mod upgrade;
mod version;

pub use chain::{InvalidChain, Migrations, MigrationsBuilder};
pub use edit::{Edit, Refusal};
pub use error::MigrateError;
pub use patch::{Operation, Patch};
pub use plan::{Direction, FinalCheck, Plan, PlannedStep};
pub use step::Step;
pub use version::{InvalidVersion, Version};
