//! Every store passes the suite, and each what is its own.

mod addresses;
mod file;
mod model;
mod places;
mod processes;
mod sqlite;

use places::{Database, Directory, Memory};

strata_config_store::store_conformance_tests!(in_memory, Memory::default());
strata_config_store::store_conformance_tests!(in_a_directory, Directory::new());
strata_config_store::store_conformance_tests!(in_a_database, Database::new());
