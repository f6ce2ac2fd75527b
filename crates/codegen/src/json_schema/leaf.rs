//! The schema of one leaf: its type, its rules, and what an editor shows of it.

use strata_config_core::schema::{Field, Merge};
use strata_config_core::{LeafKind, LeafType, Rule, Shape, Value};

use super::{Keywords, pattern, rules, texts};
use crate::describe;

/// The schema of a field that is a leaf.
pub(super) fn of_field(field: &'static Field, leaf: &LeafType) -> Keywords {
    let shape = leaf.shape();
    let mut keywords = of_shape(&shape, leaf.type_name());
    rules::apply(field.meta.rules, &shape, &mut keywords);
    if shape.optional {
        keywords = or_null(keywords);
    }
    let mut described = Keywords::default();
    let description = description(field, &shape);
    if !description.is_empty() {
        described.set("description", description);
    }
    described.0.extend(keywords.0);
    let keywords = &mut described;
    if field.is_secret() {
        keywords.set("writeOnly", true);
    } else if let Some(default) = field.default_value() {
        keywords.set("default", default);
    }
    if field.meta.rare().deprecated.is_some() {
        keywords.set("deprecated", true);
    }
    described
}

/// Documentation, and in words what the other keywords cannot say.
fn description(field: &'static Field, shape: &Shape) -> String {
    let mut parts = vec![field.doc.to_owned()];
    let mut notes: Vec<String> = describe::unit(field).into_iter().collect();
    let told = |rule: &Rule| rules::is_only_told(rule, shape);
    let limits = describe::limits(field, shape);
    if field.meta.rules.iter().any(told)
        || !field.meta.rare().warns.is_empty()
        || !field.meta.rare().profiles.is_empty()
    {
        notes.extend(limits);
    }
    notes.extend(match field.meta.merge {
        Merge::Append => Some("adds to the items of weaker sources".to_owned()),
        Merge::Union => Some("adds to the items of weaker sources, each once".to_owned()),
        Merge::Auto | Merge::Replace | Merge::Deep => None,
    });
    if describe::waits(field) {
        notes.push("a change takes effect after a restart".to_owned());
    }
    notes.extend(field.meta.rare().deprecated.map(describe::deprecation));
    if !notes.is_empty() {
        parts.push(describe::sentence(notes.join("; ")));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

/// The schema of a type, without null; `type_name` tells addresses apart.
pub(super) fn of_shape(shape: &Shape, type_name: &str) -> Keywords {
    let mut keywords = Keywords::default();
    let inner = || shape.inner.as_deref().map(|inner| nullable(inner, type_name)).unwrap_or_default();
    match shape.kind {
        LeafKind::Any => {}
        LeafKind::Boolean => keywords.set("type", "boolean"),
        LeafKind::Integer { min, max } => {
            keywords.set("type", "integer");
            // Beyond this, a number of JSON is no longer exact, and a limit of the type no help.
            const EXACT: i128 = 1 << 53;
            if min > -EXACT {
                keywords.set("minimum", Value::Int(min));
            }
            if max < EXACT {
                keywords.set("maximum", Value::Int(max));
            }
        }
        LeafKind::Number => keywords.set("type", "number"),
        LeafKind::String | LeafKind::Path => keywords.set("type", "string"),
        LeafKind::Address => address(type_name, &mut keywords),
        LeafKind::Url => {
            keywords.set("type", "string");
            keywords.set("format", "uri");
        }
        LeafKind::Duration => {
            keywords.set("type", texts(["string", "number"]));
            keywords.set("pattern", pattern::DURATION);
            keywords.set("minimum", Value::Int(0));
        }
        LeafKind::Size => {
            keywords.set("type", texts(["string", "number"]));
            keywords.set("pattern", pattern::SIZE);
            keywords.set("minimum", Value::Int(0));
        }
        LeafKind::Enum(names) => choices(names, shape, &mut keywords),
        LeafKind::List => {
            keywords.set("type", "array");
            keywords.set("items", inner());
        }
        LeafKind::Map => {
            keywords.set("type", "object");
            keywords.set("additionalProperties", inner());
        }
        LeafKind::Struct => keywords.set("type", "object"),
    }
    keywords
}

fn nullable(shape: &Shape, type_name: &str) -> Keywords {
    let keywords = of_shape(shape, type_name);
    if shape.optional { or_null(keywords) } else { keywords }
}

/// A choice by its name, which editors complete, or by any spelling that is read as one.
fn choices(names: &[&str], shape: &Shape, keywords: &mut Keywords) {
    let (mut exact, mut spelled) = (Keywords::default(), Keywords::default());
    exact.set("enum", texts(names.iter().copied()));
    let aliases = shape.choices.iter().flat_map(|choice| choice.aliases.iter().copied());
    spelled.set("type", "string");
    spelled.set("pattern", pattern::choice(names.iter().copied().chain(aliases)));
    let mut ways = vec![exact.into_value(), spelled.into_value()];
    if shape.choices.is_empty() {
        // An enum with data may be a table with its variant's name as the only key.
        let mut table = Keywords::default();
        table.set("type", "object");
        let mut key = Keywords::default();
        key.set("pattern", pattern::choice(names.iter().copied()));
        table.set("propertyNames", key);
        table.set("minProperties", 1_usize);
        table.set("maxProperties", 1_usize);
        ways.push(table.into_value());
    }
    keywords.set("anyOf", Value::List(ways));
}

fn address(type_name: &str, keywords: &mut Keywords) {
    keywords.set("type", "string");
    let format = |name: &str| {
        let mut format = Keywords::default();
        format.set("format", name);
        format.into_value()
    };
    if type_name.contains("SocketAddr") {
        keywords.set("pattern", "^.+:[0-9]{1,5}$");
    } else if type_name.contains("Ipv4Addr") {
        keywords.set("format", "ipv4");
    } else if type_name.contains("Ipv6Addr") {
        keywords.set("format", "ipv6");
    } else {
        keywords.set("anyOf", Value::List(vec![format("ipv4"), format("ipv6")]));
    }
}

/// The same, or null.
fn or_null(mut keywords: Keywords) -> Keywords {
    let only_type = !["enum", "anyOf", "allOf", "const"].iter().any(|key| keywords.get(key).is_some());
    match keywords.get("type").cloned() {
        // All other keywords speak of values of their own type alone.
        Some(Value::String(kind)) if only_type => {
            keywords.set("type", texts([kind.as_str(), "null"]));
            keywords
        }
        Some(Value::List(mut kinds)) if only_type => {
            kinds.push(Value::String("null".to_owned()));
            keywords.set("type", Value::List(kinds));
            keywords
        }
        None if keywords.0.is_empty() => keywords,
        _ => {
            let mut null = Keywords::default();
            null.set("type", "null");
            if let [(key, Value::List(ways))] = keywords.0.as_mut_slice()
                && key == "anyOf"
            {
                ways.push(null.into_value());
                return keywords;
            }
            let mut either = Keywords::default();
            either.set("anyOf", Value::List(vec![keywords.into_value(), null.into_value()]));
            either
        }
    }
}
