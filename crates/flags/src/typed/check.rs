//! The program's types against those of the definitions.

use crate::compile::Problem;
use crate::model::FlagValue;
use crate::set::FlagSet;

use super::kind::is;
use super::{FeatureFlags, FlagSpec};

/// The flags of the list `F` whose definitions have values that the program can't read; it uses its own value for them.
/// A flag that is not defined is no problem.
#[must_use]
pub fn check_types<F: FeatureFlags>(set: &FlagSet) -> Vec<Problem> {
    let mut problems = Vec::new();
    for spec in F::FLAGS {
        let Some(flag) = set.number(spec.key).map(|number| set.compiled(number)) else { continue };
        if !spec.kind().takes(flag.kind) {
            problems.push(Problem {
                path: vec![spec.key.into(), "type".into()],
                message: format!("the flag is of type {}, and the program reads it as {}", flag.kind, spec.kind()),
                help: Some(format!(
                    "give its variants values of type {}, or change the program's default",
                    spec.kind()
                )),
            });
            continue;
        }
        let unknown = flag.variants.iter().filter(|(_, value)| !is_choice(spec, value));
        problems.extend(unknown.map(|(name, _)| Problem {
            path: vec![spec.key.into(), "variants".into(), (&**name).into()],
            message: "the value is no choice that the program knows".to_owned(),
            help: Some(format!("write one of {}", choices(spec))),
        }));
    }
    problems
}

fn is_choice(spec: &FlagSpec, value: &FlagValue) -> bool {
    let FlagValue::String(text) = value else { return true };
    spec.choices.is_empty() || spec.choices.iter().any(|choice| is(choice, text))
}

fn choices(spec: &FlagSpec) -> String {
    spec.choices.iter().map(|choice| format!("`{}`", choice.name)).collect::<Vec<_>>().join(", ")
}
