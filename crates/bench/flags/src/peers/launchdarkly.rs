//! LaunchDarkly: what its client for Rust evaluates with. Its own store gives out copies; here the flag is borrowed.

use std::collections::HashMap;
use std::hint::black_box;

use launchdarkly_server_sdk_evaluation::{Context, ContextBuilder, Detail, Flag, FlagValue, Segment, Store, evaluate};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::case::{self, SHARE, Set};
use crate::contender::{Contender, Told};

/// Flags and segments by key.
#[derive(Deserialize)]
pub struct LaunchDarkly {
    flags: HashMap<String, Flag>,
    segments: HashMap<String, Segment>,
}

impl Store for LaunchDarkly {
    fn flag(&self, key: &str) -> Option<Flag> {
        self.flags.get(key).cloned()
    }

    fn segment(&self, key: &str) -> Option<Segment> {
        self.segments.get(key).cloned()
    }
}

impl LaunchDarkly {
    #[inline]
    fn detail<'a>(&'a self, flag: &str, context: &'a Context) -> Detail<&'a FlagValue> {
        evaluate(self, self.flags.get(flag).expect("the flag is there"), context, None)
    }
}

impl Contender for LaunchDarkly {
    type Context = Context;

    fn document(set: &Set) -> String {
        let flag = |flag: &case::Flag| {
            let targets: Vec<Value> = match &*flag.targets {
                [] => Vec::new(),
                units => vec![json!({"values": units, "variation": 1})],
            };
            let rule = |number: &usize| {
                let segment = json!([format!("segment-{number:05}")]);
                json!({
                    "id": "segment",
                    "clauses": [{"attribute": "", "op": "segmentMatch", "values": segment, "negate": false}],
                    "variation": 1,
                    "trackEvents": false,
                })
            };
            let on = SHARE * 100_000.0;
            let flag = json!({
                "key": flag.key,
                "version": 1,
                "on": true,
                "targets": targets,
                "rules": flag.segment.iter().map(rule).collect::<Vec<_>>(),
                "prerequisites": [],
                "fallthrough": {"rollout": {"variations": [
                    {"variation": 1, "weight": on},
                    {"variation": 0, "weight": 100_000.0 - on},
                ]}},
                "offVariation": 0,
                "variations": [false, true],
                "clientSide": false,
                "salt": flag.key,
            });
            (flag["key"].as_str().unwrap_or_default().to_owned(), flag)
        };
        let segment = |(number, units): (usize, &Vec<String>)| {
            let key = format!("segment-{number:05}");
            let segment =
                json!({"key": key, "version": 1, "included": units, "excluded": [], "rules": [], "salt": key});
            (key, segment)
        };
        let flags: serde_json::Map<_, _> = set.flags.iter().map(flag).collect();
        let segments: serde_json::Map<_, _> = set.segments.iter().enumerate().map(segment).collect();
        json!({"flags": flags, "segments": segments}).to_string()
    }

    fn load(document: &str) -> Self {
        serde_json::from_str(document).expect("it was just written")
    }

    fn context(unit: String) -> Context {
        ContextBuilder::new(unit).build().expect("it has a key")
    }

    #[inline]
    fn is_on(&self, flag: &str, context: &Context) -> bool {
        let detail = self.detail(flag, context);
        black_box(&detail).value.and_then(FlagValue::as_bool).unwrap_or_default()
    }

    fn tell(&self, flag: &str, context: &Context) -> Told {
        let detail = self.detail(flag, context);
        let variant = detail.variation_index.map(|index| if index == 1 { "on" } else { "off" });
        Told {
            on: detail.value.and_then(FlagValue::as_bool).expect("it is on or off"),
            variant: Some(variant.expect("a variation is served").to_owned()),
            reason: Some(format!("{:?}", detail.reason)),
            metadata: None,
        }
    }
}
