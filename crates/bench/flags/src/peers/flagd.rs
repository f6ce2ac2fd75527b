//! flagd: the engine of its provider for Rust, called as that provider calls it, but for its lock and its copy of the flag.

use std::collections::HashMap;
use std::hint::black_box;

use flagd_evaluation_engine::{FeatureFlag, FlagParser, Operator};
use open_feature::EvaluationContext;
use serde_json::{Map, Value, json};

use crate::case::{Flag, OWNER, SHARE, Set};
use crate::contender::{Contender, Told};

/// Flags by key, and the engine.
pub struct Flagd {
    flags: HashMap<String, FeatureFlag>,
    operator: Operator,
}

struct Answer<'s> {
    value: &'s Value,
    variant: String,
    reason: &'static str,
    metadata: &'s HashMap<String, Value>,
}

impl Flagd {
    fn answer(&self, key: &str, context: &EvaluationContext) -> Answer<'_> {
        let flag = self.flags.get(key).expect("the flag is there");
        let served = self.operator.apply(key, &flag.get_targeting(), context).expect("the rule is right");
        let (variant, reason) = match served {
            Some(variant) => (variant, "TARGETING_MATCH"),
            None => (flag.default_variant.clone(), "DEFAULT"),
        };
        Answer { value: &flag.variants[&variant], variant, reason, metadata: &flag.metadata }
    }
}

impl Contender for Flagd {
    type Context = EvaluationContext;

    fn document(set: &Set) -> String {
        let flag = |flag: &Flag| {
            let on = SHARE * 100.0;
            let mut targeting = json!({"fractional": [["on", on as u32], ["off", (100.0 - on) as u32]]});
            if let Some(number) = flag.segment {
                targeting = json!({"if": [{"$ref": format!("segment-{number:05}")}, "on", targeting]});
            }
            if !flag.targets.is_empty() {
                targeting = json!({"if": [{"in": [{"var": "targetingKey"}, flag.targets]}, "on", targeting]});
            }
            let flag_json = json!({
                "state": "ENABLED",
                "variants": {"on": true, "off": false},
                "defaultVariant": "off",
                "targeting": targeting,
                "metadata": {"owner": OWNER},
            });
            (flag.key.clone(), flag_json)
        };
        let flags: Map<_, _> = set.flags.iter().map(flag).collect();
        let segment = |(number, units): (usize, &Vec<String>)| {
            (format!("segment-{number:05}"), json!({"in": [{"var": "targetingKey"}, units]}))
        };
        let segments: Map<_, _> = set.segments.iter().enumerate().map(segment).collect();
        json!({"flags": flags, "$evaluators": segments}).to_string()
    }

    fn load(document: &str) -> Self {
        let parsed = FlagParser::parse_string(document).expect("it was just written");
        Self { flags: parsed.flags, operator: Operator::new() }
    }

    fn context(unit: String) -> EvaluationContext {
        EvaluationContext::default().with_targeting_key(unit)
    }

    #[inline]
    fn is_on(&self, flag: &str, context: &EvaluationContext) -> bool {
        let answer = self.answer(flag, context);
        black_box(&answer).value.as_bool().unwrap_or_default()
    }

    fn tell(&self, flag: &str, context: &EvaluationContext) -> Told {
        let answer = self.answer(flag, context);
        let owner = answer.metadata["owner"].as_str().expect("every flag has an owner");
        Told {
            on: answer.value.as_bool().expect("it is on or off"),
            variant: Some(answer.variant),
            reason: Some(answer.reason.to_owned()),
            metadata: Some(owner.to_owned()),
        }
    }
}
