//! YAML: a section's settings stand two spaces in. A section without any would be null, so its key is a comment, too.

use super::{Line, comment, comments, is_present, line, section_comments};
use crate::model::{ENTRY, Setting, Table, TableKind};
use crate::text;

pub(super) fn body(root: &Table) -> Vec<String> {
    let mut lines = Vec::new();
    table(root, "#", "", &mut lines);
    lines
}

fn table(table: &Table, mark: &str, indent: &str, lines: &mut Vec<String>) {
    for setting in &table.settings {
        entry(setting, mark, indent, lines);
    }
    for below in &table.tables {
        lines.push(String::new());
        if is_present(below) {
            block(below, mark, indent, lines);
        } else {
            let mut example = Vec::new();
            block(below, "", "", &mut example);
            lines.extend(example.iter().map(|line| indented(indent, &comment("#", line))));
        }
    }
}

fn entry(setting: &Setting, mark: &str, indent: &str, lines: &mut Vec<String>) {
    let Some(line) = line(setting) else { return };
    lines.push(String::new());
    lines.extend(comments(setting, true).iter().map(|line| indented(indent, &comment("#", line))));
    let (mark, value) = match line {
        Line::Value(value) => (mark, value),
        Line::Example(value) => ("# ", value),
    };
    lines.push(format!("{indent}{mark}{}: {}", text::yaml_key(setting.key), text::json(&value)));
}

fn block(below: &Table, mark: &str, indent: &str, lines: &mut Vec<String>) {
    lines.extend(section_comments(below).iter().map(|line| indented(indent, &comment("#", line))));
    let key = below.field.map_or("", |field| field.key);
    let mark = match mark {
        "#" if !has_values(below) => "# ",
        mark => mark,
    };
    lines.push(format!("{indent}{mark}{}:", text::yaml_key(key)));
    let mut inner = format!("{indent}  ");
    match below.kind {
        TableKind::Struct | TableKind::Optional => {}
        TableKind::List => {
            lines.push(format!("{inner}-"));
            inner.push_str("  ");
        }
        TableKind::Map => {
            lines.push(format!("{inner}{ENTRY}:"));
            inner.push_str("  ");
        }
    }
    table(below, mark, &inner, lines);
}

/// Whether any setting of a section has a line at its default.
fn has_values(table: &Table) -> bool {
    table.settings.iter().any(|setting| matches!(line(setting), Some(Line::Value(_))))
        || table.tables.iter().any(|below| is_present(below) && has_values(below))
}

fn indented(indent: &str, line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("{indent}{line}") }
}
