//! Rules, and what they serve.

use serde_json::{Map, Value as Json, json};

use super::super::feature::{MADE_UP, PREREQUISITE};
use super::super::mongo::ID;
use super::condition::Parts;
use super::{Cant, Writing};
use crate::bucket::Algorithm;
use crate::context::TARGETING_KEY;
use crate::model::{Condition, Prerequisite, Rule, Serve, Split, Weight};

impl Writing<'_> {
    pub(super) fn rule(&self, rule: &Rule) -> Result<Map<String, Json>, Cant> {
        if let Some(gate) = self.gate(rule)? {
            return Ok(gate);
        }
        let mut written = Map::new();
        if let Some(id) = rule.id.as_ref().filter(|id| !id.starts_with(MADE_UP)) {
            written.insert("id".to_owned(), json!(id));
        }
        match &rule.serve {
            Serve::Variant(name) => {
                written.insert("force".to_owned(), self.value(Some(name)));
            }
            Serve::CodeDefault => {
                written.insert("force".to_owned(), Json::Null);
            }
            Serve::Split(split) => self.split(split, rule.description.as_deref(), &mut written)?,
            Serve::Ramp(_) => return Err("GrowthBook has no ramps".to_owned()),
            Serve::Logic(_) => return Err("GrowthBook does not know JsonLogic".to_owned()),
        }
        self.parts(&rule.when)?.write(&mut written);
        Ok(written)
    }

    /// A rule that came from a feature without which the flag is off.
    fn gate(&self, rule: &Rule) -> Result<Option<Map<String, Json>>, Cant> {
        let is_gate = rule.description.as_deref() == Some(PREREQUISITE) && rule.serve == Serve::CodeDefault;
        let Condition::Not(needed) = &rule.when else { return Ok(None) };
        let Condition::Flag(needed) = &**needed else { return Ok(None) };
        if !is_gate {
            return Ok(None);
        }
        let parent = self.parent(needed, true)?;
        Ok(Some([("parentConditions".to_owned(), json!([parent]))].into_iter().collect()))
    }

    /// Another flag that has to serve one of these variants, as a condition on its value.
    pub(super) fn parent(&self, needed: &Prerequisite, gate: bool) -> Result<Json, Cant> {
        let other = self.all.flags.get(&needed.flag).ok_or_else(|| format!("there is no flag `{}`", needed.flag))?;
        let definition = other.definition();
        let variants = definition.variants();
        let (named, others): (Vec<_>, Vec<_>) = variants.iter().partition(|(name, _)| needed.variant.contains(name));
        if definition.off_variant.is_some() && !(definition.status.is_enabled() && definition.prerequisites.is_empty())
        {
            return Err(format!("what `{}` serves while it is off would count as served", needed.flag));
        }
        let values: Vec<&Json> = named.into_iter().map(|(_, value)| value).collect();
        if others.iter().any(|(_, value)| values.contains(value)) {
            return Err(format!("GrowthBook knows values, not variants, and in `{}` two are the same", needed.flag));
        }
        // A plain object or list is compared as a whole, `$in` never finds one.
        let one = |value: &Json| match value {
            Json::Object(_) | Json::Array(_) => json!({"value": value}),
            scalar => json!({"value": {"$eq": scalar}}),
        };
        let any: Vec<Json> = values.into_iter().map(one).collect();
        let condition = if needed.negate { json!({"$nor": any}) } else { json!({"$or": any}) };
        let mut parent = json!({"id": needed.flag, "condition": condition});
        if gate {
            parent["gate"] = json!(true);
        }
        Ok(parent)
    }

    fn split(&self, split: &Split, experiment: Option<&str>, written: &mut Map<String, Json>) -> Result<(), Cant> {
        by(split, "hashAttribute", Algorithm::GrowthBook1, written)?;
        let fallback = split.fallback_by.as_slice();
        if let Some(fallback) = fallback.first().filter(|fallback| *fallback != TARGETING_KEY) {
            written.insert("fallbackAttribute".to_owned(), json!(fallback));
        }
        if fallback.len() > 1 {
            return Err("GrowthBook knows units of one attribute".to_owned());
        }
        written.insert("seed".to_owned(), json!(split.salt.as_deref().unwrap_or(self.key)));
        let coverage = f64::from(split.coverage.steps()) / f64::from(crate::BUCKETS);
        // Without weights it is `on` that is served.
        let on = [Weight { variant: "on".to_owned(), weight: 1 }];
        let weights = if split.weights.is_empty() { &on[..] } else { &split.weights };
        match (weights, &split.ranges) {
            ([], _) => {}
            ([one], ranges) => {
                written.insert("force".to_owned(), self.value(Some(&one.variant)));
                match ranges.as_deref() {
                    Some([range]) => written.insert("range".to_owned(), json!(range)),
                    _ => written.insert("coverage".to_owned(), json!(coverage)),
                };
            }
            (many, ranges) => {
                let values: Vec<Json> = many.iter().map(|weight| self.value(Some(&weight.variant))).collect();
                let prefix = experiment.map(|key| format!("{key}/")).unwrap_or_default();
                let meta: Vec<Json> =
                    many.iter().map(|weight| json!({"key": key_of(&weight.variant, &prefix)})).collect();
                written.insert("key".to_owned(), json!(experiment.unwrap_or(self.key)));
                written.insert("variations".to_owned(), Json::Array(values));
                written.insert("meta".to_owned(), Json::Array(meta));
                match ranges {
                    Some(_) if coverage < 1.0 => return Err("ranges and a coverage are one too many".to_owned()),
                    Some(ranges) => {
                        written.insert("ranges".to_owned(), json!(ranges));
                    }
                    None => {
                        let sum: f64 = many.iter().map(|weight| f64::from(weight.weight)).sum();
                        let weights: Vec<f64> = many.iter().map(|weight| f64::from(weight.weight) / sum).collect();
                        written.insert("weights".to_owned(), json!(weights));
                        written.insert("coverage".to_owned(), json!(coverage));
                    }
                }
            }
        }
        Ok(())
    }
}

/// A variation's key: the variant's name without what told it apart from those of other experiments.
fn key_of<'n>(mut name: &'n str, prefix: &str) -> &'n str {
    while let Some(rest) = name.strip_prefix(prefix).filter(|_| !prefix.is_empty()) {
        name = rest;
    }
    name
}

/// Writes by which attribute and which hash units are told apart.
pub(super) fn by(split: &Split, field: &str, usual: Algorithm, written: &mut Map<String, Json>) -> Result<(), Cant> {
    let version = match split.algorithm {
        Algorithm::GrowthBook1 => 1,
        Algorithm::GrowthBook2 => 2,
        other => return Err(format!("by `{other}` other units are in than by GrowthBook's hashes")),
    };
    if split.algorithm != usual {
        written.insert("hashVersion".to_owned(), json!(version));
    }
    match split.bucket_by.as_slice() {
        [] => Ok(()),
        [attribute] if attribute == ID || attribute == TARGETING_KEY => Ok(()),
        [attribute] => {
            written.insert(field.to_owned(), json!(attribute));
            Ok(())
        }
        _ => Err("GrowthBook knows units of one attribute".to_owned()),
    }
}

impl Writing<'_> {
    /// A rule's condition, in GrowthBook's parts.
    fn parts(&self, when: &Condition) -> Result<Parts, Cant> {
        let mut parts = Parts::default();
        match when {
            Condition::All(all) => all.iter().try_for_each(|one| parts.add(one, self))?,
            one => parts.add(one, self)?,
        }
        Ok(parts)
    }
}
