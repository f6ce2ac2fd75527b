//! The sources of a configuration, each read by itself: what a live configuration reads again when one of them changes.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::document::{DocumentBuilder, NodeId, Span};
use crate::gather::Gathered;
use crate::layer::{Layer, LayerKind, Places};
use crate::layered::LayeredConfig;
use crate::loaded::Outcome;
use crate::path::push_segment;
use crate::plan::{Planned, Source};
use crate::report::{Severity, code};
use crate::resolve::{References, Resolver};
use crate::upgrade::Upgrade;
use crate::validator::Added;
use crate::value::Value;

/// A source of a [`Stack`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(usize);

/// The sources of a loader, read once and kept, so that one of them can be read again without the others.
///
/// A clone is cheap and independent: whoever tries a new reading keeps the old one until the new one is valid.
#[derive(Debug)]
pub struct Stack<C> {
    /// Choices of the loader: mode, environment, profile, and what was wrong with them.
    head: Arc<Gathered>,
    parts: Vec<Part>,
    added: Option<Added<C>>,
    strict_if: Option<fn(&C) -> bool>,
    config: PhantomData<fn() -> C>,
}

impl<C> Clone for Stack<C> {
    fn clone(&self) -> Self {
        Self {
            head: Arc::clone(&self.head),
            parts: self.parts.clone(),
            added: self.added.clone(),
            strict_if: self.strict_if,
            config: PhantomData,
        }
    }
}

/// One source, and what its last reading gave.
#[derive(Debug, Clone)]
struct Part {
    planned: Planned,
    /// Its layers alone, with what is wrong in them.
    read: Arc<Gathered>,
}

impl<C: LayeredConfig> Stack<C> {
    pub(crate) fn new(
        head: Gathered,
        sources: Vec<Planned>,
        added: Option<Added<C>>,
        strict_if: Option<fn(&C) -> bool>,
    ) -> Self {
        let mut stack = Self { head: Arc::new(head), parts: Vec::new(), added, strict_if, config: PhantomData };
        for planned in sources {
            let read = Arc::new(stack.read(&planned, stack.parts.len()));
            stack.parts.push(Part { planned, read });
        }
        stack
    }

    /// What brings documents of older versions up to date, where the loader was told.
    #[must_use]
    pub fn upgrade(&self) -> Option<Arc<dyn Upgrade>> {
        self.head.upgrade.clone()
    }

    /// What reads references to secrets that stand elsewhere.
    #[must_use]
    pub fn resolvers(&self) -> &[Arc<dyn Resolver>] {
        self.head.resolving.as_ref().map_or(&[], |resolving| &resolving.resolvers)
    }

