//! Whether rules suit the type of their field.

use std::cmp::Ordering;

use syn::Type;

use crate::ctxt::Ctxt;
use crate::ir::{Choice, Rule, RuleKind};
use crate::parse::Literal;

use super::literal::{choices, fits};
use super::shape::Shape;
use super::unit::Unit;

/// Reports rules that a value of this type can't be asked, and literals in rules that are no such value.
pub(super) fn suit<'a>(
    ctxt: &Ctxt,
    rules: &[Rule],
    shape: &Shape<'a>,
    unit: Unit,
    known: &dyn Fn(&Type) -> bool,
    found: &mut Vec<Choice<'a>>,
) {
    for rule in rules {
        let name = &rule.name;
        let unfit =
            |advice: &str| ctxt.error(name, format_args!("`{name}` does not go with {}: {advice}", shape.name()));
        match &rule.kind {
            RuleKind::Range { min, max } => {
                if shape.is_number() {
                    limits(ctxt, min.as_ref(), max.as_ref(), shape, unit);
                } else if shape.item().is_some() {
                    unfit("write `each(range(…))` for its items, or `length(…)` for their number");
                } else if shape.has_length() {
                    unfit("write `length(…)`");
                } else {
                    unfit("it compares numbers, durations and sizes");
                }
            }
            RuleKind::Length { .. } if !shape.has_length() => {
                unfit(if shape.is_number() {
                    "write `range(min = 1, max = 64)`"
                } else {
                    "it counts characters and items"
                });
            }
            RuleKind::OneOf(values) => {
                for value in values {
                    if fits(ctxt, shape.value(), unit, value) {
                        choices(shape.value(), value, known, found);
                    }
                }
            }
            RuleKind::Each(inner) => match shape.item() {
                Some(item) => suit(ctxt, inner, item, unit, known, found),
                None => unfit("it is for lists and maps; write the rules without `each`"),
            },
            RuleKind::Text { .. } if !shape.is_text() => match shape.item() {
                Some(item) if item.is_text() => unfit(&format!("write `each({name})` for its items")),
                _ => unfit("it is a rule of texts"),
            },
            RuleKind::Length { .. } | RuleKind::Text { .. } | RuleKind::Custom(_) | RuleKind::Validator => {}
        }
    }
}

/// Reports limits that are no values of the type, or that leave nothing between them.
pub(super) fn limits(ctxt: &Ctxt, min: Option<&Literal>, max: Option<&Literal>, shape: &Shape<'_>, unit: Unit) {
    let shape = shape.value();
    let mut fit = true;
    for limit in [min, max].into_iter().flatten() {
        let number = match shape {
            Shape::Unknown(_) => {
                let scalar = unit.measure(shape, limit).is_some() || limit.string().is_some();
                if !scalar {
                    ctxt.error(
                        &limit.tokens,
                        format_args!("a limit is a number, a duration or a size, not {}", limit.text()),
                    );
                }
                scalar
            }
            // A limit of a type without 0 may still be 0.
            Shape::Int(int) => fits(ctxt, &Shape::Int(super::shape::IntType { zero: true, ..*int }), unit, limit),
            shape => fits(ctxt, shape, unit, limit),
        };
        fit &= number;
    }
    if let (true, Some(min), Some(max)) = (fit, min, max)
        && let (Some(least), Some(most)) = (unit.measure(shape, min), unit.measure(shape, max))
        && least.compare(most) == Some(Ordering::Greater)
    {
        let message = format!("nothing is at least {} and at most {}: swap `min` and `max`", min.text(), max.text());
        ctxt.error(&max.tokens, message);
    }
}
