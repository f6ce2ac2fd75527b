//! What is derived on the structs that are compiled, and how each library writes defaults and ranges.

use super::super::{BY_HAND, OURS};

/// A derive, and how it is used.
pub(super) struct Derive {
    /// The scratch crates' name, before the variant's.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// What a budget calls it, where it is judged there.
    pub(super) contender: Option<&'static str>,
    /// Lines of `[dependencies]`, where `ROOT` is the repository.
    pub(super) dependencies: &'static str,
    /// Above each struct.
    pub(super) container: [&'static str; 2],
    /// Above each leaf.
    pub(super) leaf: [fn(&Leaf) -> String; 2],
    /// Behind each struct of the second variant.
    pub(super) behind: fn(usize) -> String,
}

/// One of the ten leaves of each struct.
pub(super) struct Leaf {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    /// Its default as a literal, where it has one.
    default: Option<&'static str>,
    /// The ends of its range.
    range: Option<(&'static str, &'static str)>,
}

const fn leaf(name: &'static str, kind: &'static str, default: Option<&'static str>) -> Leaf {
    Leaf { name, kind, default, range: None }
}

const fn ranged(
    name: &'static str,
    kind: &'static str,
    default: &'static str,
    range: (&'static str, &'static str),
) -> Leaf {
    Leaf { name, kind, default: Some(default), range: Some(range) }
}

/// Of the types that configurations are made of.
pub(super) const LEAVES: [Leaf; 10] = [
    ranged("port", "u16", "8080", ("1", "65000")),
    ranged("workers", "u32", "4", ("1", "64")),
    ranged("ratio", "f64", "0.25", ("0.0", "1.0")),
    leaf("enabled", "bool", Some("true")),
    leaf("host", "String", Some("\"localhost\"")),
    leaf("note", "Option<String>", None),
    leaf("tags", "Vec<String>", Some("[]")),
    ranged("limit", "u64", "65536", ("0", "1000000")),
    leaf("address", "Option<std::net::IpAddr>", None),
    leaf("path", "std::path::PathBuf", Some("\"/var/lib/app\"")),
];

const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }";

