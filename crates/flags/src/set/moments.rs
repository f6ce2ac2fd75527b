//! The moments at which time alone may change what a set serves.

use crate::compile::NOW;
use crate::model::{Condition, Definition, Flag, Moment, Operator, Segment, Serve};
use crate::set::FlagSet;

impl FlagSet {
    /// The moments at which time alone may change what the set serves, in their order: where a schedule's window begins
    /// or ends, where a ramp goes one step further, and those that conditions compare the time with. What JsonLogic and
    /// GrowthBook's conditions make of the time is not known here.
    #[must_use]
    pub fn moments(&self) -> Vec<Moment> {
        let mut found = Vec::new();
        for slot in &self.flags {
            if let Flag::Defined(definition) = &*slot.flag.source {
                in_definition(definition, &mut found);
            }
        }
        for (_, Segment { when, .. }) in self.segments() {
            when.iter().for_each(|when| in_condition(when, &mut found));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn in_definition(definition: &Definition, found: &mut Vec<Moment>) {
    found.extend(definition.schedule.iter().flat_map(|window| window.from.into_iter().chain(window.to)));
    for rule in &definition.rules {
        in_condition(&rule.when, found);
        in_serve(&rule.serve, found);
    }
    definition.fallthrough.iter().for_each(|serve| in_serve(serve, found));
}

fn in_serve(serve: &Serve, found: &mut Vec<Moment>) {
    if let Serve::Ramp(ramp) = serve {
        found.extend(ramp.steps.iter().map(|step| step.at));
    }
}

fn in_condition(condition: &Condition, found: &mut Vec<Moment>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| in_condition(part, found)),
        Condition::Not(part) => in_condition(part, found),
        Condition::Test(test) if test.attribute == NOW && matches!(test.op, Operator::Before | Operator::After) => {
            found.extend(test.values.iter().filter_map(|value| value.as_str()?.parse::<Moment>().ok()));
        }
        Condition::Segment(_) | Condition::Share(_) | Condition::Mongo(_) | Condition::Flag(_) | Condition::Test(_) => {
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_ramps_and_comparisons_are_found_wherever_they_stand() {
        let day = |day: u32| format!("2026-11-{day:02}T00:00:00Z");
        let definitions = serde_json::json!({
            "flags": {
                "plain": "5%",
                "window": {"schedule": [{"from": day(1)}, {"from": day(5), "to": day(6)}]},
                "ramp": {"fallthrough": {"ramp": {"steps": [{"at": day(2), "coverage": "1%"}]}},
                    "rules": [{"when": {"not": {"any": [{"attribute": "now", "op": "after", "value": day(3)}]}},
                        "serve": {"ramp": {"steps": [{"at": day(1), "coverage": "1%"}]}}}]},
                "born": {"rules": [{"when": {"attribute": "born", "op": "after", "value": day(9)}, "serve": "on"}]},
            },
            "segments": {"early": {"when": {"attribute": "now", "op": "before", "value": day(4)}}},
        });
        let set = FlagSet::new(serde_json::from_value(definitions).unwrap()).unwrap();
        let expected: Vec<Moment> = [1, 2, 3, 4, 5, 6].map(|number| day(number).parse().unwrap()).into();
        assert_eq!(set.moments(), expected);
    }
}
