//! What a flag serves, in its order, as strategies.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::Said;
use super::atoms::{Atom, alternatives, constraint, field};
use super::meaning::{Meaning, meaning};
use crate::bucket::Algorithm;
use crate::context::TARGETING_KEY;
use crate::interchange::Exported;
use crate::model::{Condition, Definition, Moment, Serve, Share, Split, Weight};

/// For whom a strategy holds.
#[derive(Debug, Default)]
struct Whom<'d> {
    constraints: Vec<Json>,
    segments: Vec<u64>,
    share: Option<&'d Split>,
}

/// What a flag serves, in its order, while it is turned into strategies.
pub(super) struct Entries<'d> {
    key: &'d str,
    definition: &'d Definition,
    ids: &'d BTreeMap<String, u64>,
    exported: &'d Exported,
    strategies: Vec<Json>,
    /// The feature's own variants, for strategies whose choice is salted by the feature's name.
    variants: Vec<Json>,
    /// Whether a strategy has neither variants of its own nor leaves the choice to the feature's.
    has_plain: bool,
    /// Whether a choice is also for those whom it can't tell apart.
    is_for_all: bool,
    /// Whether something was said to be off: from there on nobody may be said to be on.
    is_off: bool,
    /// Whether something was said to everybody: from there on nothing is heard.
    is_over: bool,
    problems: Vec<String>,
}

impl<'d> Entries<'d> {
    pub(super) fn new(
        key: &'d str,
        definition: &'d Definition,
        ids: &'d BTreeMap<String, u64>,
        exported: &'d Exported,
    ) -> Self {
        Self {
            key,
            definition,
            ids,
            exported,
            strategies: Vec::new(),
            variants: Vec::new(),
            has_plain: false,
            is_for_all: false,
            is_off: false,
            is_over: false,
            problems: Vec::new(),
        }
    }

    /// The strategies and the feature's variants.
    pub(super) fn finish(mut self, problems: &mut Vec<String>) -> (Vec<Json>, Vec<Json>) {
        if self.has_plain && !self.variants.is_empty() {
            self.problems.push("Unleash would give a variant to some for whom it is on without one".to_owned());
        }
        problems.append(&mut self.problems);
        (self.strategies, self.variants)
    }

    /// Everything in the order of evaluation.
    pub(super) fn add_all(&mut self) {
        let definition = self.definition;
        if let Some(forced) = &definition.forced {
            return self.add("forced", &Condition::default(), &Serve::Variant(forced.clone()));
        }
        for (index, target) in definition.targets.iter().enumerate() {
            let values = json!(target.unit);
            let whom = Whom { constraints: vec![constraint("userId", "IN", values)], ..Whom::default() };
            let served = self.serve(whom, &Serve::Variant(target.variant.clone()));
            self.note(&format!("targets.{index}"), served);
        }
        let everybody = Condition::default();
        let fallthrough = definition.fallthrough.as_ref().map(|serve| ("fallthrough".to_owned(), &everybody, serve));
        let default = definition.default_variant.clone().map_or(Serve::CodeDefault, Serve::Variant);
        let default = ("default_variant".to_owned(), &everybody, &default);
        let rules = definition.rules.iter().enumerate();
        let rules = rules.map(|(index, rule)| (format!("rules.{index}"), &rule.when, &rule.serve));
        let mut steps = rules.chain(fallthrough).chain([default]).peekable();
        while let Some((place, when, serve)) = steps.next() {
            // Whom a choice leaves out for want of a field, and the next step serves, Unleash leaves to chance.
            self.is_for_all = is_choice_of_all(serve)
                && steps.next_if(|(_, next, serve)| *next == when && self.turns_on(serve)).is_some();
            self.add(&place, when, serve);
        }
    }

    fn turns_on(&self, serve: &Serve) -> bool {
        matches!(serve, Serve::Variant(variant) if meaning(self.definition, Some(variant)) != Meaning::Off)
    }

    fn note(&mut self, place: &str, served: Said<()>) {
        if let Err(problem) = served {
            self.problems.push(format!("{place}: {problem}"));
        }
    }

