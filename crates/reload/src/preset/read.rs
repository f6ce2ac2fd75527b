//! Presets from a file: a table for each, whose mistakes are told with their places.

use std::path::Path;

use strata_config_core::report::code;
use strata_config_core::{FieldPath, Finding, Kind, Layer, LayeredConfig, NodeId, Origin, Report, Severity, Value};

use super::Preset;

/// The keys of a preset.
const DESCRIPTION: &str = "description";
const VALUES: &str = "values";

pub(super) fn file<C: LayeredConfig>(path: &Path) -> Result<Vec<Preset>, Report> {
    Layer::read(path, C::SCHEMA).and_then(|layer| presets::<C>(&layer))
}

pub(super) fn text<C: LayeredConfig>(name: &str, text: &str) -> Result<Vec<Preset>, Report> {
    Layer::parse(name, text, C::SCHEMA).and_then(|layer| presets::<C>(&layer))
}

fn presets<C: LayeredConfig>(layer: &Layer) -> Result<Vec<Preset>, Report> {
    let mut report = Report::new();
    let document = layer.document();
    let presets = document.children(NodeId::ROOT).map(|node| preset::<C>(layer, node, &mut report)).collect();
    if report.is_valid() { Ok(presets) } else { Err(report) }
}

fn preset<C: LayeredConfig>(layer: &Layer, node: NodeId, report: &mut Report) -> Preset {
    let document = layer.document();
    let mut preset = Preset::new(document.key(node), "");
    let path = FieldPath::ROOT.child(&preset.name);
    if document.kind(node) != Kind::Table {
        wrong(report, code::TYPE, &path, layer.origin(node), "a preset is a table with `description` and `values`");
        return preset;
    }
    if document.get(node, VALUES).is_none() {
        wrong(report, code::MISSING, &path.child(VALUES), layer.key_origin(node), "the preset has no values");
    }
    for entry in document.children(node) {
        let key = document.key(entry);
        let path = path.child(key);
        let is_text = matches!(document.kind(entry), Kind::String | Kind::Plain);
        match (key, document.kind(entry)) {
            (DESCRIPTION, _) if is_text => document.scalar(entry).clone_into(&mut preset.description),
            (DESCRIPTION, _) => wrong(report, code::TYPE, &path, layer.origin(entry), "a description is a text"),
            (VALUES, Kind::Table) => values::<C>(&layer.part(entry), &mut preset, report),
            (VALUES, _) => wrong(report, code::TYPE, &path, layer.origin(entry), "the values are a table of settings"),
            _ => {
                let message = "a preset has `description` and `values` alone";
                wrong(report, code::UNKNOWN_KEY, &path, layer.key_origin(entry), message);
            }
        }
    }
    preset
}

/// Takes the values; what is wrong with them is told by the settings' own paths.
fn values<C: LayeredConfig>(layer: &Layer, preset: &mut Preset, report: &mut Report) {
    match layer.settings::<C>() {
        Ok(settings) => {
            for (path, origin) in &settings.origins {
                if settings.values.at(path).is_some_and(holds_secret) {
                    let message = "a preset is shown to everybody who reads it, so it can't hold a secret";
                    wrong(report, code::SECRET_NO_KEY, path, origin.clone(), message);
                }
            }
            preset.values = settings.values;
            preset.origins = settings.origins;
        }
        Err(mistakes) => report.append(mistakes),
    }
}

fn holds_secret(value: &Value) -> bool {
    match value {
        Value::Secret => true,
        Value::List(items) => items.iter().any(holds_secret),
        Value::Map(entries) => entries.iter().any(|(_, value)| holds_secret(value)),
        _ => false,
    }
}

fn wrong(report: &mut Report, code: &'static str, path: &FieldPath, origin: Origin, message: &str) {
    let mut finding = Finding::new(Severity::Error, code, path.clone(), message);
    finding.origin = Some(origin);
    report.push(finding);
}
