//! The types of leaves.

use strata_config_core::{LeafKind, Shape};

use super::{PLACE, Writer, comment};
use crate::text;

/// Types that stand in a file where another type names them.
pub(super) const HELPERS: [(&str, &str); 3] = [
    (
        "Duration",
        "\n/** Text such as `30s`, `5m` or `1h30m`; or a number, in the setting's unit. */\nexport type Duration = string | number;\n",
    ),
    (
        "ByteSize",
        "\n/** Text such as `256MB` or `1GiB`; or a number, in bytes unless the setting has a unit. */\nexport type ByteSize = string | number;\n",
    ),
    (
        "Secret<",
        "\n/** A value that is never shown: read as the mark, written as itself. The mark leaves it as it is. */\nexport type Secret<T> = T | { readonly $secret: true };\n",
    ),
];

pub(super) const PARTIAL: &str = "
/** Any part of a configuration: lists are whole, null unsets. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | null }
    : T;
";

/// Whether the name is of a type that we or the language declare.
pub(super) fn is_taken(name: &str) -> bool {
    ["Duration", "ByteSize", "Secret", "DeepPartial", "Record", "Array", "Partial", "Object", "String", "Number"]
        .contains(&name)
}

/// A secret of this type.
pub(super) fn secret(kind: &str) -> String {
    format!("Secret<{kind}>")
}

impl Writer {
    /// The type of a leaf, without null; `type_name` names the enums.
    pub(super) fn leaf(&mut self, shape: &Shape, type_name: &str) -> String {
        match shape.kind {
            LeafKind::Any => "unknown".to_owned(),
            LeafKind::Boolean => "boolean".to_owned(),
            LeafKind::Integer { .. } | LeafKind::Number => "number".to_owned(),
            LeafKind::String | LeafKind::Path | LeafKind::Address | LeafKind::Url => "string".to_owned(),
            LeafKind::Duration => "Duration".to_owned(),
            LeafKind::Size => "ByteSize".to_owned(),
            LeafKind::Enum(names) => self.choices(names, shape, type_name),
            LeafKind::List => {
                let inner = self.inner(shape, type_name);
                if inner.contains(['|', ' ']) { format!("({inner})[]") } else { format!("{inner}[]") }
            }
            LeafKind::Map => format!("Record<string, {}>", self.inner(shape, type_name)),
            LeafKind::Struct => "Record<string, unknown>".to_owned(),
        }
    }

    fn inner(&mut self, shape: &Shape, type_name: &str) -> String {
        let Some(inner) = shape.inner.as_deref() else { return "unknown".to_owned() };
        let kind = self.leaf(inner, type_name);
        if inner.optional { format!("{kind} | null") } else { kind }
    }

    /// A union of names; one with data, of which only the names are known, may be a table as well.
    fn choices(&mut self, names: &[&str], shape: &Shape, type_name: &str) -> String {
        let mut ways = String::new();
        for (at, name) in names.iter().enumerate() {
            let doc = shape.choices.get(at).map_or(String::new(), |choice| comment(&[choice.doc.to_owned()], "  "));
            ways.push_str(&format!("\n{doc}  | {}", text::quoted(name)));
        }
        if shape.choices.is_empty() {
            let names: Vec<String> = names.iter().map(|name| text::quoted(name)).collect();
            ways.push_str(&format!("\n  | {{ [K in {}]?: unknown }}", names.join(" | ")));
        }
        self.declare(enum_name(type_name), String::new(), format!("export type {PLACE} ={ways};\n"))
    }
}

/// The enum's own name within that of the leaf's type: `Vec<app::Level>` is of `Level`.
fn enum_name(type_name: &str) -> &str {
    let of_std = |path: &&str| ["std::", "core::", "alloc::"].iter().any(|prefix| path.starts_with(prefix));
    let mut paths = type_name.split(['<', '>', ',', ' ', '(', ')']).filter(|path| !path.is_empty());
    let own = paths.rfind(|path| !of_std(path)).unwrap_or(type_name);
    let name = own.rsplit("::").next().unwrap_or(own);
    let plain = name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if plain && !name.is_empty() { name.trim_start_matches("__With_") } else { "Choice" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enum_has_its_own_name() {
        for name in [
            "app::Level",
            "core::option::Option<app::Level>",
            "alloc::collections::btree::map::BTreeMap<alloc::string::String, alloc::vec::Vec<app::Level>>",
            "std::collections::hash::map::HashMap<alloc::string::String, app::Level, std::hash::random::RandomState>",
        ] {
            assert_eq!(enum_name(name), "Level");
        }
    }
}