    fn add(&mut self, place: &str, when: &Condition, serve: &Serve) {
        let served = alternatives(when).and_then(|alternatives| {
            alternatives.into_iter().try_for_each(|atoms| {
                let whom = self.whom(atoms)?;
                self.serve(whom, serve)
            })
        });
        self.note(place, served);
    }

    fn whom<'c>(&self, atoms: Vec<Atom<'c>>) -> Said<Whom<'c>> {
        let mut whom = Whom::default();
        for atom in atoms {
            match atom {
                Atom::Segment(name) if self.exported.is_refused(&format!("segment {name}")) => {
                    return Err(format!("the segment `{name}` is refused"));
                }
                Atom::Segment(name) => whom.segments.extend(self.ids.get(name)),
                Atom::Share(_) if whom.share.is_some() => return Err(TWO_SHARES.to_owned()),
                Atom::Share(split) => whom.share = Some(split),
                test @ Atom::Test(..) => whom.constraints.push(test.as_constraint()?),
            }
        }
        Ok(whom)
    }

    fn serve(&mut self, whom: Whom<'_>, serve: &Serve) -> Said<()> {
        let reaches_nobody = matches!(serve, Serve::Split(split) if split.coverage == Share::NOBODY);
        if self.is_over || reaches_nobody {
            return Ok(());
        }
        let mut rollout = whom.share.map(|split| Rollout::new(split, self.key)).transpose()?;
        let served = match serve {
            Serve::Variant(name) => Served::One(meaning(self.definition, Some(name))),
            Serve::CodeDefault => Served::One(Meaning::Off),
            Serve::Logic(_) => return Err("Unleash has no rules of JsonLogic".to_owned()),
            Serve::Ramp(_) => return Err("Unleash's shares do not grow with time".to_owned()),
            Serve::Split(split) => {
                let live = live(split);
                let is_choice = live.len() > 1;
                if !self.is_for_all {
                    if rollout.is_some() {
                        return Err(TWO_SHARES.to_owned());
                    }
                    rollout = Some(Rollout::new(split, self.key)?);
                }
                match &live[..] {
                    [only] if !is_choice => Served::One(meaning(self.definition, Some(&only.variant))),
                    _ => Served::Choice(self.choice(split, &live)?),
                }
            }
        };
        let is_everybody = whom.constraints.is_empty() && whom.segments.is_empty() && rollout.is_none();
        if matches!(served, Served::One(Meaning::Off)) {
            self.is_over |= is_everybody;
            self.is_off = true;
            return Ok(());
        }
        if self.is_off {
            return Err("it is on after it was off for some, and Unleash's strategies only turn on".to_owned());
        }
        self.is_over = is_everybody;
        self.push(whom, rollout, served)
    }

    fn choice(&self, split: &Split, live: &[Weight]) -> Said<Choice> {
        let Rollout { stickiness, group, .. } = Rollout::new(split, self.key)?;
        let variant = |weight: &Weight| match meaning(self.definition, Some(&weight.variant)) {
            Meaning::Variant { name, payload } => Ok(variant(&name, weight.weight, &stickiness, payload)),
            _ => Err(format!("`{}` is none of a feature's variants, among which Unleash chooses", weight.variant)),
        };
        let variants = live.iter().map(variant).collect::<Said<Vec<Json>>>()?;
        Ok(Choice { variants, group: split.choice_salt.clone().unwrap_or(group) })
    }

    fn push(&mut self, whom: Whom<'_>, rollout: Option<Rollout>, served: Served) -> Said<()> {
        let own = match served {
            // What is off was left before.
            Served::One(Meaning::Off | Meaning::On) => {
                self.has_plain = true;
                (Vec::new(), rollout)
            }
            Served::One(Meaning::Variant { name, payload }) => {
                (vec![variant(&name, 1000, "default", payload)], rollout)
            }
            Served::Choice(choice) => match rollout {
                None => (
                    choice.variants,
                    Some(Rollout { percent: 100, stickiness: "default".to_owned(), group: choice.group }),
                ),
                Some(rollout) if rollout.group == choice.group => (choice.variants, Some(rollout)),
                Some(_) if choice.group != self.key => {
                    return Err("Unleash's variants are salted by their strategy's group, or by the feature".to_owned());
                }
                Some(_) if !self.variants.is_empty() && self.variants != choice.variants => {
                    return Err("a feature of Unleash has one list of variants".to_owned());
                }
                rollout => {
                    self.variants = choice.variants;
                    (Vec::new(), rollout)
                }
            },
        };
        let (variants, rollout) = own;
        let constraints: Vec<Json> = whom.constraints.into_iter().chain(self.schedule()?).collect();
        let mut strategy = match rollout {
            None => json!({"name": "default", "parameters": {}}),
            Some(Rollout { percent, stickiness, group }) => json!({
                "name": "flexibleRollout",
                "parameters": {"rollout": percent.to_string(), "stickiness": stickiness, "groupId": group},
            }),
        };
        strategy["constraints"] = constraints.into();
        strategy["segments"] = whom.segments.into();
        strategy["variants"] = variants.into();
        self.strategies.push(strategy);
        Ok(())
    }

    /// When the flag is in use, as constraints of each strategy.
    fn schedule(&self) -> Said<Vec<Json>> {
        let at = |operator: &str, moment: Moment| constraint("currentTime", operator, json!(moment.to_string()));
        match &self.definition.schedule[..] {
            [] => Ok(Vec::new()),
            [only] => {
                // Unleash leaves out the moment that is named.
                let from = only.from.map(|from| at("DATE_AFTER", Moment::from_millis(from.millis() - 1)));
                Ok(from.into_iter().chain(only.to.map(|to| at("DATE_BEFORE", to))).collect())
            }
            _ => Err("Unleash's constraints can't say several times".to_owned()),
        }
    }
}

