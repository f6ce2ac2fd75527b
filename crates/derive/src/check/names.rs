//! Keys, aliases and names of variables within one struct: each names one field.

use proc_macro2::Ident;

use crate::ctxt::Ctxt;
use crate::ir::{Env, Field, FieldKind};
use crate::parse::Text;

use super::field::path_constant;
use super::plain;

/// The names of a struct's fields, each with the field it belongs to.
#[derive(Default)]
pub(super) struct Names<'a> {
    keys: Vec<Name<'a>>,
    variables: Vec<Name<'a>>,
}

struct Name<'a> {
    text: String,
    /// Where it was written, if it is not the field's own name.
    at: Option<Text>,
    field: &'a Ident,
    alias: bool,
}

impl<'a> Names<'a> {
    pub(super) fn key(&mut self, field: &'a Ident, text: &str, at: Option<&Text>) {
        self.keys.push(Name { text: text.to_owned(), at: at.cloned(), field, alias: false });
    }

    pub(super) fn alias(&mut self, field: &'a Ident, at: &Text) {
        self.keys.push(Name { text: at.value(), at: Some(at.clone()), field, alias: true });
    }

    pub(super) fn variable(&mut self, field: &'a Ident, at: &Text) {
        self.variables.push(Name { text: at.value(), at: Some(at.clone()), field, alias: true });
    }
}

/// Reports keys and variables that would name two fields, or one twice.
pub(super) fn check_keys(ctxt: &Ctxt, names: &Names<'_>) {
    for (kind, names) in [("key", &names.keys), ("variable", &names.variables)] {
        // Own keys come first, so that it is the alias that is at fault.
        let ordered: Vec<_> =
            names.iter().filter(|name| !name.alias).chain(names.iter().filter(|name| name.alias)).collect();
        for (at, name) in ordered.iter().enumerate() {
            let Some(other) = ordered[..at].iter().find(|other| other.text == name.text) else { continue };
            let text = &name.text;
            let message = if other.field == name.field && kind == "key" && !other.alias {
                format!("`{text}` is the field's own key: leave the alias out")
            } else if other.field == name.field {
                format!("`{text}` is named twice: leave one out")
            } else {
                format!("the {kind} `{text}` is already that of the field `{}`: write another name", plain(other.field))
            };
            match &name.at {
                Some(at) => ctxt.error(at, message),
                None => ctxt.error(name.field, message),
            }
        }
    }
}

/// Reports leaves of one struct that would be set by one variable: by their keys' names, their aliases', or, for a secret,
/// by the name of a file. What is nested, the runtime's `check` sees, which knows the whole tree.
pub(super) fn check_variables(ctxt: &Ctxt, prefix: &str, fields: &[Field<'_>]) {
    // A name, the key that it comes of (none if it was written), and its field.
    let mut seen: Vec<(String, Option<String>, &Ident)> = Vec::new();
    for field in fields {
        let FieldKind::Leaf(leaf) = &field.kind else { continue };
        let derived = |key: &str, segment: &str| {
            let name = if prefix.is_empty() { segment.to_owned() } else { format!("{prefix}_{segment}") };
            (name, Some(key.to_owned()))
        };
        let mut names: Vec<(String, Option<String>)> = match &leaf.env {
            Env::None => Vec::new(),
            Env::Names(names) => names.iter().map(|name| (name.value(), None)).collect(),
            Env::Derived => {
                let aliases = field.aliases.iter().map(|alias| derived(&alias.key, &alias.segment));
                std::iter::once(derived(&field.key, &field.segment)).chain(aliases).collect()
            }
        };
        if leaf.secret {
            names.extend(
                names.clone().into_iter().map(|(name, _)| (format!("{name}_FILE"), Some(format!("{name}'s file")))),
            );
        }
        for (name, key) in names {
            // Names that were written, and equal keys, have been reported already.
            let clashes = |(other, also, whose): &&(String, Option<String>, &Ident)| {
                *other == name && *also != key && *whose != field.ident
            };
            if let Some((_, _, other)) = seen.iter().find(clashes) {
                let message =
                    format!("the variable `{name}` would set the field `{}`, too: write `env = \"…\"`", plain(other));
                ctxt.error(field.ident, message);
            }
            seen.push((name, key, field.ident));
        }
    }
}

/// Reports fields whose path constants would have one name.
pub(super) fn check_path_constants(ctxt: &Ctxt, fields: &[Field<'_>]) {
    for (at, field) in fields.iter().enumerate() {
        let constant = path_constant(field.ident);
        if let Some(other) = fields[..at].iter().find(|other| path_constant(other.ident) == constant) {
            let message = format!(
                "this field and `{}` would share the path constant `{constant}`: rename one",
                plain(other.ident)
            );
            ctxt.error(field.ident, message);
        }
    }
}

/// What is wrong with the name of a variable.
pub(super) fn env_fault(name: &str) -> Option<&'static str> {
    if name.contains('=') {
        Some("has no `=`: the system ends the name there")
    } else if name.contains(|char: char| char.is_whitespace() || char.is_control()) {
        Some("has neither spaces nor control characters")
    } else {
        None
    }
}
