//! Entries of the history as text and as JSON, without the documents that they keep.

use std::fmt::Write;

use serde::Serialize;
use strata_config_core::Value;
use strata_config_store::{Entry, Hash, Json, Recorded, Timestamp};

use crate::explain::{Paint, escaped, printable};

/// The shape of `--format json`.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    revision: u64,
    at: Timestamp,
    actor: &'a str,
    source: &'a str,
    reason: Option<&'a str>,
    request: Option<&'a str>,
    tags: &'a [String],
    changes: Vec<ShownChange<'a>>,
    hash: Hash,
}

/// A change as all commands show it: `null` where there is no value.
#[derive(Serialize)]
struct ShownChange<'a> {
    path: &'a str,
    old: Option<&'a Json>,
    new: Option<&'a Json>,
    reload: &'a str,
}

impl<'a> Shown<'a> {
    pub(super) fn of(entry: &'a Entry) -> Self {
        let change = |recorded: &'a Recorded| ShownChange {
            path: &recorded.path,
            old: recorded.old.as_ref(),
            new: recorded.new.as_ref(),
            reload: &recorded.reload,
        };
        Self {
            revision: entry.revision,
            at: entry.at,
            actor: &entry.actor,
            source: &entry.source,
            reason: entry.reason.as_deref(),
            request: entry.request.as_deref(),
            tags: &entry.tags,
            changes: entry.changes.iter().map(change).collect(),
            hash: entry.hash,
        }
    }
}

/// A headline, and a line for each change.
pub(super) fn render(entry: &Entry, paint: Paint) -> String {
    let mut out = format!(
        "{}  {}  {} ({})",
        paint.bold(&format!("revision {}", entry.revision)),
        paint.dim(&entry.at.to_string()),
        escaped(&entry.actor),
        escaped(&entry.source)
    );
    // Writing to a string cannot fail.
    if let Some(reason) = &entry.reason {
        let _ = write!(out, ": {}", escaped(reason));
    }
    if !entry.tags.is_empty() {
        let _ = write!(out, " [{}]", escaped(&entry.tags.join(", ")));
    }
    if let Some(request) = &entry.request {
        let _ = write!(out, " request {}", escaped(request));
    }
    out.push('\n');
    let width = entry.changes.iter().map(|change| change.path.chars().count()).max().unwrap_or(0);
    for Recorded { path, old, new, reload } in &entry.changes {
        let restart = if reload == "restart" { " (restart)" } else { "" };
        let pad = " ".repeat(width - path.chars().count());
        let _ = writeln!(out, "  {}{pad}  {} -> {}{restart}", escaped(path), shown(old.as_ref()), shown(new.as_ref()));
    }
    out
}

/// A recorded value in one line.
fn shown(json: Option<&Json>) -> String {
    let Some(json) = json else { return "unset".to_owned() };
    // A document is a table, and a value alone is none.
    match Value::from_json("", &format!("{{\"value\":{json}}}")) {
        Ok(Value::Map(entries)) => entries.first().map_or_else(String::new, |(_, value)| match value {
            Value::Map(parts) if *parts == [("$secret".to_owned(), Value::Bool(true))] => printable(&Value::Secret),
            value => printable(value),
        }),
        _ => escaped(json.as_str()),
    }
}
