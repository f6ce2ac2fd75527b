//! Files as layers: one file, a folder's files, and the files that a file includes.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::document::open::{self, Format};
use crate::document::{self, Document, Fault, Kind, MAX_BYTES, NodeId};
use crate::layer::{Layer, LayerKind, Origin, Places};
use crate::path::FieldPath;
use crate::report::{Finding, Severity, code};
use crate::schema::Schema;

/// The key of the files that a file includes, where the schema has no such key itself.
pub(crate) const INCLUDE: &str = "include";

/// How deep files may include each other.
pub(crate) const MAX_INCLUDES: usize = 8;

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) layer: Layer,
    pub(crate) faults: Vec<Fault>,
}

/// A file's bytes and when it was written.
type Bytes = (Vec<u8>, Option<SystemTime>);

/// A file's bytes; `None` where it does not exist and need not.
pub(crate) fn read(path: &Path, required: bool) -> Result<Option<Bytes>, Box<Finding>> {
    let mut file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => return Ok(None),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0).min(MAX_BYTES) + 1);
    let limit = MAX_BYTES as u64 + 1;
    file.by_ref().take(limit).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(Some((bytes, metadata.modified().ok())))
}

/// Parses a file's bytes.
pub(crate) fn from_bytes(path: &Path, bytes: Vec<u8>) -> Read {
    let base = path.parent().map(|folder| folder.to_string_lossy().into_owned());
    let name = path.to_string_lossy().into_owned();
    let read = match Format::of_path(path) {
        Some(format) => parsed(|faults| open::parse(format, name.into(), bytes, faults)),
        None => unknown(name),
    };
    Read { layer: Layer { base: base.filter(|base| !base.is_empty()), ..read.layer }, ..read }
}

/// Parses a document in memory, whose name says its format.
pub(crate) fn from_text(name: String, text: String) -> Read {
    match Format::of_path(Path::new(&name)) {
        Some(format) => parsed(|faults| open::parse_text(format, name.into(), text, faults)),
        None => unknown(name),
    }
}

fn parsed(parse: impl FnOnce(&mut Vec<Fault>) -> Document) -> Read {
    let mut faults = Vec::new();
    let document = parse(&mut faults);
    Read { layer: Layer { kind: LayerKind::File, document, places: Places::Position, base: None }, faults }
}

fn unknown(name: String) -> Read {
    parsed(|faults| {
        faults.push(Fault {
            code: code::FORMAT,
            message: "the file's extension names no known format: use .toml, .yaml, .yml or .json".to_owned(),
            span: document::Span::default(),
            related: None,
        });
        document::DocumentBuilder::table(name).finish()
    })
}

/// A folder's configuration files, in the order of their names.
pub(crate) fn list(path: &Path, required: bool) -> Result<Vec<PathBuf>, Box<Finding>> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !required => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(path, &error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| unreadable(path, &error))?.path();
        let hidden = file.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && Format::of_path(&file).is_some() && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// The files that a document includes, relative to its folder, `None` for what names no file; `None` in all where it has
/// no such key, or the key is a setting's.
pub(crate) fn includes(layer: &Layer, schema: &Schema) -> Option<Vec<(NodeId, Option<PathBuf>)>> {
    let document = &layer.document;
    let include = document.get(NodeId::ROOT, INCLUDE)?;
    let mut names = Vec::new();
    crate::walk::keys(schema.fields, &mut names);
    if names.contains(&INCLUDE) {
        return None;
    }
    let nodes: Vec<NodeId> = match document.kind(include) {
        Kind::Array => document.children(include).collect(),
        _ => vec![include],
    };
    let text = |document: &Document, node| matches!(document.kind(node), Kind::String | Kind::Plain);
    let base = layer.base.as_deref().unwrap_or_default();
    let path = |node| text(document, node).then(|| Path::new(base).join(document.scalar(node)));
    Some(nodes.into_iter().map(|node| (node, path(node))).collect())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Box<Finding> {
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    let code = if missing { code::FILE_MISSING } else { code::FILE_UNREADABLE };
    let message =
        if missing { "the file does not exist".to_owned() } else { format!("the file can't be read: {error}") };
    let mut finding = Finding::new(Severity::Error, code, FieldPath::ROOT, message);
    finding.origin = Some(Origin::new(LayerKind::File, path.to_string_lossy()));
    finding.help = missing.then(|| "create it, or check the path".to_owned());
    Box::new(finding)
}
