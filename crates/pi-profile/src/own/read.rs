//! Reads profiles from documents; every mistake is told with its place.

use strata_config_core::report::{code, nearest};
use strata_config_core::{
    ByteSize, FieldPath, Finding, Kind, Layer, NodeId, Origin, Report, Schema, Settings, Severity, Value,
};

use super::Own;
use super::limits::Known;
use crate::builtin::canonical;
use crate::choice::plain;

/// The keys of a profile.
const KEYS: [&str; 7] = ["description", "extends", "memory", "ceiling", "resources", "limits", "defaults"];

/// Types a layer's settings along the schema.
type Typed = fn(&Layer) -> Result<Settings, Report>;

/// What has been read so far, and what was wrong.
pub(super) struct Reader {
    pub(super) schema: &'static Schema,
    pub(super) typed: Typed,
    pub(super) known: Known,
    pub(super) drafts: Vec<Draft>,
    pub(super) report: Report,
}

/// A profile as its file says it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) own: Own,
    /// Where its name stands.
    pub(super) at: Origin,
    /// The profile that it extends, and where it says so.
    pub(super) extends: Option<(String, Origin)>,
    /// Where it says its ceiling.
    ceiling_at: Option<Origin>,
}

impl Reader {
    pub(super) fn new(schema: &'static Schema, typed: Typed) -> Self {
        Self { schema, typed, known: Known::of(schema), drafts: Vec::new(), report: Report::new() }
    }

    /// Reads all profiles of a document.
    pub(super) fn read(&mut self, layer: &Layer) {
        for node in layer.document().children(NodeId::ROOT) {
            self.profile(layer, node);
        }
    }

    fn profile(&mut self, layer: &Layer, node: NodeId) {
        let document = layer.document();
        let name = document.key(node).to_owned();
        let path = FieldPath::ROOT.child(&name);
        if document.kind(node) != Kind::Table {
            let message = "a profile is a table, such as `extends = \"pi_zero_2w\"` below `[name]`";
            return self.wrong(code::TYPE, &path, layer.origin(node), message);
        }
        if name.is_empty() || name.chars().any(char::is_control) || ["auto", "none"].contains(&&*plain(&name)) {
            let message = "`auto` and `none` are choices, and no name is empty; give the profile another name";
            self.wrong(code::CHOICE, &path, layer.key_origin(node), message);
        }
        let name = canonical(&name).map_or(name, str::to_owned);
        if let Some(first) = self.drafts.iter().find(|draft| plain(&draft.own.name) == plain(&name)) {
            let message = format!("the profile stands twice, first at {}", first.at);
            self.wrong(code::DUPLICATE_NAME, &path, layer.key_origin(node), message);
        }
        let own = Own { name, ..Own::default() };
        let at = layer.key_origin(node);
        let mut draft = Draft { own, at, extends: None, ceiling_at: None };
        for entry in document.children(node) {
            self.entry(layer, entry, &path, &mut draft);
        }
        self.memory(&path, &draft);
        self.drafts.push(draft);
    }

    fn entry(&mut self, layer: &Layer, entry: NodeId, path: &FieldPath, draft: &mut Draft) {
        let document = layer.document();
        let key = document.key(entry);
        let path = path.child(key);
        let text = matches!(document.kind(entry), Kind::String | Kind::Plain).then(|| document.scalar(entry));
        match (key, document.kind(entry)) {
            ("description", _) => match text {
                Some(text) => text.clone_into(&mut draft.own.description),
                None => self.wrong(code::TYPE, &path, layer.origin(entry), "a description is a text"),
            },
            ("extends", _) => match text {
                Some(text) => draft.extends = Some((text.to_owned(), layer.origin(entry))),
                None => self.wrong(code::TYPE, &path, layer.origin(entry), "`extends` is the name of a profile"),
            },
            ("memory", _) => draft.own.total = self.size(layer, entry, &path),
            ("ceiling", _) => {
                draft.own.ceiling = self.size(layer, entry, &path);
                draft.ceiling_at = Some(layer.origin(entry));
            }
            ("resources", Kind::Table) => self.resources(layer, entry, &path, &mut draft.own),
            ("limits", Kind::Table) => self.settings(layer, entry, &path, &mut draft.own),
            ("defaults", Kind::Table) => self.defaults(&layer.part(entry), &mut draft.own),
            ("resources" | "limits" | "defaults", _) => {
                self.wrong(code::TYPE, &path, layer.origin(entry), format!("`{key}` is a table"));
            }
            _ => {
                let message = format!("a profile has no `{key}`");
                self.unknown(code::UNKNOWN_KEY, (&path, layer.key_origin(entry)), message, key, &KEYS);
            }
        }
    }

    /// A size above nothing.
    fn size(&mut self, layer: &Layer, node: NodeId, path: &FieldPath) -> Option<ByteSize> {
        let document = layer.document();
        let is_size = matches!(document.kind(node), Kind::String | Kind::Plain | Kind::Integer | Kind::Float);
        match document.scalar(node).parse::<ByteSize>() {
            Ok(size) if is_size && size > ByteSize(0) => Some(size),
            _ => {
                let message = "expected a size such as \"400MiB\", above 0";
                self.wrong(code::TYPE, path, layer.origin(node), message);
                None
            }
        }
    }

    /// Says where a profile's own ceiling is above its own memory.
    fn memory(&mut self, path: &FieldPath, draft: &Draft) {
        if let (Some(total), Some(ceiling), Some(at)) = (draft.own.total, draft.own.ceiling, &draft.ceiling_at)
            && ceiling > total
        {
            let message = format!("the ceiling, {ceiling}, is above the memory, {total}");
            self.wrong(code::CROSS_FIELD, &path.child("ceiling"), at.clone(), message);
        }
    }

    /// Takes the values; what is wrong with them is told by the settings' own paths.
    fn defaults(&mut self, layer: &Layer, own: &mut Own) {
        match (self.typed)(layer) {
            Ok(settings) => {
                for (path, origin) in &settings.origins {
                    if settings.values.at(path).is_some_and(holds_secret) {
                        let message = "a profile is shown to everybody who reads it, so it can't hold a secret";
                        self.wrong(code::SECRET_NO_KEY, path, origin.clone(), message);
                    }
                }
                if let Value::Map(values) = settings.values {
                    own.defaults = values;
                }
            }
            Err(mistakes) => self.report.append(mistakes),
        }
    }

    /// Adds an error.
    pub(super) fn wrong(&mut self, code: &'static str, path: &FieldPath, at: Origin, message: impl Into<String>) {
        self.finding(code, path, at, message.into());
    }

    /// Adds an error about a name, with the nearest of those that there are, or all of them.
    pub(super) fn unknown(
        &mut self,
        code: &'static str,
        (path, at): (&FieldPath, Origin),
        message: String,
        name: &str,
        known: &[&str],
    ) {
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", known.join(", ")),
        };
        self.finding(code, path, at, message).help(help);
    }

    pub(super) fn finding(
        &mut self,
        code: &'static str,
        path: &FieldPath,
        at: Origin,
        message: String,
    ) -> &mut Finding {
        let mut finding = Finding::new(Severity::Error, code, path.clone(), message);
        finding.origin = Some(at);
        self.report.push(finding)
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
