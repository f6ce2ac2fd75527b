//! GrowthBook: its client's evaluation, without what loads over the network.

use std::collections::HashMap;
use std::hint::black_box;

use growthbook_rust::dto::GrowthBookFeature;
use growthbook_rust::growthbook::GrowthBook as Client;
use growthbook_rust::model_public::{GrowthBookAttribute, GrowthBookAttributeValue, SavedGroup};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::case::{Flag, SHARE, Set};
use crate::contender::{Contender, Told};

/// The client without its network.
pub struct GrowthBook(Client);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    features: HashMap<String, GrowthBookFeature>,
    saved_groups: HashMap<String, Value>,
}

impl Contender for GrowthBook {
    type Context = Option<Vec<GrowthBookAttribute>>;

    fn document(set: &Set) -> String {
        let feature = |flag: &Flag| {
            let mut rules: Vec<Value> = Vec::new();
            if !flag.targets.is_empty() {
                rules.push(json!({"condition": {"id": {"$in": flag.targets}}, "force": true}));
            }
            if let Some(number) = flag.segment {
                rules.push(json!({"condition": {"id": {"$inGroup": number.to_string()}}, "force": true}));
            }
            rules.push(json!({"force": true, "coverage": SHARE, "hashAttribute": "id", "hashVersion": 2}));
            (flag.key.clone(), json!({"defaultValue": false, "rules": rules}))
        };
        let features: Map<_, _> = set.flags.iter().map(feature).collect();
        let groups: Map<_, _> =
            set.segments.iter().enumerate().map(|(number, units)| (number.to_string(), json!(units))).collect();
        json!({"features": features, "savedGroups": groups}).to_string()
    }

    fn load(document: &str) -> Self {
        let Document { features, saved_groups } = serde_json::from_str(document).expect("it was just written");
        let saved_groups = saved_groups.iter().map(|(name, group)| (name.clone(), SavedGroup::from(group))).collect();
        let (forced_variations, attributes, sticky_bucket_service) = (None, None, None);
        Self(Client { forced_variations, features, attributes, sticky_bucket_service, saved_groups })
    }

    fn context(unit: String) -> Self::Context {
        Some(vec![GrowthBookAttribute::new("id".to_owned(), GrowthBookAttributeValue::String(unit))])
    }

    #[inline]
    fn is_on(&self, flag: &str, context: &Self::Context) -> bool {
        black_box(&self.0.check(flag, context)).on
    }

    fn tell(&self, flag: &str, context: &Self::Context) -> Told {
        let result = self.0.check(flag, context);
        Told { on: result.on, variant: None, reason: Some(result.source), metadata: None }
    }
}
