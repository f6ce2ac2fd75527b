//! The schemas of structs and tagged enums, and the definitions of those that are nested.

use strata_config_core::schema::{Alias, Field, FieldKind};
use strata_config_core::{Schema, Value};

use super::{Coverage, Keywords, leaf, texts};
use crate::describe;

/// The whole JSON Schema.
pub(super) fn document(schema: &'static Schema, coverage: Coverage) -> Value {
    let mut writer = Writer { lenient: schema.allow_unknown, definitions: Vec::new() };
    let mut document = Keywords::default();
    document.set("$schema", "https://json-schema.org/draft/2020-12/schema");
    document.set("$comment", "Generated from the schema; do not edit.");
    document.set("title", schema.name);
    let mut root = writer.of_schema(schema, None, coverage);
    if schema.variants.is_empty() && !matches!(root.get("properties"), Some(Value::Map(known)) if has(known, "include"))
    {
        include(&mut root);
    }
    document.0.append(&mut root.0);
    if !writer.definitions.is_empty() {
        let definitions = writer.definitions.into_iter().map(|definition| (definition.name, definition.schema));
        document.set("$defs", Value::Map(definitions.collect()));
    }
    document.into_value()
}

fn has(entries: &[(String, Value)], key: &str) -> bool {
    entries.iter().any(|(known, _)| known == key)
}

/// The key by which a file names others.
fn include(root: &mut Keywords) {
    let mut include = Keywords::default();
    include.set("description", "Files that are read before this one, relative to its folder.");
    include.set("type", texts(["string", "array"]));
    let mut name = Keywords::default();
    name.set("type", "string");
    include.set("items", name);
    let mut properties = match root.get("properties") {
        Some(Value::Map(known)) => known.clone(),
        _ => Vec::new(),
    };
    properties.push(("include".to_owned(), include.into_value()));
    root.set("properties", Value::Map(properties));
}

struct Definition {
    name: String,
    schema: Value,
}

struct Writer {
    /// Unknown keys are accepted everywhere, as the root says.
    lenient: bool,
    definitions: Vec<Definition>,
}

/// Properties of an object, and what is required of them.
#[derive(Default)]
struct Object {
    properties: Vec<(String, Value)>,
    /// Of each group of names one.
    required: Vec<Vec<String>>,
}

impl Writer {
    fn of_schema(&mut self, schema: &'static Schema, tag: Option<&'static str>, coverage: Coverage) -> Keywords {
        let mut keywords = Keywords::default();
        if !schema.doc.is_empty() {
            keywords.set("description", schema.doc);
        }
        let open = self.lenient || schema.allow_unknown;
        if schema.variants.is_empty() {
            let mut object = Object::default();
            self.fields(schema.fields, coverage, &mut object);
            write(object, open, &mut keywords);
            return keywords;
        }
        let ways = self.variants(schema, tag, coverage).into_iter().map(|object| {
            let mut way = Keywords::default();
            write(object, open, &mut way);
            way.into_value()
        });
        // Without a tag, which another source may say, a document may fit several variants.
        keywords.set(if coverage == Coverage::Whole { "oneOf" } else { "anyOf" }, Value::List(ways.collect()));
        keywords
    }

    /// The object of each variant.
    fn variants(&mut self, schema: &'static Schema, tag: Option<&'static str>, coverage: Coverage) -> Vec<Object> {
        let tag = tag.unwrap_or(schema.tag);
        let mut objects = Vec::new();
        for variant in schema.variants {
            let mut name = Keywords::default();
            if !variant.doc.is_empty() {
                name.set("description", variant.doc);
            }
            name.set("const", variant.name);
            let mut object = Object { properties: vec![(tag.to_owned(), name.into_value())], required: Vec::new() };
            if coverage == Coverage::Whole {
                object.required.push(vec![tag.to_owned()]);
            }
            self.fields(variant.fields, coverage, &mut object);
            objects.push(object);
        }
        objects
    }

    fn fields(&mut self, fields: &'static [Field], coverage: Coverage, object: &mut Object) {
        // The program computes some values, and no document may have them.
        for field in fields.iter().filter(|field| !field.meta.computed) {
            if let (true, FieldKind::Nested(schema)) = (field.meta.flatten, field.kind) {
                self.fields(schema.fields, coverage, object);
                continue;
            }
            let value = self.field(field, coverage);
            let aliases =
                field.meta.rare().aliases.iter().map(|alias| (alias.key.to_owned(), self::alias(field, alias, &value)));
            let aliases: Vec<(String, Value)> = aliases.collect();
            object.properties.push((field.key.to_owned(), value.into_value()));
            object.properties.extend(aliases);
            if coverage == Coverage::Whole && is_required(field) {
                let names = std::iter::once(field.key).chain(field.meta.rare().aliases.iter().map(|alias| alias.key));
                object.required.push(names.map(str::to_owned).collect());
            }
        }
    }

