//! Ours, by name.

use std::hint::black_box;

use serde_json::{Map, json};
use strata_config_flags::model::{Definitions, FlagValue, Scalar};
use strata_config_flags::{Context, FlagSet};

use crate::case::{OWNER, SHARE, Set};
use crate::contender::{Contender, Told};

/// A set of flags.
pub struct Ours(pub FlagSet);

impl Contender for Ours {
    type Context = Context<'static>;

    fn document(set: &Set) -> String {
        let name = |number: usize| format!("segment-{number:05}");
        let mut flags = Map::new();
        for flag in &set.flags {
            let mut definition = json!({
                "default_variant": "off",
                "fallthrough": format!("{}%", SHARE * 100.0),
                "metadata": {"owner": OWNER},
            });
            if !flag.targets.is_empty() {
                definition["targets"] = json!([{"unit": flag.targets, "variant": "on"}]);
            }
            if let Some(number) = flag.segment {
                definition["rules"] = json!([{"when": {"segment": name(number)}, "serve": "on"}]);
            }
            flags.insert(flag.key.clone(), definition);
        }
        let segment = |(number, units): (usize, &Vec<String>)| (name(number), json!({"include": units}));
        let segments: Map<_, _> = set.segments.iter().enumerate().map(segment).collect();
        json!({"flags": flags, "segments": segments}).to_string()
    }

    fn load(document: &str) -> Self {
        let definitions: Definitions = serde_json::from_str(document).expect("it was just written");
        Self(FlagSet::new(definitions).expect("all of it is right"))
    }

    fn context(unit: String) -> Self::Context {
        Context::of(unit)
    }

    #[inline]
    fn is_on(&self, flag: &str, context: &Self::Context) -> bool {
        let answer = self.0.evaluate(flag, context);
        let value = black_box(&answer).as_ref().ok().and_then(|answer| answer.value());
        value.and_then(FlagValue::as_bool).unwrap_or_default()
    }

    fn tell(&self, flag: &str, context: &Self::Context) -> Told {
        let answer = self.0.evaluate(flag, context).expect("the flag is there");
        let owner = answer.metadata().find_map(|(name, value)| match value {
            Scalar::String(text) if name == "owner" => Some(text.to_string()),
            _ => None,
        });
        Told {
            on: answer.value().and_then(FlagValue::as_bool).expect("it is on or off"),
            variant: Some(answer.variant().expect("on or off is served").to_owned()),
            reason: Some(answer.reason.to_string()),
            metadata: Some(owner.expect("every flag has an owner")),
        }
    }
}
