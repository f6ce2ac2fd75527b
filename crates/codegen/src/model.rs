//! A schema as tables of settings, each with its place and its variables: what templates and the reference walk.

use strata_config_core::schema::{Env, Field, FieldKind};
use strata_config_core::{FieldPath, LeafKind, Schema, Shape, Value, Variable, variables};

/// A section: a struct, or what holds several of them.
#[derive(Debug)]
pub(crate) struct Table {
    /// Keys from the root; a map's entry has [`ENTRY`] at its end.
    pub(crate) keys: Vec<String>,
    pub(crate) doc: &'static str,
    pub(crate) kind: TableKind,
    /// The field that holds it; `None` for the root.
    pub(crate) field: Option<&'static Field>,
    /// The variant of the parent that it is of.
    pub(crate) variant: Option<Chosen>,
    /// The variables of a list or a map as a whole.
    pub(crate) variables: Vec<Name>,
    pub(crate) settings: Vec<Setting>,
    pub(crate) tables: Vec<Table>,
}

/// How often a section is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableKind {
    /// Once.
    Struct,
    /// Once, or not at all.
    Optional,
    /// An item of a list.
    List,
    /// An entry of a map.
    Map,
}

/// The key that stands for any key of a map.
pub(crate) const ENTRY: &str = "NAME";

/// One leaf, or an enum's tag.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) key: &'static str,
    pub(crate) path: FieldPath,
    pub(crate) doc: &'static str,
    /// `None` for a tag.
    pub(crate) field: Option<&'static Field>,
    pub(crate) shape: Shape,
    pub(crate) choices: Vec<NamedChoice>,
    pub(crate) state: State,
    pub(crate) variables: Vec<Name>,
    pub(crate) variant: Option<Chosen>,
}

/// What a setting is where no source sets it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum State {
    /// This.
    Default(Value),
    /// Null: there is no default and none is needed.
    Unset,
    /// A secret that is not told.
    Hidden,
    /// An error.
    Required,
    /// The program's business alone.
    Computed,
}

/// A name that an enum may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NamedChoice {
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) aliases: &'static [&'static str],
}

/// A variant that must be chosen for a setting to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) tag: &'static str,
    pub(crate) name: &'static str,
    /// It is the one that templates choose.
    pub(crate) first: bool,
}

/// A variable's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) deprecated: bool,
}

/// The root of a schema.
pub(crate) fn root(schema: &'static Schema) -> Table {
    let mut root = Table {
        keys: Vec::new(),
        doc: schema.doc,
        kind: TableKind::Struct,
        field: None,
        variant: None,
        variables: Vec::new(),
        settings: Vec::new(),
        tables: Vec::new(),
    };
    let walk = Walk { variables: variables(schema) };
    walk.schema(schema, None, None, &mut root);
    root
}

struct Walk {
    variables: Vec<Variable>,
}

impl Walk {
    fn schema(&self, schema: &'static Schema, tag: Option<&'static str>, variant: Option<Chosen>, table: &mut Table) {
        if schema.variants.is_empty() {
            self.fields(schema.fields, variant, table);
            return;
        }
        let tag = tag.unwrap_or(schema.tag);
        let path = path(&table.keys).child(tag);
        let named =
            |at: usize| NamedChoice { name: schema.variants[at].name, doc: schema.variants[at].doc, aliases: &[] };
        let names = self.variables.iter().filter(|variable| variable.field.is_none() && variable.path == path);
        table.settings.push(Setting {
            key: tag,
            doc: "Which of the variants this is.",
            field: None,
            shape: Shape { kind: LeafKind::Enum(&[]), ..Shape::default() },
            choices: (0..schema.variants.len()).map(named).collect(),
            state: State::Required,
            variables: names.map(|variable| Name { text: variable.name.clone(), deprecated: false }).collect(),
            path,
            variant,
        });
        for (at, variant) in schema.variants.iter().enumerate() {
            self.fields(variant.fields, Some(Chosen { tag, name: variant.name, first: at == 0 }), table);
        }
    }

