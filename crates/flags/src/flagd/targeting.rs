//! A definition's targets, rules and fallthrough as one rule of JsonLogic.

use serde_json::{Value as Json, json};

use super::check::within;
use super::condition::Conditions;
use super::split::{Splits, Written};
use crate::bucket::Algorithm;
use crate::compile::Problems;
use crate::context::TARGETING_KEY;
use crate::model::{Definition, Serve};

/// What is written, and what is known about it.
#[derive(Debug)]
pub(super) struct Targeting<'t> {
    pub(super) conditions: Conditions<'t>,
    pub(super) splits: Splits<'t>,
    pub(super) is_approximate: bool,
}

/// A flag's targeting, null for none, and the default that goes with it.
pub(super) struct Targeted {
    pub(super) rule: Json,
    pub(super) default: Option<String>,
}

impl Targeting<'_> {
    pub(super) fn definition(&mut self, definition: &Definition, problems: &mut Problems) -> Targeted {
        let is_for_all = definition.targets.is_empty() && definition.rules.is_empty();
        let mut default = definition.default_variant.clone();
        let mut rule = Json::Null;
        match &definition.fallthrough {
            None => {}
            // The default that it has is never served then.
            Some(Serve::CodeDefault) => default = None,
            Some(Serve::Variant(variant)) if is_for_all => default = Some(variant.clone()),
            Some(serve) => {
                within("fallthrough", problems, |problems| {
                    rule = self.served(true.into(), serve, Json::Null, default.as_ref(), problems);
                });
            }
        }
        within("rules", problems, |problems| {
            for (index, one) in definition.rules.iter().enumerate().rev() {
                let rest = std::mem::take(&mut rule);
                rule = within(index, problems, |problems| {
                    let when = within("when", problems, |problems| self.conditions.condition(&one.when, problems));
                    within("serve", problems, |problems| {
                        self.served(when, &one.serve, rest, default.as_ref(), problems)
                    })
                });
            }
        });
        for target in definition.targets.iter().rev() {
            let is_unit = json!({"in": [{"var": TARGETING_KEY}, target.unit]});
            rule = chosen(is_unit, target.variant.as_str().into(), std::mem::take(&mut rule));
        }
        let rule = if rule.is_string() { json!({"if": [true, rule]}) } else { rule };
        Targeted { rule, default }
    }

    /// What those get for whom a condition holds, and the rest for everybody else.
    fn served(
        &mut self,
        when: Json,
        serve: &Serve,
        rest: Json,
        default: Option<&String>,
        problems: &mut Problems,
    ) -> Json {
        match serve {
            Serve::Variant(variant) if rest.is_null() && Some(variant) == default => Json::Null,
            Serve::Variant(variant) => chosen(when, variant.as_str().into(), rest),
            Serve::CodeDefault => {
                if default.is_some() {
                    problems.push("flagd knows the program's default only where the flag has no default variant");
                }
                chosen(when, Json::Null, rest)
            }
            Serve::Split(split) => within("split", problems, |problems| {
                match self.splits.split(split, &rest, problems) {
                    Written::Nobody => rest,
                    Written::To { attributes, serve, is_approximate } => {
                        self.is_approximate |= is_approximate;
                        // The short form fails without a key, and then the default is served, as it is by ours.
                        let fails_alike = rest.is_null() && serve["fractional"][0].is_array();
                        let mut all: Vec<Json> = (when != Json::Bool(true)).then_some(when).into_iter().collect();
                        if !fails_alike {
                            all.extend(attributes.iter().flat_map(|name| is_there(name)));
                        }
                        let when = match all.len() {
                            0 => true.into(),
                            1 => all.remove(0),
                            _ => json!({"and": all}),
                        };
                        chosen(when, serve, rest)
                    }
                }
            }),
            Serve::Ramp(_) => {
                within("ramp", problems, |problems| problems.push("flagd knows no ramps"));
                Json::Null
            }
            Serve::Logic(logic) => within("logic", problems, |problems| {
                if logic.fractional != self.splits.fractional && has_fractional(&logic.rule) {
                    let message = format!(
                        "its `fractional` is `{}`, and this is written for `{}`",
                        logic.fractional, self.splits.fractional
                    );
                    within("fractional", problems, |problems| problems.push(message));
                }
                if !rest.is_null() {
                    problems.push("in flagd, logic that has no answer can't go on with other rules");
                }
                chosen(when, logic.rule.clone(), Json::Null)
            }),
        }
    }
}

/// The splits' generations that flagd has.
pub(super) const GENERATIONS: [Algorithm; 2] = [Algorithm::FlagdV2, Algorithm::FlagdV3];

/// That an attribute is there, and not empty.
fn is_there(name: &str) -> Vec<Json> {
    let var = json!({"var": name});
    let mut all = vec![json!({"!==": [var, null]})];
    if name != TARGETING_KEY {
        all.push(json!({"!==": [var, ""]}));
    }
    all
}

/// `if`, with what follows in the same list.
fn chosen(when: Json, then: Json, rest: Json) -> Json {
    if when == Json::Bool(true) {
        return then;
    }
    let mut operands = vec![when, then];
    match rest {
        Json::Object(mut entries) if entries.len() == 1 && entries.get("if").is_some_and(Json::is_array) => {
            if let Some(Json::Array(more)) = entries.remove("if") {
                operands.extend(more);
            }
        }
        rest => operands.push(rest),
    }
    json!({"if": operands})
}

fn has_fractional(rule: &Json) -> bool {
    match rule {
        Json::Array(items) => items.iter().any(has_fractional),
        Json::Object(entries) => entries.iter().any(|(name, value)| name == "fractional" || has_fractional(value)),
        _ => false,
    }
}
