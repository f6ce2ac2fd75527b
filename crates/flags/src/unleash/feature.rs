//! A feature as a flag: its strategies as rules, each with the variants that count for it.

use std::collections::BTreeMap;

use super::Options;
use super::constraint::all;
use super::dependency::Dependency;
use super::read::{Notes, Object};
use super::strategy::{Around, Strategy, sticky};
use super::variant::{Choice, DISABLED, ENABLED, Values, Variants};
use crate::model::{Condition, Definition, Rule, Scalar, Serve, Split, Status, Weight};

/// A feature that was read. What it depends on is looked at when all are.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) definition: Definition,
    pub(super) dependencies: Vec<Dependency>,
}

pub(super) fn build(feature: &Object, around: Around<'_>, notes: &mut Notes) -> Built {
    let Around { feature: name, options, .. } = around;
    let mut values = Values::new();
    let shared = Variants::read(feature, &mut values, notes);
    let mut strategies: Vec<(Strategy, Variants)> = Vec::new();
    for (index, strategy) in notes.objects(feature, "strategies") {
        strategies.push(notes.within("strategies", |notes| {
            notes.within(index, |notes| {
                (Strategy::read(strategy, around, notes), Variants::read(strategy, &mut values, notes))
            })
        }));
    }
    let has_variants = !shared.is_empty() || strategies.iter().any(|(_, own)| !own.is_empty());
    let (on, off) = if has_variants { (ENABLED, DISABLED) } else { ("on", "off") };
    let mut rules = Rules { on, options, list: Vec::new() };
    let is_everybody = strategies.is_empty();
    for (index, (strategy, own)) in strategies.iter().enumerate() {
        notes.within("strategies", |notes| {
            notes.within(index, |notes| {
                let id = format!("{index}-{}", strategy.name);
                let stickiness = own.stickiness.as_ref().or(strategy.stickiness.as_ref());
                match own.is_empty() {
                    true => rules.add(&id, strategy, &shared, name, shared.stickiness.as_ref(), notes),
                    false => rules.add(&id, strategy, own, &strategy.group, stickiness, notes),
                }
            });
        });
    }
    if is_everybody {
        rules.add("everybody", &everybody(), &shared, name, shared.stickiness.as_ref(), notes);
    }
    let mut rules = rules.list;
    // What is said last and to all is what everybody else gets.
    let fallthrough = rules.pop_if(|rule| rule.when.is_always()).map(|rule| rule.serve);
    let is_enabled = notes.boolean(feature, "enabled").unwrap_or_else(|| {
        notes.problem("`enabled` says whether it is in use");
        false
    });
    let definition = Definition {
        description: notes.text(feature, "description").map(str::to_owned).filter(|text| !text.is_empty()),
        variants: if has_variants { values.finish() } else { BTreeMap::new() },
        default_variant: Some(off.to_owned()),
        off_variant: Some(off.to_owned()),
        status: if is_enabled { Status::Enabled } else { Status::Disabled },
        rules,
        fallthrough,
        metadata: metadata(feature, notes),
        ..Definition::default()
    };
    Built { definition, dependencies: Dependency::read_all(feature, notes) }
}

/// What a feature without strategies does: it is on for everybody.
fn everybody() -> Strategy {
    let when = Condition::default();
    Strategy { name: String::new(), when, share: None, group: String::new(), stickiness: None }
}

fn metadata(feature: &Object, notes: &mut Notes) -> BTreeMap<String, Scalar> {
    let text = |name: &str| Some((name.to_owned(), Scalar::String(notes.text(feature, name)?.to_owned())));
    ["project", "type"].into_iter().filter_map(text).collect()
}

/// The rules of a flag, while they are made.
struct Rules<'a> {
    /// The variant that is on, where no other is chosen.
    on: &'static str,
    options: &'a Options,
    list: Vec<Rule>,
}

impl Rules<'_> {
    /// The rules of one strategy with the variants that count for it, shared out by a group.
    fn add(
        &mut self,
        id: &str,
        strategy: &Strategy,
        variants: &Variants,
        group: &str,
        stickiness: Option<&String>,
        notes: &mut Notes,
    ) {
        let when = |more: Option<Condition>| {
            let share = strategy.share.clone().map(Condition::Share);
            all([Some(strategy.when.clone()), share, more].into_iter().flatten().collect())
        };
        for (number, (condition, variant)) in variants.overrides.iter().enumerate() {
            let serve = Serve::Variant(variant.clone());
            self.push(format!("{id}/override-{number}"), when(Some(condition.clone())), serve);
        }
        let only = match variants.choice() {
            Choice::Several(weights) => {
                let stickiness = stickiness.map_or("default", String::as_str);
                let split = notes.within("variants", |notes| sticky(stickiness, self.options, notes));
                let Some(split) = split else { return };
                return self.choose(id, strategy, when(None), group, weights, split);
            }
            Choice::Always(variant) => variant,
            Choice::Nothing => self.on.to_owned(),
        };
        let serve = match &strategy.share {
            None => Serve::Variant(only),
            Some(share) => Serve::Split(Split { weights: vec![Weight { variant: only, weight: 1 }], ..share.clone() }),
        };
        self.push(id.to_owned(), strategy.when.clone(), serve);
    }

    fn choose(
        &mut self,
        id: &str,
        strategy: &Strategy,
        reached: Condition,
        group: &str,
        weights: Vec<Weight>,
        split: Split,
    ) {
        let choice_salt = Some(group.to_owned());
        let is_same_unit =
            |share: &&Split| (&share.bucket_by, &share.fallback_by) == (&split.bucket_by, &split.fallback_by);
        if let Some(share) = strategy.share.as_ref().filter(is_same_unit) {
            let serve = Serve::Split(Split { choice_salt, weights, ..share.clone() });
            return self.push(id.to_owned(), strategy.when.clone(), serve);
        }
        let serve = Serve::Split(Split { salt: choice_salt, weights, ..split });
        self.push(id.to_owned(), reached.clone(), serve);
        // For whom Unleash would leave the choice to chance, the feature is on all the same.
        self.push(format!("{id}/without-variant"), reached, Serve::Variant(self.on.to_owned()));
    }

    fn push(&mut self, id: String, when: Condition, serve: Serve) {
        self.list.push(Rule { id: Some(id), description: None, when, serve });
    }
}
