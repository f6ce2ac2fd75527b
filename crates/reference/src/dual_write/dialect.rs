//! The words of seed 001 over HTTP: its summary stands in the status.

use serde_json::{Map, Value as Json};
use strata_config_admin::{Context, Dialect, Operation};

use super::ConfigManager;

/// The words of seed 001, below `/api/dual-write`.
#[derive(Debug)]
pub(super) struct DualWriteDialect {
    pub(super) manager: ConfigManager,
}

impl Dialect for DualWriteDialect {
    fn answer(&self, operation: Operation, _context: &Context, answer: &mut Map<String, Json>) {
        if operation == Operation::Status {
            let summary = serde_json::to_value(self.manager.summary()).unwrap_or_default();
            answer.insert("summary".to_owned(), summary);
        }
    }
}
