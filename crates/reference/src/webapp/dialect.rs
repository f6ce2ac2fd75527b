//! The words of seed 002's interface: `status` and `error`, and flags in short.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use strata_config_admin::{Context, Dialect, Operation};

use super::FeatureFlagManager;
use crate::words::in_short;

/// The words of seed 002, below `/admin`.
#[derive(Debug)]
pub(super) struct WebappDialect {
    pub(super) flags: Arc<FeatureFlagManager>,
}

impl Dialect for WebappDialect {
    fn answer(&self, operation: Operation, _context: &Context, answer: &mut Map<String, Json>) {
        match operation {
            Operation::UpdateConfig | Operation::SetFlag => {
                answer.insert("status".to_owned(), "updated".into());
            }
            Operation::Flags => {
                for (flag, summary) in self.flags.list() {
                    answer.insert(flag.key().to_owned(), json!(summary));
                }
            }
            _ => {}
        }
    }

    fn problem(&self, problem: &mut Map<String, Json>) {
        let error = in_short(problem);
        problem.insert("error".to_owned(), error.into());
    }
}