    /// What a value is that refers to a secret, for changes of values that a store keeps.
    #[must_use]
    pub fn references(&self) -> References<'_> {
        References(self.head.resolving.as_deref())
    }

    /// The sources, weakest first.
    pub fn sources(&self) -> impl Iterator<Item = SourceId> + use<C> {
        (0..self.parts.len()).map(SourceId)
    }

    /// What the source is called: the file's path as it was given, `environment`, `arguments`, …
    #[must_use]
    pub fn name(&self, id: SourceId) -> String {
        match &self.parts[id.0].planned.source {
            Source::File { path, .. } | Source::Dir { path, .. } | Source::Dotenv { path, .. } => {
                self.head.named(path).display().to_string()
            }
            Source::FileFromEnv(variable) => match self.files(id).first() {
                Some(file) => file.display().to_string(),
                None => format!("the file of {variable}"),
            },
            Source::Text { name, .. } | Source::DotenvText { name, .. } => name.clone(),
            Source::Env => "environment".to_owned(),
            Source::Args(_) | Source::Set(_) => "arguments".to_owned(),
            Source::Layer(layer) => layer.origin(NodeId::ROOT).at,
        }
    }

    /// The files whose content the source depends on, also those that need not exist; none where it reads no file.
    #[must_use]
    pub fn files(&self, id: SourceId) -> Vec<PathBuf> {
        let part = &self.parts[id.0];
        let mut files: Vec<PathBuf> = match &part.planned.source {
            Source::File { path, .. } | Source::Dotenv { path, .. } => vec![self.head.named(path)],
            Source::FileFromEnv(variable) => self.head.variable(variable).map(PathBuf::from).into_iter().collect(),
            _ => Vec::new(),
        };
        let read = part.read.run.info.files().map(Path::to_owned);
        // A dotted name, a broken include: what the reading named and did not find is worth watching, too.
        for file in read.chain(part.read.missing_files().map(Path::to_owned)) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }

    /// The folder whose files the source reads, where it is one.
    #[must_use]
    pub fn folder(&self, id: SourceId) -> Option<&Path> {
        match &self.parts[id.0].planned.source {
            Source::Dir { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Whether reading the source again can give anything else: files and the process's variables can.
    #[must_use]
    pub fn can_change(&self, id: SourceId) -> bool {
        let source = &self.parts[id.0].planned.source;
        matches!(
            source,
            Source::File { .. } | Source::FileFromEnv(_) | Source::Dir { .. } | Source::Dotenv { .. } | Source::Env
        )
    }

    /// Reads one source again; the others stay as they are.
    pub fn refresh(&mut self, id: SourceId) {
        let read = self.read(&self.parts[id.0].planned, id.0);
        self.parts[id.0].read = Arc::new(read);
    }

    /// Takes one source's reading from another stack of the same sources.
    pub fn adopt(&mut self, other: &Self, id: SourceId) {
        self.parts[id.0].read = Arc::clone(&other.parts[id.0].read);
    }

    /// Whether a source gives what it gives in another stack of the same sources: the same values at the same places.
    #[must_use]
    pub fn is_same(&self, other: &Self, id: SourceId) -> bool {
        let (one, other) = (&self.parts[id.0].read, &other.parts[id.0].read);
        Arc::ptr_eq(one, other) || one.reads_as(other)
    }

    /// Builds the configuration of all sources between a store's two documents: `base` is the weakest layer, and those
    /// of `runtime` are the strongest, the last above all. What they hold of unknown keys is a warning, since no person
    /// can mend it in a file.
    #[must_use]
    pub fn outcome(&self, base: Option<Layer>, runtime: impl IntoIterator<Item = Layer>) -> Outcome<C> {
        let mut whole = Gathered::choosing_as(&self.head);
        whole.append(&self.head);
        if let Some(base) = base {
            push_stored(&mut whole, base);
        }
        for part in &self.parts {
            whole.append(&part.read);
        }
        for runtime in runtime {
            push_stored(&mut whole, runtime);
        }
        Outcome::build(whole, self.added.as_ref(), self.strict_if)
    }

    /// Reads a source that stands at this place, behind the files of those before it.
    fn read(&self, planned: &Planned, at: usize) -> Gathered {
        let mut part = Gathered::choosing_as(&self.head);
        let before = self.parts[..at].iter().flat_map(|part| part.read.run.info.files.iter().cloned());
        part.run.info.files.extend(before);
        let known = part.run.info.files.len();
        (planned.read)(&mut part, planned.source.clone());
        part.run.info.files.drain(..known);
        part
    }
}

fn push_stored(whole: &mut Gathered, layer: Layer) {
    let before = whole.run.report.findings().len();
    match layer.kind {
        // What this process alone has, it has from this very program.
        LayerKind::Program => whole.push(layer),
        _ => whole.push_upgraded(layer, true, false),
    }
    for finding in &mut whole.run.report.findings_mut()[before..] {
        if finding.code == code::UNKNOWN_KEY {
            finding.severity = Severity::Warning;
        }
    }
}

impl Gathered {
    /// Adds the layers of a source that was read by itself.
    fn append(&mut self, part: &Self) {
        let first = self.layers.len();
        self.layers.extend(part.layers.iter().cloned());
        self.slots.extend_from_slice(&part.slots);
        self.run.suppress_missing |= part.run.suppress_missing;
        self.run.info.environment |= part.run.info.environment;
        self.run.info.files.extend(part.run.info.files.iter().cloned());
        let mut report = part.run.report.clone();
        for finding in report.findings_mut() {
            if let Some(spot) = &mut finding.spot {
                spot.layer += first;
            }
        }
        self.run.report.append(report);
    }

    /// Whether another reading gave the same.
    fn reads_as(&self, other: &Self) -> bool {
        let same = |one: &Layer, other: &Layer| {
            one.document.text() == other.document.text()
                && one.document.name() == other.document.name()
                && Value::of_document(&one.document) == Value::of_document(&other.document)
        };
        self.layers.len() == other.layers.len()
            && self.layers.iter().zip(&other.layers).all(|(one, other)| same(one, other))
            && self.run.report == other.run.report
    }

    /// Files that were named and could not be read.
    fn missing_files(&self) -> impl Iterator<Item = &Path> {
        let unread = [code::FILE_MISSING, code::FILE_UNREADABLE];
        let findings = self.run.report.findings().iter().filter(move |finding| unread.contains(&finding.code));
        findings.filter_map(|finding| finding.origin.as_ref()).map(|origin| Path::new(&origin.at))
    }
}

impl Layer {
    /// Values whose places have names of their own: `mark` names the place of a path, and what it does not name has
    /// the name of the value around it, in the end `whole`.
    #[must_use]
    pub fn marked(kind: LayerKind, whole: &str, values: &Value, mark: impl Fn(&str) -> Option<String>) -> Self {
        let mut names = whole.to_owned();
        let place = Span { start: 0, end: names.len() as u32 };
        let mut builder = DocumentBuilder::new("", String::new());
        let mut marker = Marker { builder: &mut builder, names: &mut names, mark: &mark };
        marker.push(None, None, values, "", place);
        Self { kind, document: builder.finish(), places: Places::Named(names), base: None }
    }
}

/// Writes values into a document, each with the span of its place's name.
struct Marker<'a> {
    builder: &'a mut DocumentBuilder,
    names: &'a mut String,
    mark: &'a dyn Fn(&str) -> Option<String>,
}

impl Marker<'_> {
    fn push(&mut self, parent: Option<NodeId>, key: Option<&str>, value: &Value, path: &str, around: Span) {
        let place = match (self.mark)(path) {
            Some(name) => {
                let start = self.names.len() as u32;
                self.names.push_str(&name);
                Span { start, end: self.names.len() as u32 }
            }
            None => around,
        };
        // A store never holds a secret; should one come, it is refused where it is read.
        let (kind, text) = value.node();
        let node = self.builder.push(parent, kind, place);
        self.builder.set_scalar(node, &text);
        if let Some(key) = key {
            self.builder.set_key(node, key, place);
        }
        match value {
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.push(Some(node), None, item, &below(path, &index.to_string()), place);
                }
            }
            Value::Map(entries) => {
                for (key, value) in entries {
                    self.push(Some(node), Some(key), value, &below(path, key), place);
                }
            }
            _ => {}
        }
    }
}

fn below(path: &str, segment: &str) -> String {
    let mut below = path.to_owned();
    push_segment(&mut below, segment);
    below
}
