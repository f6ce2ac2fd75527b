//! The words of seed 000's interface: `success`, `data`, `message` and `error`.

use serde_json::{Map, Value as Json, json};
use strata_config::ConfigEnum;
use strata_config_admin::{Context, Dialect, Operation, Problem};

use super::{FeatureFlagManager, RolloutStrategy};
use crate::words::{in_short, mistakes};

/// The words of seed 000, below `/api/admin/phase2a`.
#[derive(Debug)]
pub(super) struct Phase2aDialect {
    pub(super) flags: FeatureFlagManager,
}

impl Phase2aDialect {
    /// What an update of the rollout is answered with.
    fn updated(&self) -> String {
        let config = self.flags.manager().config();
        let strategy = config.global_rollout_strategy;
        let done = "Rollout configuration updated successfully";
        if strategy == RolloutStrategy::Custom || config.rollout_percentage == 0.0 {
            return done.to_owned();
        }
        let share = config.rollout_percentage;
        format!("{done}; the percentage {share} counts under the strategy `custom`, and the strategy is `{strategy}`")
    }
}

impl Dialect for Phase2aDialect {
    fn answer(&self, operation: Operation, _context: &Context, answer: &mut Map<String, Json>) {
        let message = match operation {
            Operation::UpdateConfig => "Configuration updated successfully".to_owned(),
            Operation::UpdateRollout => self.updated(),
            Operation::EmergencyDisable => "Phase 2A optimizations emergency disabled".to_owned(),
            Operation::EmergencyRestore => "Phase 2A optimizations restored".to_owned(),
            _ => String::new(),
        };
        if matches!(operation, Operation::Config | Operation::Rollout) {
            let data = Json::Object(answer.clone());
            answer.insert("data".to_owned(), data);
        }
        if !message.is_empty() {
            answer.insert("message".to_owned(), message.into());
        }
        let success = operation != Operation::Validate || answer.get("valid") == Some(&json!(true));
        answer.insert("success".to_owned(), success.into());
    }

    fn problem(&self, problem: &mut Map<String, Json>) {
        problem.insert("success".to_owned(), false.into());
        let error = match mistakes(problem).as_slice() {
            [("global_rollout_strategy", _)] => {
                let valid: Vec<&str> = RolloutStrategy::CHOICES.iter().map(|choice| choice.name).collect();
                format!("Invalid rollout strategy. Valid options: {}", valid.join(", "))
            }
            [("rollout_percentage", _)] => "Rollout percentage must be between 0.0 and 100.0".to_owned(),
            _ => in_short(problem),
        };
        problem.insert("error".to_owned(), error.into());
    }

    fn request(&self, operation: Operation, _context: &Context, body: Json) -> Result<Json, Problem> {
        let is_empty = match &body {
            Json::Null => true,
            Json::Object(members) => members.is_empty(),
            Json::Array(items) => items.is_empty(),
            _ => false,
        };
        match operation {
            Operation::UpdateConfig | Operation::Validate if is_empty => {
                Err(Problem::malformed("No configuration data provided"))
            }
            _ => Ok(body),
        }
    }
}
