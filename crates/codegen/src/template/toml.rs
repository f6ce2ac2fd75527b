//! TOML: values before tables, and a header for each table.

use super::{Line, comment, comments, is_present, line, placeholder, section_comments};
use crate::model::{Setting, Table, TableKind};
use crate::text;

pub(super) fn body(root: &Table) -> Vec<String> {
    let mut lines = Vec::new();
    table(root, "#", &mut lines);
    lines
}

/// A table's settings and the tables below it; `mark` stands before each setting at its default.
fn table(table: &Table, mark: &str, lines: &mut Vec<String>) {
    for setting in &table.settings {
        entry(setting, mark, lines);
    }
    for below in &table.tables {
        if is_present(below) {
            lines.push(String::new());
            block(below, mark, lines);
        } else {
            let mut example = Vec::new();
            block(below, "", &mut example);
            lines.push(String::new());
            lines.extend(example.iter().map(|line| comment("#", line)));
        }
    }
}

fn entry(setting: &Setting, mark: &str, lines: &mut Vec<String>) {
    let Some(line) = line(setting) else { return };
    lines.push(String::new());
    lines.extend(comments(setting, true).iter().map(|line| comment("#", line)));
    let key = text::toml_key(setting.key);
    let example = |value| format!("# {key} = {}", text::toml(value).unwrap_or_default());
    lines.push(match line {
        Line::Value(value) => match text::toml(&value) {
            Some(text) => format!("{mark}{key} = {text}"),
            None => example(&placeholder(setting)),
        },
        Line::Example(value) => example(&value),
    });
}

fn block(below: &Table, mark: &str, lines: &mut Vec<String>) {
    lines.extend(section_comments(below).iter().map(|line| comment("#", line)));
    let path: Vec<String> = below.keys.iter().map(|key| text::toml_key(key)).collect();
    let path = path.join(".");
    lines.push(if below.kind == TableKind::List { format!("[[{path}]]") } else { format!("[{path}]") });
    table(below, mark, lines);
}