    fn field(&mut self, field: &'static Field, coverage: Coverage) -> Keywords {
        let reference = match field.kind {
            FieldKind::Leaf(kind) => return leaf::of_field(field, kind),
            FieldKind::Nested(schema) | FieldKind::Optional(schema) | FieldKind::Map(schema) => {
                self.define(schema, field.meta.rare().tag, coverage)
            }
            // No other source adds to an item.
            FieldKind::List(schema) => self.define(schema, field.meta.rare().tag, Coverage::Whole),
        };
        let mut keywords = Keywords::default();
        let mut notes = vec![field.doc.to_owned()];
        notes.extend(field.meta.rare().deprecated.map(|said| describe::sentence(describe::deprecation(said))));
        notes.retain(|note| !note.is_empty());
        if !notes.is_empty() {
            keywords.set("description", notes.join("\n\n"));
        }
        match field.kind {
            FieldKind::Optional(_) => {
                let mut null = Keywords::default();
                null.set("type", "null");
                keywords.set("anyOf", Value::List(vec![reference.into_value(), null.into_value()]));
            }
            FieldKind::List(_) => {
                keywords.set("type", "array");
                keywords.set("items", reference);
            }
            FieldKind::Map(_) => {
                keywords.set("type", "object");
                keywords.set("additionalProperties", reference);
            }
            FieldKind::Nested(_) | FieldKind::Leaf(_) => keywords.0.extend(reference.0),
        }
        if field.meta.rare().deprecated.is_some() {
            keywords.set("deprecated", true);
        }
        keywords
    }

    /// A reference to a nested type's definition. Types of one name that differ get numbers.
    fn define(&mut self, schema: &'static Schema, tag: Option<&'static str>, coverage: Coverage) -> Keywords {
        let value = self.of_schema(schema, tag, coverage).into_value();
        let mut number = 1;
        let name = loop {
            let name = if number == 1 { schema.name.to_owned() } else { format!("{}{number}", schema.name) };
            match self.definitions.iter().find(|known| known.name == name) {
                Some(known) if known.schema == value => break name,
                Some(_) => number += 1,
                None => {
                    self.definitions.push(Definition { name: name.clone(), schema: value });
                    break name;
                }
            }
        };
        let mut reference = Keywords::default();
        reference.set("$ref", format!("#/$defs/{name}"));
        reference
    }
}

/// The same under another name.
fn alias(field: &'static Field, alias: &Alias, value: &Keywords) -> Value {
    let mut keywords = value.clone();
    keywords.0.retain(|(key, _)| key != "default");
    let said = alias.deprecated.map(|said| format!(" ({})", describe::deprecation(said))).unwrap_or_default();
    keywords.set("description", format!("Another name of `{}`{said}.", field.key));
    if alias.deprecated.is_some() {
        keywords.set("deprecated", true);
    }
    keywords.into_value()
}

fn write(object: Object, open: bool, keywords: &mut Keywords) {
    keywords.set("type", "object");
    keywords.set("properties", Value::Map(object.properties));
    let (single, several): (Vec<_>, Vec<_>) = object.required.into_iter().partition(|names| names.len() == 1);
    let single: Vec<String> = single.into_iter().flatten().collect();
    if !single.is_empty() {
        keywords.set("required", texts(single.iter().map(String::as_str)));
    }
    for names in several {
        // Any of its names will do.
        let ways = names.iter().map(|name| Value::Map(vec![("required".to_owned(), texts([name.as_str()]))]));
        let mut any = Keywords::default();
        any.set("anyOf", Value::List(ways.collect()));
        keywords.demand(any);
    }
    keywords.set("additionalProperties", open);
}

/// Whether a document that is the only source must have the field.
fn is_required(field: &'static Field) -> bool {
    match field.kind {
        FieldKind::Leaf(leaf) => field.default_value().is_none() && !leaf.shape().optional,
        FieldKind::Nested(schema) => needs(schema),
        FieldKind::Optional(_) | FieldKind::List(_) | FieldKind::Map(_) => false,
    }
}

/// Whether something below must be set.
fn needs(schema: &'static Schema) -> bool {
    !schema.variants.is_empty() || schema.fields.iter().any(|field| !field.meta.computed && is_required(field))
}