const TWO_SHARES: &str = "a strategy of Unleash has one share";

/// What is served.
enum Served {
    One(Meaning),
    Choice(Choice),
}

/// Variants by weight, and what salts the choice.
struct Choice {
    variants: Vec<Json>,
    group: String,
}

/// A strategy's share.
struct Rollout {
    percent: u32,
    stickiness: String,
    group: String,
}

impl Rollout {
    fn new(split: &Split, key: &str) -> Said<Self> {
        let is_even = split.coverage == Share::EVERYBODY && live(split).len() == 1;
        if split.ranges.is_some() || (split.algorithm != Algorithm::Unleash && !is_even) {
            return Err(format!("`{}` places units otherwise than Unleash, so others would be in", split.algorithm));
        }
        let group = split.salt.clone().unwrap_or_else(|| key.to_owned());
        if group.is_empty() {
            return Err("Unleash's shares have a group".to_owned());
        }
        // Unleash's algorithm counts whole percents: a fraction of one adds nobody.
        Ok(Self { percent: split.coverage.steps() / 1_000, stickiness: stickiness(split)?, group })
    }
}

fn stickiness(split: &Split) -> Said<String> {
    let by: Vec<&str> = split.bucket_by.iter().map(String::as_str).collect();
    let fallback: Vec<&str> = split.fallback_by.iter().map(String::as_str).collect();
    match (&by[..], &fallback[..]) {
        ([] | [TARGETING_KEY], ["sessionId"]) => Ok("default".to_owned()),
        ([], []) => Ok("userId".to_owned()),
        // These names mean something else there.
        ([only], []) if !["default", "random"].contains(only) => Ok(field(only).to_owned()),
        _ => Err("a share of Unleash is sticky to one field, or to the user or else the session".to_owned()),
    }
}

/// The variants that have a share; `on` alone where none is named.
fn live(split: &Split) -> Vec<Weight> {
    if split.weights.is_empty() {
        return vec![Weight { variant: "on".to_owned(), weight: 1 }];
    }
    split.weights.iter().filter(|weight| weight.weight > 0).cloned().collect()
}

fn is_choice_of_all(serve: &Serve) -> bool {
    matches!(serve, Serve::Split(split) if split.coverage == Share::EVERYBODY && live(split).len() > 1)
}

fn variant(name: &str, weight: u32, stickiness: &str, payload: Option<Json>) -> Json {
    let mut variant = json!({"name": name, "weight": weight, "stickiness": stickiness});
    if let Some(payload) = payload {
        variant["payload"] = payload;
    }
    variant
}