    fn fields(&self, fields: &'static [Field], variant: Option<Chosen>, table: &mut Table) {
        for field in fields {
            match field.kind {
                FieldKind::Nested(schema) if field.meta.flatten => {
                    self.schema(schema, field.meta.rare().tag, variant, table);
                }
                FieldKind::Nested(schema) => self.table(field, schema, TableKind::Struct, variant, table),
                FieldKind::Optional(schema) => self.table(field, schema, TableKind::Optional, variant, table),
                FieldKind::List(schema) => self.table(field, schema, TableKind::List, variant, table),
                FieldKind::Map(schema) => self.table(field, schema, TableKind::Map, variant, table),
                FieldKind::Leaf(leaf) => table.settings.push(self.setting(field, leaf.shape(), variant, &table.keys)),
            }
        }
    }

    fn table(
        &self,
        field: &'static Field,
        schema: &'static Schema,
        kind: TableKind,
        variant: Option<Chosen>,
        parent: &mut Table,
    ) {
        let mut keys = parent.keys.clone();
        keys.push(field.key.to_owned());
        let variables = self.names(field, &path(&keys));
        if kind == TableKind::Map {
            keys.push(ENTRY.to_owned());
        }
        let doc = if field.doc.is_empty() { schema.doc } else { field.doc };
        let (settings, tables) = (Vec::new(), Vec::new());
        let mut table = Table { keys, doc, kind, field: Some(field), variant, variables, settings, tables };
        self.schema(schema, field.meta.rare().tag, None, &mut table);
        parent.tables.push(table);
    }

    fn setting(&self, field: &'static Field, shape: Shape, variant: Option<Chosen>, keys: &[String]) -> Setting {
        let path = path(keys).child(field.key);
        let default = field.default_value();
        let state = match default {
            _ if field.meta.computed => State::Computed,
            Some(Value::Null) => State::Unset,
            Some(_) if field.is_secret() => State::Hidden,
            Some(value) => State::Default(value),
            None if shape.optional => State::Unset,
            None => State::Required,
        };
        Setting {
            key: field.key,
            doc: field.doc,
            field: Some(field),
            choices: choices(&shape),
            shape,
            state,
            variables: self.names(field, &path),
            path,
            variant,
        }
    }

    /// The variables of one field; those of its deprecated names are the later ones, in the order of its aliases.
    fn names(&self, field: &'static Field, path: &FieldPath) -> Vec<Name> {
        let own = |variable: &&Variable| {
            variable.path == *path && variable.field.is_some_and(|found| std::ptr::eq(found, field))
        };
        let alias = |at: usize| match (field.meta.env, at.checked_sub(1)) {
            (Env::Derived, Some(at)) => field.meta.rare().aliases.get(at),
            _ => None,
        };
        self.variables
            .iter()
            .filter(own)
            .enumerate()
            .map(|(at, variable)| Name {
                text: variable.name.clone(),
                deprecated: alias(at).is_some_and(|alias| alias.deprecated.is_some()),
            })
            .collect()
    }
}

/// The choices of the innermost enum of a shape.
fn choices(shape: &Shape) -> Vec<NamedChoice> {
    match (&shape.inner, shape.kind) {
        (Some(inner), _) => choices(inner),
        (None, LeafKind::Enum(names)) if shape.choices.is_empty() => {
            names.iter().map(|name| NamedChoice { name, doc: "", aliases: &[] }).collect()
        }
        (None, LeafKind::Enum(_)) => {
            let known = shape.choices.iter();
            known.map(|choice| NamedChoice { name: choice.name, doc: choice.doc, aliases: choice.aliases }).collect()
        }
        _ => Vec::new(),
    }
}

pub(crate) fn path(keys: &[String]) -> FieldPath {
    keys.iter().fold(FieldPath::ROOT, |path, key| path.child(key))
}
