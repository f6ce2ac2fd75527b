//! Values as text: JSON, and the one-line forms of TOML and YAML.

use strata_config_core::Value;

/// A text in double quotes, as JSON, TOML's basic strings and YAML's double-quoted ones all read it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // YAML takes the last three for line breaks or unprintable.
            char if char.is_control() || matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(char)));
            }
            char => out.push(char),
        }
    }
    out.push('"');
    out
}

/// One line of JSON, which is YAML as well.
pub(crate) fn json(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", quoted(key), json(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        scalar => scalar.to_text(),
    }
}

/// One line of TOML; `None` where there is a null, which TOML cannot say.
pub(crate) fn toml(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Secret => None,
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(toml).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Map(entries) if entries.is_empty() => Some("{}".to_owned()),
        Value::Map(entries) => {
            let entries: Option<Vec<String>> =
                entries.iter().map(|(key, value)| Some(format!("{} = {}", toml_key(key), toml(value)?))).collect();
            Some(format!("{{ {} }}", entries?.join(", ")))
        }
        other => Some(json(other)),
    }
}

/// A key as TOML takes it, in quotes only where it needs them.
pub(crate) fn toml_key(key: &str) -> String {
    let bare = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
    if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { quoted(key) }
}

/// A key as YAML takes it, in quotes only where it would not be read as text.
pub(crate) fn yaml_key(key: &str) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let plain = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
    let safe = key.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
        && key.chars().all(plain)
        && !words.iter().any(|word| key.eq_ignore_ascii_case(word));
    if safe { key.to_owned() } else { quoted(key) }
}

/// JSON over several lines; what is short stays on one.
pub(crate) fn pretty(value: &Value, indent: usize) -> String {
    let (open, close, parts): (char, char, Vec<String>) = match value {
        Value::Map(entries) if !entries.is_empty() => {
            let part = |(key, value): &(String, Value)| format!("{}: {}", quoted(key), pretty(value, indent + 2));
            ('{', '}', entries.iter().map(part).collect())
        }
        Value::List(items) if !items.is_empty() && json(value).len() > 80 => {
            ('[', ']', items.iter().map(|item| pretty(item, indent + 2)).collect())
        }
        other => return json(other),
    };
    let inner = " ".repeat(indent + 2);
    format!("{open}\n{inner}{}\n{}{close}", parts.join(&format!(",\n{inner}")), " ".repeat(indent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_on_one_line() {
        let value = Value::Map(vec![
            ("a b".to_owned(), Value::List(vec![Value::Int(1), Value::Float(2.0)])),
            ("c".to_owned(), Value::String("x\n\"y\"".to_owned())),
        ]);
        assert_eq!(json(&value), r#"{"a b": [1, 2.0], "c": "x\n\"y\""}"#);
        assert_eq!(toml(&value).unwrap(), r#"{ "a b" = [1, 2.0], c = "x\n\"y\"" }"#);
        assert_eq!(toml(&Value::List(vec![Value::Null])), None);
    }

    #[test]
    fn keys_are_quoted_where_they_would_be_read_otherwise() {
        assert_eq!((yaml_key("on"), yaml_key("port"), yaml_key("1")), ("\"on\"".into(), "port".into(), "\"1\"".into()));
        assert_eq!((toml_key("on"), toml_key("a.b")), ("on".into(), "\"a.b\"".into()));
    }
}