/// The first is none, the second what the others are compared with.
pub(super) const DERIVES: &[Derive] = &[
    Derive { dependencies: "", ..plain("none", "none", "") },
    Derive {
        contender: Some(BY_HAND),
        container: [
            "#[derive(serde::Deserialize)]",
            "#[derive(serde::Deserialize)]\n#[serde(default, deny_unknown_fields)]",
        ],
        behind: default_by_hand,
        ..plain("deserialize", "serde `Deserialize`", SERDE)
    },
    Derive {
        container: [
            "#[derive(serde::Deserialize, serde::Serialize)]",
            "#[derive(serde::Deserialize, serde::Serialize)]\n#[serde(default, deny_unknown_fields)]",
        ],
        behind: default_by_hand,
        ..plain("serde", "serde `Deserialize` + `Serialize`", SERDE)
    },
    Derive {
        contender: Some(OURS),
        container: ["#[derive(strata_config::LayeredConfig)]"; 2],
        leaf: [none, |leaf| {
            let range = leaf.range.map(|(min, max)| format!("validate(range(min = {min}, max = {max}))"));
            attribute("config", [leaf.default.map(|default| format!("default = {default}")), range])
        }],
        ..plain(
            "ours",
            "strata-config `LayeredConfig`",
            "strata-config = { path = \"ROOT/crates/strata-config\", default-features = false, features = [\"json\", \"toml\"] }",
        )
    },
    Derive {
        contender: Some("confik"),
        container: ["#[derive(confik::Configuration)]"; 2],
        leaf: [none, |leaf| {
            let default = leaf.expression().map(|default| match leaf.kind {
                "Vec<String>" => "default".to_owned(),
                _ => format!("default = {default}"),
            });
            attribute("confik", [default, None])
        }],
        ..plain(
            "confik",
            "confik `Configuration`",
            "confik = { version = \"0.15.13\", default-features = false, features = [\"json\", \"toml\"] }\nserde = \"1\"",
        )
    },
    Derive {
        contender: Some("confique"),
        container: ["#[derive(confique::Config)]"; 2],
        leaf: [none, |leaf| {
            let name = leaf.name;
            let range = leaf.range.map(|(min, max)| {
                format!("validate({name} >= &{min} && {name} <= &{max}, \"{name} is not from {min} to {max}\")")
            });
            attribute("config", [leaf.default.map(|default| format!("default = {default}")), range])
        }],
        ..plain("confique", "confique `Config`", "confique = \"0.4\"")
    },
    Derive {
        contender: Some("schematic"),
        container: ["#[derive(schematic::Config)]"; 2],
        leaf: [none, |leaf| {
            let default = leaf.expression().filter(|_| leaf.kind != "Vec<String>");
            attribute("setting", [default.map(|default| format!("default = {default}")), None])
        }],
        ..plain(
            "schematic",
            "schematic `Config`",
            "schematic = { version = \"0.20.12\", default-features = false, features = [\"config\", \"env\", \"json\", \"toml\"] }\nserde = \"1\"",
        )
    },
    Derive {
        contender: Some("smart-config"),
        container: ["#[derive(smart_config::DescribeConfig, smart_config::DeserializeConfig)]"; 2],
        leaf: [none, |leaf| {
            let range = leaf.range.map(|(min, max)| format!("validate({min}..={max})"));
            attribute("config", [leaf.expression().map(|default| format!("default_t = {default}")), range])
        }],
        ..plain("smart_config", "smart-config `DescribeConfig` + `DeserializeConfig`", "smart-config = \"0.4.0-pre.5\"")
    },
    Derive {
        contender: Some("conf"),
        container: ["#[derive(conf::Conf)]\n#[conf(serde)]"; 2],
        leaf: [|leaf| conf(leaf, None), |leaf| conf(leaf, leaf.default.map(|text| text.trim_matches('"')))],
        ..plain("conf", "conf `Conf`", "conf = \"0.4.5\"\nserde = \"1\"")
    },
    Derive {
        contender: Some("figue"),
        container: ["#[derive(facet::Facet)]"; 2],
        leaf: [none, |leaf| {
            attribute("facet", [leaf.expression().map(|default| format!("default = {default}")), None])
        }],
        ..plain("facet", "figue: `Facet`", "facet = { version = \"0.46\", features = [\"net\"] }")
    },
];

/// A derive without attributes.
const fn plain(name: &'static str, title: &'static str, dependencies: &'static str) -> Derive {
    Derive {
        name,
        title,
        contender: None,
        dependencies,
        container: [""; 2],
        leaf: [none; 2],
        behind: |_| String::new(),
    }
}

fn none(_: &Leaf) -> String {
    String::new()
}

/// `#[name(first, second)]`, or nothing.
fn attribute(name: &str, parts: [Option<String>; 2]) -> String {
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!("#[{name}({})]", parts.join(", ")) }
}

/// A leaf of conf has to say that it is no flag, and that documents set it.
fn conf(leaf: &Leaf, default: Option<&str>) -> String {
    let kind = if leaf.kind == "Vec<String>" { "repeat" } else { "parameter" };
    let default =
        default.filter(|_| kind == "parameter").map_or(String::new(), |text| format!(", default_value = {text:?}"));
    format!("#[conf({kind}{default}, serde)]")
}

impl Leaf {
    /// Its default as an expression of its type.
    fn expression(&self) -> Option<String> {
        let default = self.default?;
        Some(match self.kind {
            "String" => format!("String::from({default})"),
            "Vec<String>" => "Vec::<String>::new()".to_owned(),
            "std::path::PathBuf" => format!("std::path::PathBuf::from({default})"),
            kind if ["u16", "u32", "u64"].contains(&kind) => format!("{default}{kind}"),
            _ => default.to_owned(),
        })
    }
}

/// What serde's `default` asks for.
fn default_by_hand(number: usize) -> String {
    let fields = LEAVES.iter().map(|leaf| format!("{}: {}", leaf.name, leaf.expression().unwrap_or("None".to_owned())));
    let fields = fields.collect::<Vec<_>>().join(", ");
    format!(
        "impl Default for Settings{number} {{\n    fn default() -> Self {{\n        Self {{ {fields} }}\n    }}\n}}\n"
    )
}
