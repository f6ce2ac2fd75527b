//! The environment as a layer: only a variable that is set, and not empty, counts.

use std::io::Read as _;

use super::names::{self, Name};
use crate::document::{DocumentBuilder, NodeId};
use crate::env::EnvSource;
use crate::layer::{Layer, LayerKind, Origin, Places};
use crate::path::FieldPath;
use crate::report::{Finding, Severity, code};
use crate::schema::Schema;
use crate::secret::Secret;

/// The largest file that a `*_FILE` variable may name, in bytes.
const MAX_SECRET: u64 = 1024 * 1024;

/// What was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) layer: Layer,
    pub(crate) findings: Vec<Finding>,
    /// Whether any variable set anything.
    pub(crate) any: bool,
}

/// Looks up every variable of the schema.
pub(crate) fn read(env: &EnvSource, schema: &'static Schema, slots: &mut [NodeId], reserved: &[String]) -> Read {
    let mut builder = DocumentBuilder::table_for("environment", 16, 512);
    let mut findings = Vec::new();
    let mut any = false;
    names::each(schema, &mut |name| {
        if let Some(value) = env.get(name.text) {
            match value.to_str() {
                Some(value) if counts(&name, value) => {
                    let node = builder.push_text(NodeId::ROOT, name.text, value);
                    let taken = std::mem::replace(&mut slots[name.slot], node);
                    any = true;
                    if taken != NodeId::NONE {
                        slots[name.slot] = taken;
                    }
                    let told = name.set_twice(schema, taken != NodeId::NONE).or_else(|| name.deprecation(schema));
                    if let Some(mut finding) = told {
                        finding.origin = Some(Origin::new(LayerKind::Env, name.text));
                        findings.push(finding);
                    }
                }
                Some(_) => {}
                None => findings.push(not_unicode(name.path(schema), name.text)),
            }
        }
        if name.field.is_some_and(|field| field.meta.secret) {
            let file = format!("{}_FILE", name.text);
            if let Some(path) = env.text(&file) {
                match (slots[name.slot] == NodeId::NONE).then(|| read_secret(&name, &path)) {
                    None => findings.push(both(name.path(schema), name.text, &file)),
                    Some(Ok(value)) => {
                        slots[name.slot] = builder.push_text(NodeId::ROOT, &file, value.expose());
                        any = true;
                    }
                    Some(Err(message)) => {
                        findings.push(variable(code::VARIABLE_FILE, name.path(schema), &file, &message))
                    }
                }
            }
        }
    });
    if !schema.env_prefix.is_empty() && !schema.allow_unknown {
        let known = known(schema);
        for name in env.names_under(schema.env_prefix) {
            if !known.contains(&name) && !reserved.contains(&name) {
                findings.push(unknown(&name, &known, Origin::new(LayerKind::Env, name.as_str())));
            }
        }
    }
    let layer = Layer { kind: LayerKind::Env, document: builder.finish(), places: Places::Key, base: None };
    Read { layer, findings, any }
}

/// Whether a variable's value is one: an empty one only where the field says so.
pub(super) fn counts(name: &Name<'_>, value: &str) -> bool {
    !value.is_empty() || name.field.is_some_and(|field| field.meta.allow_empty)
}

/// Every name that a variable of this schema may have, `*_FILE` too.
pub(super) fn known(schema: &'static Schema) -> Vec<String> {
    let mut known = Vec::new();
    names::each(schema, &mut |name| {
        known.push(name.text.to_owned());
        if name.field.is_some_and(|field| field.meta.secret) {
            known.push(format!("{}_FILE", name.text));
        }
    });
    known
}

/// The finding for a variable that no setting has.
pub(super) fn unknown(name: &str, known: &[String], origin: Origin) -> Finding {
    let message = format!("no setting has the variable {name}");
    let mut finding = Finding::new(Severity::Warning, code::UNKNOWN_VARIABLE, FieldPath::ROOT, message);
    finding.origin = Some(origin);
    finding.help = Some(match crate::text::nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None => "remove it, or check its name".to_owned(),
    });
    finding
}

/// The contents of a secret's file, without the line break at its end. An empty one was not filled yet, and is no
/// secret.
pub(super) fn read_secret(name: &Name<'_>, path: &str) -> Result<Secret<String>, String> {
    let fail = |error: std::io::Error| format!("the file `{path}` can't be read: {error}");
    let file = std::fs::File::open(path).map_err(fail)?;
    let size = file.metadata().map_err(fail)?.len().min(MAX_SECRET);
    // Of its size from the start, so that no copy is left behind where it grows.
    let mut text = Secret::new(String::with_capacity(usize::try_from(size).unwrap_or(0) + 2));
    match file.take(MAX_SECRET + 1).read_to_string(text.expose_mut()) {
        Ok(length) if length as u64 > MAX_SECRET => return Err(format!("the file `{path}` is too large for a secret")),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            return Err(format!("the file `{path}` is not UTF-8"));
        }
        Err(error) => return Err(fail(error)),
    }
    let whole = text.expose_mut();
    if whole.ends_with('\n') {
        whole.pop();
        if whole.ends_with('\r') {
            whole.pop();
        }
    }
    if !counts(name, whole) {
        return Err(format!("the file `{path}` is empty"));
    }
    Ok(text)
}

pub(super) fn both(path: FieldPath, name: &str, file: &str) -> Finding {
    let mut finding = variable(code::VARIABLE_TWICE, path, file, &format!("{name} is set as well"));
    finding.help = Some(format!("set either {name} or {file}"));
    finding
}

fn not_unicode(path: FieldPath, name: &str) -> Finding {
    variable(code::VARIABLE_ENCODING, path, name, "the variable's value is not Unicode")
}

pub(super) fn variable(code: &'static str, path: FieldPath, name: &str, message: &str) -> Finding {
    let mut finding = Finding::new(Severity::Error, code, path, message);
    finding.origin = Some(Origin::new(LayerKind::Env, name));
    finding
}
