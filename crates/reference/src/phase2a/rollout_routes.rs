//! The routes that seed 000 has beside those of the configuration: the rollout and the emergency.

use serde_json::{Map, Value as Json};
use strata_config_admin::{Problem, Rollout, StatusCode};
use strata_config_reload::{Actor, Applied};

use super::{EmergencyError, FeatureFlagManager};

/// What a request may say, and the setting that it means.
const FIELDS: [(&str, &str); 2] =
    [("global_strategy", "global_rollout_strategy"), ("percentage", "rollout_percentage")];

impl Rollout for FeatureFlagManager {
    fn statistics(&self) -> Json {
        serde_json::to_value(self.rollout_statistics()).unwrap_or_default()
    }

    fn patch(&self, body: &Json) -> Result<Json, Problem> {
        let Some(asked) = body.as_object().filter(|asked| !asked.is_empty()) else {
            return Err(Problem::malformed("the rollout needs a `global_strategy` or a `percentage`"));
        };
        let mut patch = Map::new();
        for (name, value) in asked {
            let Some((_, setting)) = FIELDS.iter().find(|(known, _)| known == name) else {
                let detail = format!("a rollout has no `{name}`: there are `global_strategy` and `percentage`");
                return Err(Problem::malformed(detail));
            };
            // In a patch, null takes a value away; here nobody can mean that.
            if value.is_null() {
                return Err(Problem::malformed(format!("`{name}` has no value")));
            }
            patch.insert((*setting).to_owned(), value.clone());
        }
        Ok(Json::Object(patch))
    }

    fn disable(&self, actor: Actor) -> Result<Applied, Problem> {
        let applied = self.manager().emergency_disable(actor).map_err(|error| problem(&error))?;
        if applied.entry.is_some() {
            tracing::warn!(revision = applied.revision, "emergency disable activated for Phase 2A optimizations");
        }
        Ok(applied)
    }

    fn restore(&self, actor: Actor) -> Result<Applied, Problem> {
        let applied = self.manager().emergency_restore(actor).map_err(|error| problem(&error))?;
        if applied.entry.is_some() {
            tracing::warn!(revision = applied.revision, "the emergency of Phase 2A is over");
        }
        Ok(applied)
    }
}

fn problem(error: &EmergencyError) -> Problem {
    match error {
        EmergencyError::NotPermitted | EmergencyError::NothingToRestore => {
            Problem::new(StatusCode::CONFLICT, "conflict", error.to_string())
        }
        EmergencyError::Update(error) => Problem::of_update(error),
        EmergencyError::Store(error) => Problem::of_store(error),
    }
}
