//! The words of seed 002's interface: `status` and `error`, and flags in short.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use strata_config_admin::{Context, Dialect, FlagWriter, Operation, Problem, StatusCode};
use strata_config_flags::model::Flag;
use strata_config_flags::redis::{RedisError, StoredFlag};

use super::{FeatureFlag, FeatureFlagManager};
use crate::words::in_short;

/// Where the interface is.
pub(super) const PREFIX: &str = "/admin";

/// Where its flags are.
const FLAGS: &str = "/admin/feature-flags/";

/// A flag in the seed's words.
const SHORT: [&str; 3] = ["enabled", "user_whitelist", "percentage_rollout"];

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

    fn request(&self, operation: Operation, _context: &Context, body: Json) -> Result<Json, Problem> {
        match &body {
            Json::Object(members)
                if operation == Operation::SetFlag && members.keys().all(|name| SHORT.contains(&name.as_str())) =>
            {
                let wrong = |error: serde_json::Error| {
                    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string())
                };
                let stored: StoredFlag = serde_json::from_value(body).map_err(wrong)?;
                Ok(json!({"definition": stored.flag(), "create": false}))
            }
            _ => Ok(body),
        }
    }

    fn problem(&self, problem: &mut Map<String, Json>) {
        let is_of_a_flag = |instance: &str| instance.starts_with(FLAGS);
        let error = match problem.get("instance").and_then(Json::as_str) {
            Some(instance) if is_of_a_flag(instance) && problem.get("status") == Some(&json!(404)) => {
                "Invalid flag name".to_owned()
            }
            _ => in_short(problem),
        };
        problem.insert("error".to_owned(), error.into());
    }
}

impl FlagWriter for FeatureFlagManager {
    fn holds(&self, key: &str) -> bool {
        self.redis().is_some() && FeatureFlag::ALL.iter().any(|flag| flag.key() == key)
    }

    fn write(&self, key: &str, flag: &Flag) -> Result<(), Problem> {
        let Some(redis) = self.redis() else { return Err(Problem::internal("the flags do not live in Redis")) };
        // In the seed's short form where that says all, so that its other readers understand it.
        let written = match StoredFlag::of(flag) {
            Some(short) => redis.set(key, &short),
            None => redis.set_flag(key, flag),
        };
        written.map_err(|error| problem(&error))
    }

    fn remove(&self, key: &str) -> Result<(), Problem> {
        let Some(redis) = self.redis() else { return Err(Problem::internal("the flags do not live in Redis")) };
        redis.remove(key).map_err(|error| problem(&error))
    }
}

fn problem(error: &RedisError) -> Problem {
    match error.is_away() {
        true => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store", error.to_string()),
        false => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", error.to_string()),
    }
}
