//! All that is known of one setting.

use std::fmt::Write;

use strata_config_core::schema::{Field, FieldKind, Lit, Reload, Schema};
use strata_config_core::{Explained, LeafKind, options, variables};

use super::last_change::LastChange;
use super::limits;
use super::paint::{Paint, place, place_of, printable};
use crate::output::Terminal;

pub(super) fn render(
    schema: &'static Schema,
    value: &Explained,
    change: Option<&LastChange>,
    terminal: &Terminal,
) -> String {
    let paint = Paint(terminal.colour_stdout);
    let mut out = format!("{} = {}\n", paint.bold(value.path.as_str()), printable(&value.value));
    for line in value.doc.lines() {
        let line = line.trim();
        out.push_str(&if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") });
    }
    let change = change.map(|change| ("changed", change.to_string()));
    for group in [facts(value), names(schema, value), origins(value), change.into_iter().collect()] {
        if !group.is_empty() {
            out.push('\n');
        }
        for (title, text) in group {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "  {}{text}", paint.dim(&format!("{title:<10}")));
        }
    }
    out
}

type Lines = Vec<(&'static str, String)>;

/// What the schema says.
fn facts(value: &Explained) -> Lines {
    let mut kind = value.kind.to_owned();
    if value.secret {
        kind.push_str(", secret");
    }
    let mut lines = vec![("type", kind)];
    let Some(field) = value.field else { return lines };
    if let Some(choices) = choices(field) {
        lines.push(("choices", choices));
    }
    lines.extend(limits::of(field.meta.rules).into_iter().map(|limit| ("limit", limit)));
    for warn in field.meta.rare().warns {
        let limits = limits::of(warn.rules).join(", ");
        lines.push(("advice", format!("{limits}: {}", warn.message)));
    }
    if !field.meta.rare().unit.is_empty() {
        lines.push(("unit", field.meta.rare().unit.to_owned()));
    }
    match &value.default {
        Some(default) => lines.push(("default", printable(default))),
        None if field.meta.computed => lines.push(("default", "the program computes it".to_owned())),
        None if is_optional(field) => lines.push(("default", "null".to_owned())),
        None => lines.push(("default", "none: it is required".to_owned())),
    }
    if let Some(fallback) = field.meta.rare().fallback {
        lines.push(("fallback", limits::show(&fallback)));
    }
    for profile in field.meta.rare().profiles {
        let part = |word: &str, lit: Option<Lit>| lit.map(|lit| format!("{word} {}", limits::show(&lit)));
        let parts = [part("default", profile.default), part("at least", profile.min), part("at most", profile.max)];
        lines.push((
            "profile",
            format!("{}: {}", profile.name, parts.into_iter().flatten().collect::<Vec<_>>().join(", ")),
        ));
    }
    let reload = if value.reload == Reload::Restart { "after a restart" } else { "at once" };
    lines.push(("change", format!("takes effect {reload}")));
    lines
}

/// How it can be set. An entry of a map has no names of its own.
fn names(schema: &'static Schema, value: &Explained) -> Lines {
    let mut lines = Lines::new();
    let names: Vec<String> = variables(schema)
        .into_iter()
        .filter(|variable| variable.path == value.path)
        .map(|variable| variable.name)
        .collect();
    if !names.is_empty() {
        lines.push(("variable", names.join(", ")));
    }
    if let Some(option) = options(schema).into_iter().find(|option| option.path == value.path) {
        lines.push(("flag", format!("--{}", option.name)));
    }
    lines
}

/// Where it came from, and everything that it hides.
fn origins(value: &Explained) -> Lines {
    let mut lines = vec![("origin", place_of(value).unwrap_or_else(|| "no source sets it".to_owned()))];
    let places: Vec<String> = value.shadows.iter().map(|shadow| place(&shadow.origin)).collect();
    let width = places.iter().map(|place| place.chars().count()).max().unwrap_or(0);
    for (index, (place, shadow)) in places.iter().zip(&value.shadows).enumerate() {
        let title = if index == 0 { "shadows" } else { "" };
        let pad = " ".repeat(width - place.chars().count());
        lines.push((title, format!("{place}{pad}  {}", printable(&shadow.value))));
    }
    for (index, origin) in value.merged.iter().enumerate() {
        lines.push((if index == 0 { "merged" } else { "" }, place(origin)));
    }
    lines
}

fn choices(field: &Field) -> Option<String> {
    match field.kind {
        FieldKind::Leaf(leaf) => match leaf.shape().kind {
            LeafKind::Enum(choices) if !choices.is_empty() => Some(choices.join(", ")),
            _ => None,
        },
        _ => None,
    }
}

fn is_optional(field: &Field) -> bool {
    match field.kind {
        FieldKind::Leaf(leaf) => leaf.shape().optional,
        FieldKind::Optional(_) | FieldKind::List(_) | FieldKind::Map(_) => true,
        FieldKind::Nested(_) => false,
    }
}
