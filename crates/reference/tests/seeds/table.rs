//! Checks that run over a table: a row for every variable, a row for every limit.

use std::collections::BTreeSet;

use serde_json::Value;
use strata_config::schema::{Env, FieldKind, Schema};
use strata_config::{LayeredConfig, Loaded, Loader, Report};

/// Loads a configuration from variables alone.
#[track_caller]
pub(crate) fn load<C: LayeredConfig>(variables: &[(&str, &str)]) -> Loaded<C> {
    accept(Loader::new().env_from(variables.iter().copied()))
}

/// Loads what must be valid.
#[track_caller]
pub(crate) fn accept<C: LayeredConfig>(loader: Loader<C>) -> Loaded<C> {
    loader.load().unwrap_or_else(|report| panic!("{report}"))
}

/// Loads what must be invalid.
#[track_caller]
pub(crate) fn refuse<C: LayeredConfig>(loader: Loader<C>) -> Report {
    loader.load().expect_err("the configuration is accepted")
}

/// What the report says: code, path and place of each error.
pub(crate) fn errors(report: &Report) -> Vec<(&str, &str, &str)> {
    report.errors().map(|finding| (finding.code, finding.path.as_str(), finding.at())).collect()
}

/// What a load warns of: code, path and place.
pub(crate) fn warnings<C: LayeredConfig>(loaded: &Loaded<C>) -> Vec<(&str, &str, &str)> {
    loaded.warnings().findings().iter().map(|finding| (finding.code, finding.path.as_str(), finding.at())).collect()
}

/// The place that a value came from, as in JSON; its layer and the name or position in it.
#[track_caller]
pub(crate) fn origin<C: LayeredConfig>(loaded: &Loaded<C>, path: &str) -> (&'static str, String) {
    let found = loaded.origin(path).expect("the path is a setting's");
    let origin = found.origin.expect("something sets it");
    (origin.layer.as_str(), origin.at)
}

/// The exported configuration; without secrets and computed values.
pub(crate) fn json<C: LayeredConfig>(loaded: &Loaded<C>) -> Value {
    serde_json::to_value(loaded.export()).expect("the export is JSON")
}

/// The value at a path of the exported configuration; null for a secret.
pub(crate) fn at<'v>(config: &'v Value, path: &str) -> &'v Value {
    path.split('.').fold(config, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// The expected value of a secret: an export does not hold it.
pub(crate) const SECRET: Value = Value::Null;

/// A variable, its text, the path that it sets, and the value there.
pub(crate) type Row<'a> = (&'a str, &'a str, &'a str, Value);

/// Checks that each variable sets its path, and nothing else. `base` are the variables that must be there anyway.
#[track_caller]
pub(crate) fn every_variable<C: LayeredConfig>(base: &[(&str, &str)], table: &[Row<'_>]) {
    let before = json(&load::<C>(base));
    for (variable, text, path, expected) in table {
        let mut variables: Vec<_> = base.iter().copied().filter(|(name, _)| name != variable).collect();
        variables.push((variable, text));
        let loaded = load::<C>(&variables);

        let mut after = json(&loaded);
        assert_eq!(at(&after, path), expected, "{variable}={text}");
        if *expected != SECRET {
            assert_ne!(at(&before, path), expected, "{variable}={text} shows nothing, since it is the default");
        }
        assert_eq!(origin(&loaded, path), ("env", (*variable).to_owned()), "{path}");

        restore(&mut after, &before, path);
        assert_eq!(after, before, "{variable} sets more than {path}");
    }
}

/// Puts what stands at a path in `before` back into `config`.
pub(crate) fn restore(config: &mut Value, before: &Value, path: &str) {
    let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
    let keys = || section.split('.').filter(|key| !key.is_empty());
    let before = keys().fold(before, |value, key| &value[key]).get(key).cloned();
    let section = keys().fold(config, |value, key| &mut value[key]).as_object_mut().expect("a section is an object");
    match before {
        Some(value) => section.insert(key.to_owned(), value),
        None => section.remove(key),
    };
}

/// Checks that the table has a row for every variable of the schema, and no other.
#[track_caller]
pub(crate) fn has_every_variable<C: LayeredConfig>(table: &[Row<'_>]) {
    let mut known = BTreeSet::new();
    names(C::SCHEMA, C::SCHEMA.env_prefix, &mut known);
    let rows: BTreeSet<String> = table.iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(rows, known);
}

fn names(schema: &Schema, prefix: &str, known: &mut BTreeSet<String>) {
    let join = |segment: &str| if prefix.is_empty() { segment.to_owned() } else { format!("{prefix}_{segment}") };
    for field in schema.fields {
        match (field.kind, field.meta.env) {
            (FieldKind::Nested(below) | FieldKind::Optional(below), _) => {
                names(below, field.meta.rare().env_prefix.unwrap_or(&join(field.segment)), known);
            }
            _ if field.meta.computed => {}
            (_, Env::Names(given)) => known.extend(given.iter().map(|name| (*name).to_owned())),
            (_, Env::Derived) => {
                known.insert(join(field.segment));
                known.extend(field.meta.rare().aliases.iter().map(|alias| join(alias.segment)));
            }
            (_, Env::None) => {}
        }
    }
}

/// Checks values just inside and just outside of limits: path, texts that are accepted, texts that are refused.
#[track_caller]
pub(crate) fn every_limit<C: LayeredConfig>(base: &[(&str, &str)], table: &[(&str, &[&str], &[&str])]) {
    for (path, inside, outside) in table {
        let broken = |text: &str| {
            let loader = Loader::<C>::new().env_from(base.iter().copied()).set(path, text);
            let report = loader.load().err().unwrap_or_default();
            report.errors().any(|error| error.code.starts_with("rule.") && owns(path, error.path.as_str()))
        };
        for text in *inside {
            assert!(!broken(text), "{path} = {text} is refused");
        }
        for text in *outside {
            assert!(broken(text), "{path} = {text} is accepted");
        }
    }
}

/// Whether a finding's path is the setting's own, or that of an item of it. Cross-field errors have other settings first.
fn owns(path: &str, found: &str) -> bool {
    found.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Exports a configuration, and checks that the export, loaded over nothing but `base`, gives an equal one.
#[track_caller]
pub(crate) fn round_trip<C: LayeredConfig>(loaded: &Loaded<C>, base: &[(&str, &str)]) -> Loaded<C> {
    let text = serde_json::to_string_pretty(&loaded.export()).expect("the export is JSON");
    // JSON is YAML as well.
    accept::<C>(Loader::new().text("export.yaml", text.as_str()).env_from(base.iter().copied()));
    let again = accept(Loader::new().text("export.json", text).env_from(base.iter().copied()));
    assert_eq!(json(&again), json(loaded));
    again
}
