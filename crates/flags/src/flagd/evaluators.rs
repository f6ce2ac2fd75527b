//! `$evaluators`: rules that others name by `$ref`.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The evaluators that could be read, by name.
#[derive(Debug, Default)]
pub(super) struct Evaluators(pub(super) BTreeMap<String, Json>);

impl Evaluators {
    /// A rule with what its references stand for in their places.
    ///
    /// # Errors
    /// A reference leads nowhere, or round in a circle.
    pub(super) fn resolve(&self, rule: &Json) -> Result<Json, String> {
        self.resolve_within(rule, &mut Vec::new())
    }

    fn resolve_within<'e>(&'e self, rule: &'e Json, way: &mut Vec<&'e str>) -> Result<Json, String> {
        if let Some(name) = reference(rule) {
            let found = self.0.get(name).ok_or_else(|| {
                match strata_config_core::report::nearest(name, self.0.keys().map(String::as_str)) {
                    Some(nearest) => {
                        format!("there is no evaluator `{}`; did you mean `{nearest}`?", name.escape_debug())
                    }
                    None => format!("there is no evaluator `{}`", name.escape_debug()),
                }
            })?;
            if way.contains(&name) {
                way.push(name);
                return Err(format!("evaluators refer to each other in a circle: {}", way.join(" to ")));
            }
            way.push(name);
            let resolved = self.resolve_within(found, way);
            way.pop();
            return resolved;
        }
        Ok(match rule {
            Json::Array(items) => {
                Json::Array(items.iter().map(|item| self.resolve_within(item, way)).collect::<Result<_, _>>()?)
            }
            Json::Object(entries) => {
                let entry = |(name, value): (&String, &'e Json)| Ok((name.clone(), self.resolve_within(value, way)?));
                Json::Object(entries.iter().map(entry).collect::<Result<_, String>>()?)
            }
            other => other.clone(),
        })
    }
}

/// The evaluator that a rule refers to.
pub(super) fn reference(rule: &Json) -> Option<&str> {
    let entries = rule.as_object().filter(|entries| entries.len() == 1)?;
    entries.get("$ref")?.as_str()
}
