//! Unleash: the engine of its clients in all languages. A flag without variants answers yes or no.

use std::hint::black_box;

use serde_json::{Value, json};
use unleash_types::client_features::{ClientFeatures, Context};
use unleash_yggdrasil::EngineState;

use crate::case::{Flag, SHARE, Set};
use crate::contender::{Contender, Told};

/// The engine.
pub struct Unleash(EngineState);

impl Contender for Unleash {
    type Context = Context;

    /// A flag is on where one of its strategies says so.
    fn document(set: &Set) -> String {
        let feature = |flag: &Flag| {
            let mut strategies: Vec<Value> = Vec::new();
            if !flag.targets.is_empty() {
                strategies.push(json!({"name": "userWithId", "parameters": {"userIds": flag.targets.join(",")}}));
            }
            if let Some(segment) = flag.segment {
                strategies.push(json!({"name": "default", "segments": [segment]}));
            }
            let percent = (SHARE * 100.0).to_string();
            strategies.push(json!({
                "name": "flexibleRollout",
                "parameters": {"rollout": percent, "stickiness": "userId", "groupId": flag.key},
            }));
            json!({"name": flag.key, "enabled": true, "strategies": strategies})
        };
        let segment = |(number, units): (usize, &Vec<String>)| json!({"id": number, "constraints": [{"contextName": "userId", "operator": "IN", "values": units}]});
        let features: Vec<_> = set.flags.iter().map(feature).collect();
        let segments: Vec<_> = set.segments.iter().enumerate().map(segment).collect();
        json!({"version": 2, "features": features, "segments": segments}).to_string()
    }

    fn load(document: &str) -> Self {
        let features: ClientFeatures = serde_json::from_str(document).expect("it was just written");
        let engine = EngineState::initial_state(Default::default());
        assert!(engine.apply_client_features(features).is_none(), "no warnings");
        Self(engine)
    }

    fn context(unit: String) -> Context {
        Context { user_id: Some(unit), ..Context::default() }
    }

    #[inline]
    fn is_on(&self, flag: &str, context: &Context) -> bool {
        black_box(self.0.is_enabled(flag, context, &None))
    }

    fn tell(&self, flag: &str, context: &Context) -> Told {
        Told { on: self.0.is_enabled(flag, context, &None), variant: None, reason: None, metadata: None }
    }
}
