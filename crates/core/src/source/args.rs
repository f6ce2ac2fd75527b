//! The command line as a layer: `--set PATH=VALUE`, and `--kebab-path VALUE` for every leaf.

use std::borrow::Cow;
use std::ffi::OsString;

use crate::document::{DocumentBuilder, Kind, MAX_DEPTH, NodeId, Span};
use crate::layer::{Layer, LayerKind, Origin, Places};
use crate::leaf::LeafKind;
use crate::path::FieldPath;
use crate::report::{Finding, Severity, code};
use crate::schema::{Field, FieldKind, Schema};

/// What was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) layer: Layer,
    pub(crate) findings: Vec<Finding>,
}

/// An option of a leaf: `--db-pool-size` for `db.pool_size`.
#[derive(Debug, Clone)]
pub struct LeafOption {
    /// The option's name, without the dashes before it.
    pub name: String,
    /// The leaf's path.
    pub path: FieldPath,
    /// Its field.
    pub field: &'static Field,
}

impl LeafOption {
    /// Whether the option may stand without a value, which then is `true`.
    #[must_use]
    pub fn is_switch(&self) -> bool {
        matches!(self.field.kind, FieldKind::Leaf(leaf) if leaf.shape().kind == LeafKind::Boolean)
    }
}

/// The options of all leaves, in the schema's order.
#[must_use]
pub fn options(schema: &'static Schema) -> Vec<LeafOption> {
    let mut options: Vec<LeafOption> = Vec::new();
    collect(schema, &FieldPath::ROOT, &mut options);
    options
}

fn collect(schema: &'static Schema, path: &FieldPath, options: &mut Vec<LeafOption>) {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        let below = if field.meta.flatten { path.clone() } else { path.child(field.key) };
        match field.kind {
            FieldKind::Nested(schema) | FieldKind::Optional(schema) => collect(schema, &below, options),
            _ if field.meta.computed => {}
            _ => {
                let name = below.segments().join("-").replace('_', "-").to_ascii_lowercase();
                // Variants of an enum share options, and two spellings of one option would be a trap.
                if !options.iter().any(|option| option.name == name) {
                    options.push(LeafOption { name, path: below, field });
                }
            }
        }
    }
}

/// Reads arguments, without the program's name.
pub(crate) fn read(args: &[OsString], schema: &'static Schema) -> Read {
    let options = options(schema);
    let mut tree = Tree::new();
    let mut args = args.iter().zip(1..).map(|(arg, number)| (number, arg)).peekable();
    while let Some((number, arg)) = args.next() {
        // An argument that is no option may be a secret that lost its option, so its text is not shown.
        let place = format!("argument {number}");
        let Some(text) = arg.to_str() else {
            tree.refuse(code::UNKNOWN_ARGUMENT, &place, "the argument is not Unicode", None);
            continue;
        };
        let Some(option) = text.strip_prefix("--").filter(|name| !name.is_empty()) else {
            let help = "write `--set PATH=VALUE`".to_owned();
            tree.refuse(code::UNKNOWN_ARGUMENT, &place, "the argument is no option", Some(help));
            continue;
        };
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option, None),
        };
        let mut value = || {
            let next = || args.next_if(|(_, next)| !is_option(next))?.1.to_str().map(str::to_owned);
            value.clone().or_else(next)
        };
        if name == "set" {
            match value() {
                Some(entry) => tree.set(&entry),
                None => tree.refuse(code::ARGUMENT_VALUE, "--set", "the option needs `PATH=VALUE`", None),
            }
            continue;
        }
        let Some(known) = options.iter().find(|known| known.name == name) else {
            let near = crate::text::nearest(name, options.iter().map(|known| known.name.as_str()).chain(["set"]));
            let help = near.map(|near| format!("did you mean `--{near}`?"));
            // Its value is no mistake of its own.
            let _ = value();
            // Where both came as one argument, the value is not repeated.
            let name = name.split(char::is_whitespace).next().unwrap_or_default();
            tree.refuse(code::UNKNOWN_ARGUMENT, &format!("--{name}"), "no setting has this option", help);
            continue;
        };
        match value() {
            Some(value) => tree.insert(&known.path.segments(), &value, &["--", name]),
            None if known.is_switch() => tree.insert(&known.path.segments(), "true", &["--", name]),
            None => tree.refuse(code::ARGUMENT_VALUE, &format!("--{name}"), "the option needs a value", None),
        }
    }
    tree.finish()
}

fn is_option(arg: &OsString) -> bool {
    arg.to_str().is_some_and(|text| text.starts_with("--"))
}

/// A document that grows path by path; each node's place is the option that made it.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    builder: DocumentBuilder,
    /// The options, one after another; nodes have their bytes as spans.
    names: String,
    findings: Vec<Finding>,
}

impl Tree {
    pub(crate) fn new() -> Self {
        Self {
            builder: DocumentBuilder::table_for("arguments", 8, 128),
            names: String::with_capacity(128),
            findings: Vec::new(),
        }
    }

    fn set(&mut self, entry: &str) {
        match entry.split_once('=') {
            Some((path, value)) => self.set_path(path.trim(), value),
            // What stands there may be a secret, so it is not repeated.
            None => self.refuse(code::ARGUMENT_VALUE, "--set", "the option needs `PATH=VALUE`", None),
        }
    }

    pub(crate) fn set_path(&mut self, path: &str, value: &str) {
        match crate::path::split(path) {
            Ok(segments) if segments.len() > MAX_DEPTH => {
                self.refuse(code::TOO_DEEP, "--set", "the path is deeper than any configuration", None);
            }
            Ok(segments) if !segments.is_empty() => self.insert(&segments, value, &["--set ", path]),
            Ok(_) => self.refuse(code::ARGUMENT_VALUE, "--set", "the path is empty", None),
            Err(message) => self.refuse(code::ARGUMENT_VALUE, "--set", &message, None),
        }
    }

    fn insert(&mut self, segments: &[Cow<'_, str>], value: &str, option: &[&str]) {
        let start = self.names.len() as u32;
        self.names.extend(option.iter().copied());
        let name = Span { start, end: self.names.len() as u32 };
        let mut parent = NodeId::ROOT;
        for (index, segment) in segments.iter().enumerate() {
            let last = index + 1 == segments.len();
            let node = match self.builder.peek().get(parent, segment) {
                Some(node) => node,
                None => {
                    let node = self.builder.push(Some(parent), Kind::Table, Span::default());
                    self.builder.set_key(node, segment, Span::default());
                    node
                }
            };
            self.builder.set_span(node, name);
            if last {
                self.builder.make_scalar(node, Kind::Text, value);
            } else if self.builder.peek().kind(node) != Kind::Table {
                // `--set a=1 --set a.b=2`: the later one wins, as it does everywhere.
                self.builder.make_scalar(node, Kind::Table, "");
            }
            parent = node;
        }
    }

    fn refuse(&mut self, code: &'static str, at: &str, message: &str, help: Option<String>) {
        let mut finding = Finding::new(Severity::Error, code, FieldPath::ROOT, message);
        finding.origin = Some(Origin::new(LayerKind::Args, at));
        finding.help = help;
        self.findings.push(finding);
    }

    pub(crate) fn finish(self) -> Read {
        let places = Places::Named(self.names);
        let layer = Layer { kind: LayerKind::Args, document: self.builder.finish(), places, base: None };
        Read { layer, findings: self.findings }
    }
}
