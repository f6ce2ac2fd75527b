//! JSON with `//` comments: a comma stands behind all but the last entry of an object.

use super::{Line, comment, comments, is_present, line, section_comments};
use crate::model::{ENTRY, Setting, Table, TableKind};
use crate::text;

pub(super) fn body(root: &Table) -> Vec<String> {
    let mut lines = vec!["{".to_owned()];
    lines.extend(table(root, "//").into_iter().map(|line| indented("  ", &line)));
    lines.push("}".to_owned());
    lines
}

/// An entry of an object: its comments and its lines, the last of which may need a comma.
struct Entry {
    comments: Vec<String>,
    lines: Vec<String>,
    /// It is there by default, so that what stands before it needs a comma.
    counts: bool,
}

/// The lines within an object's braces, not indented.
fn table(table: &Table, mark: &str) -> Vec<String> {
    let mut entries: Vec<Entry> = table.settings.iter().filter_map(|setting| entry(setting, mark)).collect();
    // What is absent comes before what is there, so that a comma follows it.
    let (there, absent): (Vec<&Table>, Vec<&Table>) = table.tables.iter().partition(|below| is_present(below));
    entries.extend(absent.into_iter().map(|below| {
        let Entry { comments, lines, .. } = block(below, "");
        let lines = lines.iter().map(|line| comment("//", line)).collect();
        Entry { comments, lines, counts: false }
    }));
    entries.extend(there.into_iter().map(|below| block(below, mark)));
    let last = entries.iter().rposition(|entry| entry.counts).unwrap_or(0);
    let mut lines = Vec::new();
    for (at, mut entry) in entries.into_iter().enumerate() {
        if at > 0 {
            lines.push(String::new());
        }
        lines.append(&mut entry.comments);
        lines.append(&mut entry.lines);
        if at < last
            && let Some(end) = lines.last_mut()
        {
            end.push(',');
        }
    }
    lines
}

fn entry(setting: &Setting, mark: &str) -> Option<Entry> {
    let (mark, value, counts) = match line(setting)? {
        Line::Value(value) => (mark, value, true),
        Line::Example(value) => ("// ", value, false),
    };
    let comments = comments(setting, true).iter().map(|line| comment("//", line)).collect();
    let lines = vec![format!("{mark}{}: {}", text::quoted(setting.key), text::json(&value))];
    Some(Entry { comments, lines, counts })
}

fn block(below: &Table, mark: &str) -> Entry {
    let comments = section_comments(below).iter().map(|line| comment("//", line)).collect();
    let key = text::quoted(below.field.map_or("", |field| field.key));
    let (open, around) = match below.kind {
        TableKind::Struct | TableKind::Optional => (format!("{key}: {{"), None),
        TableKind::List => (format!("{key}: ["), Some(("{".to_owned(), "]"))),
        TableKind::Map => (format!("{key}: {{"), Some((format!("{}: {{", text::quoted(ENTRY)), "}"))),
    };
    let mut lines = vec![open];
    let inner = table(below, mark);
    match around {
        None => {
            lines.extend(inner.iter().map(|line| indented("  ", line)));
            lines.push("}".to_owned());
        }
        Some((item, close)) => {
            lines.push(format!("  {item}"));
            lines.extend(inner.iter().map(|line| indented("    ", line)));
            lines.push("  }".to_owned());
            lines.push(close.to_owned());
        }
    }
    Entry { comments, lines, counts: true }
}

fn indented(indent: &str, line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("{indent}{line}") }
}
