//! Every store passes the suite, and each what is its own.

mod places;

use places::{Database, Directory, Memory};

strata_config_store::store_conformance_tests!(memory, Memory::default());
strata_config_store::store_conformance_tests!(file, Directory::new());
strata_config_store::store_conformance_tests!(sqlite, Database::new());
