//! The names of variables, by schema: no separator has to be guessed.

use crate::path::FieldPath;
use crate::report::{Finding, Severity, code};
use crate::schema::{Alias, Env, Field, FieldKind, Schema};

/// A name that a leaf's variable may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name<'a> {
    pub(crate) text: &'a str,
    /// The leaf; `None` for an enum's tag.
    pub(crate) field: Option<&'static Field>,
    pub(crate) slot: usize,
    /// The alias whose name this is.
    pub(crate) alias: Option<&'static Alias>,
}

impl Name<'_> {
    /// The path of the leaf.
    pub(crate) fn path(&self, schema: &'static Schema) -> FieldPath {
        let mut paths = Vec::with_capacity(schema.size);
        slots(schema, None, &FieldPath::ROOT, &mut paths);
        paths.swap_remove(self.slot)
    }

    /// What to say where a variable of this alias is set beside one of the leaf's other names.
    pub(crate) fn set_twice(&self, schema: &'static Schema, taken: bool) -> Option<Finding> {
        (taken && self.alias.is_some()).then(|| {
            let message = format!("{} and another name of this setting are both set", self.text);
            let mut finding = Finding::new(Severity::Error, code::DUPLICATE_NAME, self.path(schema), message);
            finding.help = Some("keep one of the two names".to_owned());
            finding
        })
    }

    /// What to say where a variable of this name is set, though it is deprecated.
    pub(crate) fn deprecation(&self, schema: &'static Schema) -> Option<Finding> {
        let field = self.field?;
        let said = self.alias.map_or(field.meta.rare().deprecated, |alias| alias.deprecated)?;
        let what = self.alias.map(|_| self.text);
        let advice = if matches!(field.meta.env, Env::Derived) {
            let own = self.alias.map(|alias| self.text.strip_suffix(alias.segment).unwrap_or_default());
            own.map(|prefix| format!("{prefix}{}", field.segment))
        } else {
            None
        };
        Some(crate::walk::deprecation(self.path(schema), said, what, advice.as_deref()))
    }
}

/// A variable that sets a leaf.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The leaf's path.
    pub path: FieldPath,
    /// Its field; `None` for an enum's tag.
    pub field: Option<&'static Field>,
}

/// The variables of all leaves, in the schema's order; of a leaf with several, its first choice first.
#[must_use]
pub fn variables(schema: &'static Schema) -> Vec<Variable> {
    let mut paths = Vec::with_capacity(schema.size);
    slots(schema, None, &FieldPath::ROOT, &mut paths);
    let mut variables = Vec::new();
    each(schema, &mut |name| {
        variables.push(Variable { name: name.text.to_owned(), path: paths[name.slot].clone(), field: name.field });
    });
    variables
}

/// The path of every slot.
fn slots(schema: &'static Schema, tag: Option<&'static str>, path: &FieldPath, paths: &mut Vec<FieldPath>) {
    if !schema.variants.is_empty() {
        paths.push(path.child(tag.unwrap_or(schema.tag)));
    }
    for field in schema.fields.iter().chain(schema.variants.iter().flat_map(|variant| variant.fields)) {
        let below = if field.meta.flatten { path.clone() } else { path.child(field.key) };
        paths.push(below.clone());
        if let FieldKind::Nested(schema) | FieldKind::Optional(schema) = field.kind {
            slots(schema, field.meta.rare().tag, &below, paths);
        }
    }
}

/// Calls `each` for every variable of a root, a leaf's first choice first.
pub(crate) fn each(schema: &'static Schema, each: &mut dyn FnMut(Name<'_>)) {
    let mut name = String::with_capacity(64);
    name.push_str(schema.env_prefix);
    walk(schema, None, 0, &mut name, each);
}

fn walk(
    schema: &'static Schema,
    tag: Option<&'static str>,
    start: usize,
    name: &mut String,
    each: &mut dyn FnMut(Name<'_>),
) {
    if schema.variants.is_empty() {
        fields(schema.fields, start, name, each);
        return;
    }
    let length = name.len();
    push(name, &tag.unwrap_or(schema.tag).to_ascii_uppercase().replace('-', "_"));
    each(Name { text: name, field: None, slot: start, alias: None });
    name.truncate(length);
    let mut slot = start + 1;
    for variant in schema.variants {
        fields(variant.fields, slot, name, each);
        slot += variant.fields.iter().map(Field::size).sum::<usize>();
    }
}

fn fields(fields: &'static [Field], mut slot: usize, name: &mut String, each: &mut dyn FnMut(Name<'_>)) {
    for field in fields {
        match field.kind {
            FieldKind::Nested(schema) | FieldKind::Optional(schema) => match field.meta.rare().env_prefix {
                Some(prefix) => {
                    let mut fresh = String::with_capacity(64);
                    fresh.push_str(prefix);
                    walk(schema, field.meta.rare().tag, slot + 1, &mut fresh, each);
                }
                None => {
                    let length = name.len();
                    if !field.meta.flatten {
                        push(name, field.segment);
                    }
                    walk(schema, field.meta.rare().tag, slot + 1, name, each);
                    name.truncate(length);
                }
            },
            _ if field.meta.computed => {}
            _ => leaf(field, slot, name, each),
        }
        slot += field.size();
    }
}

fn leaf(field: &'static Field, slot: usize, name: &mut String, each: &mut dyn FnMut(Name<'_>)) {
    match field.meta.env {
        Env::None => {}
        Env::Names(names) => {
            names.iter().for_each(|text| each(Name { text, field: Some(field), slot, alias: None }));
        }
        Env::Derived => {
            let aliases = field.meta.rare().aliases.iter().map(|alias| (alias.segment, Some(alias)));
            for (segment, alias) in std::iter::once((field.segment, None)).chain(aliases) {
                let length = name.len();
                push(name, segment);
                each(Name { text: name, field: Some(field), slot, alias });
                name.truncate(length);
            }
        }
    }
}

fn push(name: &mut String, segment: &str) {
    if !name.is_empty() {
        name.push('_');
    }
    name.push_str(segment);
}
