//! The reference in Markdown: a table for each section, and one of all variables.

use strata_config_core::Schema;

use crate::describe;
use crate::model::{self, Setting, State, Table, TableKind};
use crate::text;

/// The reference of all settings in Markdown: a table for each section, and one of all variables.
///
/// A setting's row has its key, type, default, limits, variables, when a change takes effect, and its documentation with
/// whatever else there is to know: that it is secret, computed or deprecated, and its other names.
#[must_use]
pub fn markdown(schema: &'static Schema) -> String {
    let root = model::root(schema);
    let mut page = String::from("<!-- Generated from the schema; do not edit. -->\n\n");
    page.push_str(&format!("# {}\n", schema.name));
    push_paragraph(schema.doc, &mut page);
    section(&root, &mut page);
    variables(&root, &mut page);
    page
}

fn section(table: &Table, page: &mut String) {
    if !table.keys.is_empty() {
        let path = model::path(&table.keys);
        page.push_str(&match table.kind {
            TableKind::List => format!("\n## `{path}[]`\n"),
            _ => format!("\n## `{path}`\n"),
        });
        push_paragraph(table.doc, page);
        push_paragraph(&notes(table).join(" "), page);
    }
    if !table.settings.is_empty() {
        page.push_str("\n| key | type | default | limits | variable | takes effect | meaning |\n");
        page.push_str("|---|---|---|---|---|---|---|\n");
        table.settings.iter().for_each(|setting| page.push_str(&row(setting)));
    }
    for setting in table.settings.iter().filter(|setting| !setting.choices.is_empty()) {
        choices(setting, page);
    }
    table.tables.iter().for_each(|below| section(below, page));
}

/// What there is to know of a section beside its documentation.
fn notes(table: &Table) -> Vec<String> {
    let mut notes: Vec<String> = match table.kind {
        TableKind::Struct => None,
        TableKind::Optional => Some("Absent, unless one of its settings is set."),
        TableKind::List => Some("A list; each item has these settings."),
        TableKind::Map => Some("A map; each entry has these settings, under a name of its own."),
    }
    .map(str::to_owned)
    .into_iter()
    .collect();
    notes.extend(table.variant.map(|chosen| format!("Where `{}` is `{}`.", chosen.tag, chosen.name)));
    notes.extend(table.variables.first().map(|name| format!("As a whole (JSON): variable `{}`.", name.text)));
    if let Some(field) = table.field {
        let said = field.meta.rare().deprecated.map(describe::deprecation).into_iter().chain(describe::aliases(field));
        notes.extend(said.map(describe::sentence));
    }
    notes
}

fn row(setting: &Setting) -> String {
    let field = setting.field;
    let limits = field.map_or(Vec::new(), |field| describe::limits(field, &setting.shape));
    let default = match &setting.state {
        State::Default(value) => code(&text::json(value)),
        State::Unset => "none".to_owned(),
        State::Hidden => "a secret".to_owned(),
        State::Required => "**required**".to_owned(),
        State::Computed => "computed".to_owned(),
    };
    let variables: Vec<String> = setting.variables.iter().map(|name| code(&name.text)).collect();
    let reload = match field {
        _ if setting.state == State::Computed => "",
        Some(field) if describe::waits(field) => "after a restart",
        _ => "at once",
    };
    let cells = [
        code(setting.key),
        cell(&describe::type_words(&setting.shape)),
        default,
        cell(&limits.join("; ")),
        variables.join("<br>"),
        reload.to_owned(),
        meaning(setting),
    ];
    format!("| {} |\n", cells.join(" | "))
}

fn meaning(setting: &Setting) -> String {
    let mut parts = Vec::new();
    parts.extend(setting.variant.map(|chosen| format!("Where `{}` is `{}`.", chosen.tag, chosen.name)));
    let doc: Vec<&str> = setting.doc.lines().map(str::trim).collect();
    parts.push(cell(&doc.join(" ")));
    if let Some(field) = setting.field {
        let secret = field.is_secret().then(|| "secret".to_owned());
        let said = secret
            .into_iter()
            .chain(describe::unit(field))
            .chain(field.meta.rare().deprecated.map(describe::deprecation));
        parts.extend(said.chain(describe::aliases(field)).map(|said| cell(&describe::sentence(said))));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn choices(setting: &Setting, page: &mut String) {
    page.push_str(&format!("\nChoices of `{}`:\n\n", setting.key));
    for choice in &setting.choices {
        let doc: Vec<&str> = choice.doc.lines().map(str::trim).collect();
        let doc = if doc.is_empty() { String::new() } else { format!(": {}", doc.join(" ")) };
        let aliases: Vec<String> = choice.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let aliases = if aliases.is_empty() { String::new() } else { format!(" (also {})", aliases.join(", ")) };
        page.push_str(&format!("- `{}`{aliases}{doc}\n", choice.name));
    }
}

/// All variables, in the schema's order.
fn variables(root: &Table, page: &mut String) {
    let mut rows = Vec::new();
    collect(root, &mut rows);
    if rows.is_empty() {
        return;
    }
    page.push_str("\n## Variables\n\n| variable | sets | type | |\n|---|---|---|---|\n");
    rows.dedup();
    rows.iter().for_each(|row| page.push_str(row));
}

fn collect(table: &Table, rows: &mut Vec<String>) {
    for setting in &table.settings {
        for (at, name) in setting.variables.iter().enumerate() {
            let secret = setting.field.is_some_and(|field| field.meta.secret);
            let note = match (name.deprecated, at, secret) {
                (true, ..) => "deprecated name".to_owned(),
                (_, 0, true) => format!("secret; or the path of a file that holds it in `{}_FILE`", name.text),
                (_, 0, false) if setting.state == State::Required => "required".to_owned(),
                (_, 0, false) => String::new(),
                _ => "another name".to_owned(),
            };
            let kind = cell(&describe::type_words(&setting.shape));
            rows.push(format!("| `{}` | `{}` | {kind} | {note} |\n", name.text, setting.path));
        }
    }
    for below in &table.tables {
        let kind = if below.kind == TableKind::Map { "map (JSON)" } else { "list (JSON)" };
        let keys = &below.keys[..below.keys.len() - usize::from(below.kind == TableKind::Map)];
        let path = model::path(keys);
        rows.extend(below.variables.iter().map(|name| format!("| `{}` | `{path}` | {kind} | |\n", name.text)));
        collect(below, rows);
    }
}

/// The text as code within a table.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn push_paragraph(text: &str, page: &mut String) {
    if !text.is_empty() {
        page.push('\n');
        text.lines().for_each(|line| {
            page.push_str(line.trim_end());
            page.push('\n');
        });
    }
}
