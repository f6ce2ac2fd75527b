//! A `.env` file as a layer: its variables set what those of the environment set.

use super::{env, names};
use crate::document::{self, Fault, NodeId};
use crate::env::EnvSource;
use crate::layer::{Layer, LayerKind, Places};
use crate::report::Finding;
use crate::schema::Schema;

/// Parses the file; `${VAR}` looks in the environment first, then in the file.
pub(crate) fn read(name: String, bytes: Vec<u8>, variables: &EnvSource) -> (Layer, Vec<Fault>) {
    let mut faults = Vec::new();
    let lookup = |name: &str| variables.text(name);
    let document = document::open::parse_dotenv(name.into(), bytes, &lookup, &mut faults);
    (Layer { kind: LayerKind::Dotenv, document, places: Places::Position, base: None }, faults)
}

/// Notes the node of every leaf whose variable the file sets; the contents of `*_FILE` are read.
pub(crate) fn fill(layer: &mut Layer, schema: &'static Schema, slots: &mut [NodeId], sink: &mut dyn FnMut(Finding)) {
    names::each(schema, &mut |name| {
        let node = layer.document.get(NodeId::ROOT, name.text);
        if let Some(node) = node
            && env::counts(&name, layer.document.scalar(node))
        {
            let taken = slots[name.slot] != NodeId::NONE;
            if !taken {
                slots[name.slot] = node;
            }
            if let Some(mut finding) = name.set_twice(schema, taken).or_else(|| name.deprecation(schema)) {
                finding.origin = Some(layer.key_origin(node));
                sink(finding);
            }
        }
        if !name.field.is_some_and(|field| field.meta.secret) {
            return;
        }
        let file = format!("{}_FILE", name.text);
        let Some(node) = layer.document.get(NodeId::ROOT, &file) else { return };
        let origin = layer.origin(node);
        let mut report = |mut finding: Finding| {
            finding.origin = Some(origin.clone());
            sink(finding);
        };
        if slots[name.slot] != NodeId::NONE {
            report(env::both(name.path(schema), name.text, &file));
            return;
        }
        match env::read_secret(&name, layer.document.scalar(node)) {
            Ok(value) => {
                layer.document.amend(node, value.expose());
                slots[name.slot] = node;
            }
            Err(message) => {
                report(env::variable(crate::report::code::VARIABLE_FILE, name.path(schema), &file, &message))
            }
        }
    });
}

/// The variables under the root's prefix that no setting has.
pub(crate) fn unknown(layer: &Layer, schema: &'static Schema, reserved: &[String]) -> Vec<Finding> {
    if schema.env_prefix.is_empty() || schema.allow_unknown {
        return Vec::new();
    }
    let known = env::known(schema);
    let document = &layer.document;
    document
        .children(NodeId::ROOT)
        .filter(|node| {
            let key = document.key(*node);
            key.strip_prefix(schema.env_prefix).is_some_and(|rest| rest.starts_with('_'))
                && !known.iter().chain(reserved).any(|name| name == key)
        })
        .map(|node| env::unknown(document.key(node), &known, layer.key_origin(node)))
        .collect()
}
