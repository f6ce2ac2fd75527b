//! Variables, section by section: of each setting its first name.

use super::{Line, comment, comments, is_present, is_wanted, line, paragraph, section_comments};
use crate::model::{self, Setting, State, Table, TableKind};

pub(super) fn body(root: &Table) -> Vec<String> {
    let mut lines = Vec::new();
    table(root, true, &mut lines);
    lines
}

/// A table's variables; where it is absent by default, they are examples.
fn table(table: &Table, present: bool, lines: &mut Vec<String>) {
    for setting in &table.settings {
        entry(setting, present, lines);
    }
    for below in &table.tables {
        let mut inner = Vec::new();
        match below.kind {
            TableKind::List => whole(below, "list", "[]", present, lines),
            TableKind::Map => whole(below, "map", "{}", present, lines),
            TableKind::Struct | TableKind::Optional => self::table(below, present && is_present(below), &mut inner),
        }
        if !inner.is_empty() {
            lines.extend([String::new(), format!("# ---- {}", model::path(&below.keys))]);
            lines.extend(section_comments(below).iter().map(|line| comment("#", line)));
            lines.append(&mut inner);
        }
    }
}

/// A list or a map of sections, which has one variable for all; its items and entries have none.
fn whole(below: &Table, kind: &str, empty: &str, present: bool, lines: &mut Vec<String>) {
    let Some(name) = below.variables.first() else { return };
    lines.push(String::new());
    lines.extend(paragraph(below.doc).iter().map(|line| comment("#", line)));
    let mark = if present && below.variant.is_none_or(|chosen| chosen.first) { "#" } else { "# " };
    lines.extend([format!("# {kind} in JSON; default {empty}"), format!("{mark}{}={empty}", name.text)]);
}

fn entry(setting: &Setting, present: bool, lines: &mut Vec<String>) {
    let (Some(name), Some(line)) = (setting.variables.first(), line(setting)) else { return };
    lines.push(String::new());
    lines.extend(comments(setting, false).iter().map(|line| comment("#", line)));
    lines.extend(other_names(setting).map(|line| comment("#", &line)));
    let (Line::Value(value) | Line::Example(value)) = &line;
    let keeps_empty = setting.field.is_some_and(|field| field.meta.allow_empty);
    let secret = setting.field.is_some_and(|field| field.is_secret());
    let text = match (&setting.state, value) {
        (State::Unset, _) => {
            if keeps_empty {
                "null".to_owned()
            } else {
                String::new()
            }
        }
        _ if secret => String::new(),
        // An empty variable counts as unset, unless the field says that it is a value.
        (_, value) if !keeps_empty && value.to_text().is_empty() => String::new(),
        (_, value) => dotenv_value(&value.to_text()),
    };
    // An empty variable is as good as none, so that a secret with a default may stand as a setting, too.
    let value = matches!(line, Line::Value(_)) || (text.is_empty() && !keeps_empty);
    let mark = if present && is_wanted(setting) && value { "#" } else { "# " };
    lines.push(format!("{mark}{}={text}", name.text));
}

/// The setting's other variables, and the one that names a file.
fn other_names(setting: &Setting) -> impl Iterator<Item = String> + use<> {
    let others: Vec<&str> = setting.variables.iter().skip(1).map(|name| name.text.as_str()).collect();
    let others = (!others.is_empty()).then(|| format!("also {}", others.join(", ")));
    let secret = setting.field.is_some_and(|field| field.meta.secret);
    let file = setting.variables.first().filter(|_| secret);
    let file = file.map(|name| format!("or the path of a file that holds it in {}_FILE", name.text));
    others.into_iter().chain(file)
}

/// A text as a `.env` file takes it: in quotes where it needs them, single ones, within which nothing is special, if
/// they will do. The empty text is `''`.
#[must_use]
pub fn dotenv_value(text: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "_-.,:/@%+*=".contains(char);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.contains(['\'', '\n', '\r']) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' | '\\' | '$' => out.extend(['\\', char]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            char => out.push(char),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_quoted_where_it_needs_it() {
        assert_eq!(dotenv_value("a,b"), "a,b");
        assert_eq!(dotenv_value("[\"a\"]"), "'[\"a\"]'");
        assert_eq!(dotenv_value("it's $5"), "\"it's \\$5\"");
        assert_eq!(dotenv_value(""), "''");
    }
}
