//! Features: a default value, and rules that force values or run experiments.

use serde_json::{Map, Value as Json};

use super::notes::Notes;
use super::parents::Parent;
use super::variants::Variants;
use super::{Known, condition, experiment, parents, share};
use crate::bucket::Algorithm;
use crate::model::{Condition, Definition, Prerequisite, Rule, Serve, Split, Weight};

/// What a rule is for that a feature needs others by.
pub(super) const PREREQUISITE: &str = "prerequisite";

/// What ids begin with that rules are given where they have none and their number is another's id.
pub(super) const MADE_UP: char = '#';

/// A feature as a flag.
pub(super) fn import(key: &str, json: &Json, known: &mut Known<'_>, notes: &mut Notes) -> Definition {
    let Some(feature) = json.as_object() else {
        notes.refuse("", "a feature is an object");
        return Definition::default();
    };
    let mut draft = Draft { key, variants: Variants::default(), prerequisites: Vec::new(), rules: Vec::new() };
    let default = feature.get("defaultValue").filter(|value| !value.is_null());
    let default_variant = default.map(|value| draft.variants.default_value(value));
    for (index, rule) in notes.list(feature, "rules").unwrap_or_default().iter().enumerate() {
        notes.within(format!("rules.{index}"), |notes| match rule.as_object() {
            Some(rule) => draft.rule(rule, known, notes),
            None => notes.refuse("", "a rule is an object"),
        });
    }
    draft.name_rules();
    Definition {
        description: notes.text(feature, "description").map(str::to_owned),
        variants: draft.variants.into_inner(),
        default_variant,
        prerequisites: draft.prerequisites,
        rules: draft.rules,
        ..Definition::default()
    }
}

/// A flag while it is put together.
struct Draft<'d> {
    key: &'d str,
    variants: Variants,
    prerequisites: Vec<Prerequisite>,
    rules: Vec<Rule>,
}

impl Draft<'_> {
    fn rule(&mut self, rule: &Map<String, Json>, known: &mut Known<'_>, notes: &mut Notes) {
        let mut when = self.parents(parents::import(rule, known, notes));
        experiment::refuse_elsewhere(rule, notes);
        when.extend(share::filters(rule, notes));
        if let Some(condition) = notes.object(rule, "condition") {
            when.push(notes.within("condition", |notes| condition::import(condition, known, notes)));
        }
        let (description, serve) = match rule.get("force") {
            Some(value) => match self.force(rule, value, &mut when, notes) {
                Some(serve) => (None, serve),
                None => return,
            },
            None => {
                let experiment = notes.text(rule, "key").unwrap_or(self.key);
                match experiment::split(rule, experiment, &mut self.variants, notes) {
                    Some(found) => {
                        when.extend(found.among);
                        (Some(experiment.to_owned()), Serve::Split(found.split))
                    }
                    None => return,
                }
            }
        };
        let id = notes.text(rule, "id").map(str::to_owned);
        self.rules.push(Rule { id, description, when: together(when), serve });
    }

    /// Takes care of the features without which the flag is off, and gives back those without which the rule does not
    /// hold.
    fn parents(&mut self, parents: Vec<Parent>) -> Vec<Condition> {
        let mut needed = Vec::new();
        for Parent { condition, gate } in parents {
            match condition {
                condition if !gate => needed.push(condition),
                // Before any rule could have answered, it is the flag itself that needs the other.
                Condition::Flag(other) if self.rules.is_empty() && needed.is_empty() => self.prerequisites.push(other),
                condition => {
                    let mut when = needed.clone();
                    when.push(Condition::Not(Box::new(condition)));
                    let description = Some(PREREQUISITE.to_owned());
                    self.rules.push(Rule { id: None, description, when: together(when), serve: Serve::CodeDefault });
                }
            }
        }
        needed
    }

    /// A value for all, or for a share; `None` where nobody can get it.
    fn force(
        &mut self,
        rule: &Map<String, Json>,
        value: &Json,
        when: &mut Vec<Condition>,
        notes: &mut Notes,
    ) -> Option<Serve> {
        let is_part = ["range", "coverage"].iter().any(|field| rule.get(*field).is_some_and(|value| !value.is_null()));
        let variant = (!value.is_null()).then(|| self.variants.forced_value(value));
        let algorithm =
            if is_part { share::algorithm(rule, Algorithm::GrowthBook1, notes)? } else { Algorithm::GrowthBook1 };
        let salt = notes.text(rule, "seed").unwrap_or(self.key);
        Some(match (share::rollout(rule, salt, algorithm, notes), variant) {
            (None, Some(variant)) => Serve::Variant(variant),
            (Some(split), Some(variant)) => {
                Serve::Split(Split { weights: vec![Weight { variant, weight: 1 }], ..split })
            }
            // The value null is the program's own default, and only variants can be split.
            (split, None) => {
                when.extend(split.map(Condition::Share));
                Serve::CodeDefault
            }
        })
    }

    /// A rule without an id is called by its number, which may be the id of another.
    fn name_rules(&mut self) {
        let is_taken =
            |number: usize, rules: &[Rule]| rules.iter().any(|rule| rule.id.as_deref() == Some(&*number.to_string()));
        let unnamed: Vec<usize> = (0..self.rules.len())
            .filter(|number| self.rules[*number].id.is_none() && is_taken(*number, &self.rules))
            .collect();
        for number in unnamed {
            self.rules[number].id = Some(format!("{MADE_UP}{number}"));
        }
    }
}

/// All of these, without a list around the only one.
fn together(mut when: Vec<Condition>) -> Condition {
    if when.len() == 1 { when.remove(0) } else { Condition::All(when) }
}
