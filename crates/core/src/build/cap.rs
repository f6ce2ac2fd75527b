//! The limits of a board's profile, applied to one value.

use super::{Builder, Reading};
use crate::mode::Mode;
use crate::profile::{Limit, Profile, breaks};
use crate::report::{Severity, code};
use crate::rules::{Check, Rule};
use crate::schema::Lit;

/// What is beyond a limit is an error in strict mode, and where the limit is hard; else a warning. In lenient mode the
/// field's fallback takes the value's place, or the limit where there is none that keeps it.
pub(crate) fn cap(builder: &mut Builder<'_>, reading: &Reading<'_>, profile: &Profile) -> Option<Lit> {
    let field = reading.field;
    let (least, most) = profile.limits(field, &|| builder.field_path(field));
    let breach =
        |rule: &Rule| reading.source.read(field, |raw, context| Check::new(field, context, None).first(rule, raw));
    let at_most = |limit: &Limit| Rule::Range { min: None, max: Some(limit.lit) };
    let at_least = |limit: &Limit| Rule::Range { min: Some(limit.lit), max: None };
    let above = most.as_ref().and_then(|limit| Some((breach(&at_most(limit))?, limit)));
    let below = || least.as_ref().and_then(|limit| Some((breach(&at_least(limit))?, limit)));
    let (mut found, limit) = above.or_else(below)?;
    let name = profile.name();
    found.message = match limit.class {
        Some(class) => format!("profile {name}, {class}: {}", found.message),
        None => format!("profile {name}: {}", found.message),
    };
    found.code = code::PROFILE;
    let mode = builder.run.mode;
    let is_error = mode == Mode::Strict || (mode == Mode::Normal && limit.hard);
    let severity = if is_error { Severity::Error } else { Severity::Warning };
    let finding = builder.finding(severity, reading, &found);
    if mode != Mode::Lenient {
        builder.frame.valid &= !is_error;
        builder.run.report.push(finding);
        return None;
    }
    let keeps = |lit: &Lit| {
        let kept = |rule: Option<Rule>| rule.is_none_or(|rule| !breaks(field, lit, &rule));
        kept(most.as_ref().map(at_most)) && kept(least.as_ref().map(at_least))
    };
    let cap = field.meta.rare().fallback.filter(keeps).unwrap_or(limit.lit);
    builder.replace(field, cap, &format!("profile {name}"), finding);
    Some(cap)
}
