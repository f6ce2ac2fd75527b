//! The words of seed 004's interface: values by key, their sources and users, and what became of each key of a batch.

use serde_json::{Map, Value as Json, json};
use strata_config_admin::{Context, Dialect, Operation, Problem};

use super::{ConfigurationEngine, EngineValue, Summary};
use crate::words::{in_short, mistakes};

/// The words of seed 004, below `/api/lazy-loading-config`.
#[derive(Debug)]
pub(super) struct LazyLoadingDialect {
    pub(super) engine: ConfigurationEngine,
}

impl LazyLoadingDialect {
    /// Adds the seed's fields to a value: `key`, `source`, `user`, `description`.
    fn name(&self, value: &mut Json, known: &[EngineValue]) {
        let Some(path) = value.get("path").and_then(Json::as_str) else { return };
        let Some(known) = known.iter().find(|known| known.key == path) else { return };
        let Some(members) = value.as_object_mut() else { return };
        members.insert("key".to_owned(), known.key.as_str().into());
        members.insert("source".to_owned(), known.source.as_str().into());
        members.insert("user".to_owned(), json!(known.user));
        members.insert("description".to_owned(), known.description.as_str().into());
    }
}

impl Dialect for LazyLoadingDialect {
    fn answer(&self, operation: Operation, _context: &Context, answer: &mut Map<String, Json>) {
        match operation {
            Operation::Status => {
                let summary = Summary::without_store(&self.engine);
                answer.insert("total_values".to_owned(), summary.total_values.into());
                answer.insert("validation_status".to_owned(), json!(summary.validation_status));
                answer.insert("last_updated".to_owned(), json!(summary.last_updated));
                // Ours are by layer; the seed has names of its own.
                answer.insert("sources".to_owned(), json!(summary.sources));
            }
            Operation::Values => {
                let known = self.engine.values();
                for value in answer.get_mut("values").and_then(Json::as_array_mut).into_iter().flatten() {
                    self.name(value, &known);
                }
            }
            Operation::Value => {
                let mut value = Json::Object(std::mem::take(answer));
                self.name(&mut value, &self.engine.values());
                if let Json::Object(value) = value {
                    *answer = value;
                }
            }
            Operation::Validate => {
                let is_valid = answer.get("valid").cloned().unwrap_or_default();
                let errors: Vec<String> = mistakes(answer).into_iter().map(|(_, message)| message.to_owned()).collect();
                answer.insert("is_valid".to_owned(), is_valid);
                answer.insert("validation_errors".to_owned(), errors.into());
            }
            Operation::Snapshot | Operation::CreateSnapshot => name_snapshot(answer),
            Operation::Snapshots => {
                for snapshot in answer.get_mut("snapshots").and_then(Json::as_array_mut).into_iter().flatten() {
                    snapshot.as_object_mut().into_iter().for_each(name_snapshot);
                }
            }
            _ => {}
        }
    }

    fn problem(&self, problem: &mut Map<String, Json>) {
        let errors: Vec<String> = mistakes(problem).into_iter().map(|(_, message)| message.to_owned()).collect();
        if !errors.is_empty() {
            problem.insert("validation_errors".to_owned(), errors.into());
        }
        let error = in_short(problem);
        problem.insert("error".to_owned(), error.into());
    }

    fn request(&self, operation: Operation, _context: &Context, body: Json) -> Result<Json, Problem> {
        let is_one = |members: &Map<String, Json>| {
            members.get("key").is_some_and(Json::is_string)
                && members.contains_key("value")
                && members.keys().all(|name| ["key", "value", "source", "description"].contains(&name.as_str()))
        };
        match body {
            Json::Object(mut members) if operation == Operation::Validate && is_one(&members) => {
                let value = members.remove("value").unwrap_or_default();
                let key = members.remove("key").and_then(|key| key.as_str().map(str::to_owned)).unwrap_or_default();
                // In a patch, null takes a value away; a value is what is to be validated here.
                if value.is_null() {
                    return Err(Problem::malformed("`value` is null, which is no key's value"));
                }
                Ok(Json::Object([(key, value)].into_iter().collect()))
            }
            body => Ok(body),
        }
    }
}

fn name_snapshot(snapshot: &mut Map<String, Json>) {
    for (own, name) in [("id", "snapshot_id"), ("at", "timestamp"), ("actor", "user")] {
        let value = snapshot.get(own).cloned().unwrap_or_default();
        snapshot.insert(name.to_owned(), value);
    }
}
