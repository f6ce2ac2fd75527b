//! Variants: their names and values as a flag has them, their weights and their overrides.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::constraint::is_one_of;
use super::read::{Notes, Object};
use crate::model::{Condition, Weight};

/// Our variant for a feature that is off, and Unleash's name for no variant.
pub(super) const DISABLED: &str = "disabled";

/// Our variant for a feature that is on while no variant of it was chosen.
pub(super) const ENABLED: &str = "enabled";

/// How many variants of one name may differ, each being one of ours.
const MOST_NAMESAKES: usize = 64;

/// The variants of a flag.
#[derive(Debug)]
pub(super) struct Values(BTreeMap<String, Json>);

impl Values {
    pub(super) fn new() -> Self {
        let value = |is_on: bool| json!({"name": DISABLED, "enabled": false, "feature_enabled": is_on});
        Self(BTreeMap::from([(DISABLED.to_owned(), value(false)), (ENABLED.to_owned(), value(true))]))
    }

    pub(super) fn finish(self) -> BTreeMap<String, Json> {
        self.0
    }

    /// Our name for a variant: its own, with a number where another one of that name has another payload.
    fn add(&mut self, name: &str, payload: Option<Json>, notes: &mut Notes) -> String {
        let mut value = json!({"name": name, "enabled": true, "feature_enabled": true});
        if let Some(payload) = payload {
            value["payload"] = payload;
        }
        for number in 1..=MOST_NAMESAKES {
            let key = if number == 1 { name.to_owned() } else { format!("{name} ({number})") };
            if *self.0.entry(key.clone()).or_insert_with(|| value.clone()) == value {
                return key;
            }
        }
        notes.problem(format_args!("more than {MOST_NAMESAKES} variants of this name differ"));
        name.to_owned()
    }
}

/// A list of variants, of a feature or of one of its strategies.
#[derive(Debug, Default)]
pub(super) struct Variants {
    weights: Vec<Weight>,
    /// What they are sticky to, where they say it. The first one's counts for all.
    pub(super) stickiness: Option<String>,
    /// For whom a variant is given whatever its weight.
    pub(super) overrides: Vec<(Condition, String)>,
}

/// What is chosen from.
#[derive(Debug)]
pub(super) enum Choice {
    Nothing,
    Always(String),
    Several(Vec<Weight>),
}

impl Variants {
    pub(super) fn read(object: &Object, values: &mut Values, notes: &mut Notes) -> Self {
        let mut found = Self::default();
        let list = notes.objects(object, "variants");
        for (index, variant) in list {
            notes.within("variants", |notes| notes.within(index, |notes| found.add(index, variant, values, notes)));
        }
        found
    }

    fn add(&mut self, index: usize, variant: &Object, values: &mut Values, notes: &mut Notes) {
        let (name, weight) = (notes.text(variant, "name"), notes.count(variant, "weight"));
        let payload = payload(variant, notes);
        let (Some(name), Some(weight)) = (name, weight) else {
            return notes.problem("a variant needs `name` and `weight`");
        };
        let key = values.add(name, payload, notes);
        let stickiness = notes.text(variant, "stickiness");
        if index == 0 {
            self.stickiness = stickiness.map(str::to_owned);
        }
        for (index, forced) in notes.objects(variant, "overrides") {
            notes.within("overrides", |notes| {
                notes.within(index, |notes| match notes.text(forced, "contextName") {
                    Some(field) => {
                        let condition = is_one_of(field, notes.scalars(forced, "values"));
                        self.overrides.push((condition, key.clone()));
                    }
                    None => notes.problem("an override needs `contextName`"),
                });
            });
        }
        self.weights.push(Weight { variant: key, weight });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Where only one has a share, nobody has to be told apart.
    pub(super) fn choice(&self) -> Choice {
        let mut live = self.weights.iter().filter(|weight| weight.weight > 0);
        match (live.next(), live.next()) {
            (None, _) => Choice::Nothing,
            (Some(only), None) => Choice::Always(only.variant.clone()),
            (Some(_), Some(_)) => Choice::Several(self.weights.clone()),
        }
    }
}

fn payload(variant: &Object, notes: &mut Notes) -> Option<Json> {
    let payload = notes.object(variant, "payload")?;
    notes.within("payload", |notes| match (notes.text(payload, "type"), notes.scalar(payload, "value")) {
        (Some(kind), Some(value)) => Some(json!({"type": kind, "value": value})),
        _ => {
            notes.problem("a payload needs `type` and `value`");
            None
        }
    })
}
