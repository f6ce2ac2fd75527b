//! What a value must obey, in words, for whoever shows single values.

use strata_config_core::schema::{Field, FieldKind};
use strata_config_core::{LeafKind, Rule, Shape};

use crate::describe;

/// What a setting's value must and had better obey, one phrase each: `1 to 64`, `not empty`, `a URL`.
#[must_use]
pub fn limits(field: &'static Field) -> Vec<String> {
    match field.kind {
        FieldKind::Leaf(leaf) => describe::limits(field, &leaf.shape()),
        _ => describe::limits(field, &Shape::default()),
    }
}

/// What one entry of a map must obey, where the map is one setting.
#[must_use]
pub fn entry_limits(field: &'static Field) -> Vec<String> {
    let FieldKind::Leaf(leaf) = field.kind else { return Vec::new() };
    let inner = leaf.shape().inner.as_deref().cloned().unwrap_or_default();
    let each = field.meta.rules.iter().filter_map(|rule| match rule {
        Rule::Each(rules) => Some(*rules),
        _ => None,
    });
    each.flatten().map(|rule| describe::rule_words(rule, &inner, field.meta.rare().unit)).collect()
}

/// The names that a setting's value may have, where it is a choice.
#[must_use]
pub fn choices(field: &'static Field) -> Option<&'static [&'static str]> {
    let FieldKind::Leaf(leaf) = field.kind else { return None };
    let shape = leaf.shape();
    let kinds = [Some(shape.kind), shape.inner.map(|inner| inner.kind)];
    kinds.into_iter().flatten().find_map(|kind| match kind {
        LeafKind::Enum(choices) if !choices.is_empty() => Some(choices),
        _ => None,
    })
}
