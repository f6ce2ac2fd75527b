//! Commented files to copy: every setting at its default.
//!
//! In every language, a line whose comment marker touches what follows (`#port = 8080`) is a setting at its default, so
//! that all such lines together, freed of their markers, load to the defaults. A marker with a space behind it explains,
//! or gives an example of what is absent by default.

mod env;
mod json;
mod toml;
mod yaml;

pub use env::dotenv_value;
use strata_config_core::{LeafKind, Schema, Value};

use crate::describe;
use crate::model::{self, Setting, State, Table, TableKind};

/// The language of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// YAML.
    Yaml,
    /// JSON with `//` comments.
    Json,
    /// Variables in `.env` syntax.
    Env,
}

/// A commented file of all settings, to copy and change.
///
/// Freed of the markers that touch a setting, it loads to the defaults, once the required settings have values.
///
/// ```
/// # use strata_config_core::LayeredConfig;
/// # use strata_config_derive::LayeredConfig;
/// use strata_config_codegen::{Format, template};
///
/// #[derive(LayeredConfig)]
/// # #[config(crate = strata_config_core)]
/// struct AppConfig {
///     /// TCP port.
///     #[config(default = 8080, env = "PORT", validate(range(min = 1024)))]
///     port: u16,
/// }
///
/// let text = template(AppConfig::SCHEMA, Format::Toml);
/// assert!(text.ends_with("\n# TCP port.\n# integer; at least 1024; default 8080; variable PORT\n#port = 8080\n"));
/// ```
#[must_use]
pub fn template(schema: &'static Schema, format: Format) -> String {
    let root = model::root(schema);
    let (marker, body) = match format {
        Format::Toml => ("#", toml::body(&root)),
        Format::Yaml => ("#", yaml::body(&root)),
        Format::Json => ("//", json::body(&root)),
        Format::Env => ("#", env::body(&root)),
    };
    let mut lines: Vec<String> = head(schema, format, marker).iter().map(|line| comment(marker, line)).collect();
    lines.extend(body);
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn head(schema: &Schema, format: Format, marker: &str) -> Vec<String> {
    let mut lines = vec![format!("{}: a template. Generated, do not edit: copy it, and change the copy.", schema.name)];
    lines.extend(paragraph(schema.doc));
    lines.push(String::new());
    lines.push(format!("A line that begins with `{marker}` and no space is a setting at its default; to change it,"));
    lines.push(format!(
        "remove the `{marker}`. Lines with a space behind it explain, or show what is absent by default."
    ));
    match format {
        Format::Json => lines.push("The last entry of an object has no comma behind it.".to_owned()),
        Format::Env => lines.push("A variable without a value counts as unset.".to_owned()),
        Format::Yaml => lines.push("A section's own key is to be freed with its first setting.".to_owned()),
        Format::Toml => {}
    }
    lines
}

/// What stands above a setting: its documentation and its facts.
fn comments(setting: &Setting, with_variables: bool) -> Vec<String> {
    let mut lines = paragraph(setting.doc);
    lines.extend(setting.variant.map(|chosen| format!("Where {} is `{}`.", chosen.tag, chosen.name)));
    let mut facts = describe::facts(setting);
    if with_variables && !setting.variables.is_empty() {
        let names: Vec<String> = setting.variables.iter().map(|name| name.text.clone()).collect();
        facts.push(format!("variable {}", names.join(", ")));
    }
    lines.extend(wrapped(&facts.join("; ")));
    lines.extend(setting.choices.iter().filter(|choice| !choice.doc.is_empty()).map(|choice| {
        let doc = choice.doc.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("  {}: {doc}", choice.name)
    }));
    lines
}

/// What stands above a section.
fn section_comments(table: &Table) -> Vec<String> {
    let mut lines = paragraph(table.doc);
    lines.extend(table.variant.map(|chosen| format!("Where {} is `{}`.", chosen.tag, chosen.name)));
    lines.extend(
        match table.kind {
            TableKind::Struct => None,
            TableKind::Optional => Some("Absent, unless one of its settings is set."),
            TableKind::List => Some("A list, which is empty by default; an item looks like this."),
            TableKind::Map => Some("A map, which is empty by default; an entry looks like this."),
        }
        .map(str::to_owned),
    );
    let Some(field) = table.field else { return lines };
    lines.extend(field.meta.rare().deprecated.map(describe::deprecation));
    let aliases = describe::aliases(field);
    if !aliases.is_empty() {
        lines.push(aliases.join("; "));
    }
    lines
}

fn paragraph(doc: &str) -> Vec<String> {
    if doc.is_empty() { Vec::new() } else { doc.lines().map(|line| line.trim_end().to_owned()).collect() }
}

/// The text in lines that an editor shows whole.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 100;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn comment(marker: &str, line: &str) -> String {
    if line.is_empty() { marker.to_owned() } else { format!("{marker} {line}") }
}

/// What a setting's line says.
enum Line {
    /// The setting at its default, or a value that must be replaced.
    Value(Value),
    /// A value that only shows how it looks.
    Example(Value),
}

/// The setting's line; `None` where no document may have it.
fn line(setting: &Setting) -> Option<Line> {
    let value = match &setting.state {
        State::Computed => return None,
        // A list that adds to its default adds nothing by default.
        State::Default(_) if appends(setting) => Line::Value(Value::List(Vec::new())),
        State::Default(value) => Line::Value(value.clone()),
        State::Required => Line::Value(placeholder(setting)),
        State::Unset => Line::Value(Value::Null),
        State::Hidden => Line::Example(placeholder(setting)),
    };
    Some(match value {
        Line::Value(value) if !is_wanted(setting) => Line::Example(value),
        line => line,
    })
}

/// Whether a file had better say the setting: its variant is chosen, and it is not deprecated.
fn is_wanted(setting: &Setting) -> bool {
    setting.variant.is_none_or(|chosen| chosen.first)
        && setting.field.is_none_or(|field| field.meta.rare().deprecated.is_none())
}

fn appends(setting: &Setting) -> bool {
    setting.field.is_some_and(|field| matches!(field.meta.merge, strata_config_core::schema::Merge::Append))
}

/// A value of the setting's type, to be replaced.
fn placeholder(setting: &Setting) -> Value {
    match setting.shape.kind {
        LeafKind::Boolean => Value::Bool(false),
        LeafKind::Integer { .. } => Value::Int(0),
        LeafKind::Number => Value::Float(0.0),
        LeafKind::Duration => Value::String("0s".to_owned()),
        LeafKind::List => Value::List(Vec::new()),
        LeafKind::Map | LeafKind::Struct => Value::Map(Vec::new()),
        LeafKind::Size => Value::Int(0),
        LeafKind::Enum(_) => {
            Value::String(setting.choices.first().map_or(String::new(), |choice| choice.name.to_owned()))
        }
        LeafKind::Any | LeafKind::String | LeafKind::Path | LeafKind::Address | LeafKind::Url => {
            Value::String(String::new())
        }
    }
}

/// Whether a section is there by default.
fn is_present(table: &Table) -> bool {
    table.kind == TableKind::Struct && table.variant.is_none_or(|chosen| chosen.first)
}
