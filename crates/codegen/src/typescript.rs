//! TypeScript types of the whole configuration, as the HTTP API and `export` write it.

mod leaf;

use strata_config_core::Schema;
use strata_config_core::schema::{Field, FieldKind};

use crate::describe;

/// TypeScript types of the whole configuration, as the HTTP API and `export --as json` write it.
///
/// Every setting is there, but an `Option` may be null or left out. Files and patches say only a part of it: their type
/// is the last one, `Partial…`. A secret can be written as text, and is read as `{ $secret: true }`.
#[must_use]
pub fn typescript(schema: &'static Schema) -> String {
    let mut writer = Writer::default();
    let name = writer.schema(schema, None);
    let mut text = String::from("// Generated from the schema; do not edit.\n");
    let uses = |word: &str| writer.types.iter().any(|known| known.body.contains(word));
    for (word, helper) in leaf::HELPERS {
        if uses(word) {
            text.push_str(helper);
        }
    }
    // The root first, then what it names.
    for known in writer.types.iter().rev() {
        text.push_str(&format!("\n{}{}", known.doc, known.body.replacen(PLACE, &known.name, 1)));
    }
    text.push_str(leaf::PARTIAL);
    text.push_str(&format!(
        "\n/** What a file or a patch may say of {name}. */\nexport type Partial{name} = DeepPartial<{name}>;\n"
    ));
    text
}

/// What stands in a declaration for its name, so that equal types of one name are found to be equal.
const PLACE: &str = "\u{0}";

/// A declared type.
struct Declared {
    name: String,
    doc: String,
    body: String,
}

#[derive(Default)]
struct Writer {
    /// What is named stands before what names it.
    types: Vec<Declared>,
}

impl Writer {
    /// Declares a struct's interface or a tagged enum's union, and gives its name.
    fn schema(&mut self, schema: &'static Schema, tag: Option<&'static str>) -> String {
        let doc = comment(&[schema.doc.to_owned()], "");
        if schema.variants.is_empty() {
            let body = format!("export interface {PLACE} {{\n{}}}\n", self.fields(schema.fields, "  "));
            return self.declare(schema.name, doc, body);
        }
        let tag = key(tag.unwrap_or(schema.tag));
        let mut ways = String::new();
        for variant in schema.variants {
            let doc = comment(&[variant.doc.to_owned()], "      ");
            let name = crate::text::quoted(variant.name);
            let fields = self.fields(variant.fields, "      ");
            ways.push_str(&format!("\n  | {{\n{doc}      {tag}: {name};\n{fields}    }}"));
        }
        let body = format!("export type {PLACE} ={ways};\n");
        self.declare(schema.name, doc, body)
    }

    fn fields(&mut self, fields: &'static [Field], indent: &str) -> String {
        fields.iter().map(|field| self.field(field, indent)).collect()
    }

    fn field(&mut self, field: &'static Field, indent: &str) -> String {
        let (kind, optional) = match field.kind {
            FieldKind::Nested(schema) if field.meta.flatten => return self.fields(schema.fields, indent),
            FieldKind::Leaf(leaf) => {
                let shape = leaf.shape();
                let kind = self.leaf(&shape, leaf.type_name());
                (if field.is_secret() { leaf::secret(&kind) } else { kind }, shape.optional)
            }
            FieldKind::Nested(schema) => (self.schema(schema, field.meta.rare().tag), false),
            FieldKind::Optional(schema) => (self.schema(schema, field.meta.rare().tag), true),
            FieldKind::List(schema) => (format!("{}[]", self.schema(schema, field.meta.rare().tag)), false),
            FieldKind::Map(schema) => {
                (format!("Record<string, {}>", self.schema(schema, field.meta.rare().tag)), false)
            }
        };
        let mut lines = vec![field.doc.to_owned()];
        lines.extend(facts(field));
        let readonly = if field.meta.computed { "readonly " } else { "" };
        let (mark, null) = if optional { ("?", " | null") } else { ("", "") };
        format!("{}{indent}{readonly}{}{mark}: {kind}{null};\n", comment(&lines, indent), key(field.key))
    }

    /// Declares a type, and gives its name: types of one name that differ get numbers.
    fn declare(&mut self, name: &str, doc: String, body: String) -> String {
        let mut number = 1;
        loop {
            let name = if number == 1 { name.to_owned() } else { format!("{name}{number}") };
            match self.types.iter().find(|known| known.name == name) {
                Some(known) if known.body == body => return name,
                Some(_) => number += 1,
                None if leaf::is_taken(&name) => number += 1,
                None => {
                    self.types.push(Declared { name: name.clone(), doc, body });
                    return name;
                }
            }
        }
    }
}

/// What a field's comment says beside its documentation.
fn facts(field: &'static Field) -> Vec<String> {
    let mut facts = Vec::new();
    if let FieldKind::Leaf(leaf) = field.kind {
        let mut limits = describe::limits(field, &leaf.shape());
        limits.extend(describe::unit(field));
        if !limits.is_empty() {
            facts.push(format!("Limits: {}.", limits.join("; ")));
        }
        if let (Some(default), false) = (field.default_value(), field.is_secret()) {
            facts.push(format!("@default {}", crate::text::json(&default)));
        }
    }
    facts.extend(field.meta.rare().deprecated.map(|said| {
        let words = describe::deprecation(said);
        format!("@deprecated {}", words.strip_prefix("deprecated").unwrap_or(&words).trim_start_matches([':', ' ']))
    }));
    facts
}

/// A documentation comment; nothing where there is nothing to say.
fn comment(parts: &[String], indent: &str) -> String {
    let text: Vec<&str> = parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
    let text = text.join("\n").replace("*/", "*\\/");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let lines: String =
                lines.iter().map(|line| format!("{indent} * {line}\n").replace("* \n", "*\n")).collect();
            format!("{indent}/**\n{lines}{indent} */\n")
        }
    }
}

/// A property's name, in quotes where it needs them.
fn key(key: &str) -> String {
    let first = |char: char| char.is_ascii_alphabetic() || char == '_' || char == '$';
    let bare = key.starts_with(first) && key.chars().all(|char| first(char) || char.is_ascii_digit());
    if bare { key.to_owned() } else { crate::text::quoted(key) }
}
