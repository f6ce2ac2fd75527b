//! `set`, `unset`, `reset` and `rollback`: changes of what the store holds.

use clap::ArgMatches;
use strata_config_core::schema::{Field, FieldKind};
use strata_config_core::{
    DocumentBuilder, FieldPath, Kind, Layer, LayerKind, LayeredConfig, LeafKind, NodeId, Report, Span, Value, options,
};
use strata_config_reload::{Applied, Batch, Live, Point, UpdateError};

use crate::context::Context;
use crate::output::Output;
use crate::select;

pub(super) fn set<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let entries: Vec<&String> = matches.get_many("entry").unwrap_or_default().collect();
    let mut batch = Batch::new();
    let mut report = Report::new();
    for pair in entries.chunks(2) {
        let path = path::<C>(pair[0])?;
        let Some(text) = pair.get(1) else {
            return Err(Output::usage(&format!("`{path}` has no value: write `set PATH VALUE`")));
        };
        match value::<C>(&path, text) {
            Ok(value) => batch = batch.set(path.as_str(), value),
            Err(mistakes) => report.append(mistakes),
        }
    }
    if !report.is_valid() {
        return Err(Output::invalid(&report, context.options.format, &context.terminal));
    }
    change(context, matches, |live| live.apply(&batch, context.actor(matches)))
}

pub(super) fn unset<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let mut batch = Batch::new();
    for text in matches.get_many::<String>("path").unwrap_or_default() {
        batch = batch.unset(path::<C>(text)?.as_str());
    }
    change(context, matches, |live| live.apply(&batch, context.actor(matches)))
}

pub(super) fn reset<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    change(context, matches, |live| live.reset(context.actor(matches)))
}

pub(super) fn rollback<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let revision = matches.get_one::<u64>("revision").copied().unwrap_or_default();
    change(context, matches, |live| live.rollback(&Point::Revision(revision), context.actor(matches)))
}

/// Makes a change of a live configuration over the store.
pub(super) fn change<C: LayeredConfig>(
    context: &Context<'_, C>,
    matches: &ArgMatches,
    change: impl FnOnce(&Live<C>) -> Result<Applied, UpdateError>,
) -> Result<Output, Output> {
    let live = context.open(context.builder(context.store_to_write()?))?;
    context.applied(matches, change(&live))
}

fn path<C: LayeredConfig>(text: &str) -> Result<FieldPath, Output> {
    if let Some((path, _)) = text.split_once('=') {
        // The value may be a secret, so it is not repeated.
        return Err(Output::usage(&format!("`{path}=…` is no path; write `set {path} VALUE`")));
    }
    select::path(C::SCHEMA, text).map_err(|message| Output::usage(&message))
}

/// The value that a text means at a path: JSON for what has parts, else what a variable would say.
fn value<C: LayeredConfig>(path: &FieldPath, text: &str) -> Result<Value, Report> {
    let field = options(C::SCHEMA).into_iter().find(|option| option.path == *path).map(|option| option.field);
    if field.is_some_and(Field::is_secret) {
        return Ok(Value::String(text.to_owned()));
    }
    let is_text =
        field.is_some_and(|field| matches!(field.kind, FieldKind::Leaf(leaf) if leaf.shape().kind == LeafKind::String));
    let has_parts = text.trim_start().starts_with(['{', '[']);
    if has_parts
        && !is_text
        && let Ok(value) = Value::from_json("VALUE", text)
    {
        return Ok(value);
    }
    let mut document = DocumentBuilder::table("");
    let mut node = NodeId::ROOT;
    let segments = path.segments();
    for (index, segment) in segments.iter().enumerate() {
        let kind = if index + 1 == segments.len() { Kind::Text } else { Kind::Table };
        node = document.push(Some(node), kind, Span::default());
        document.set_key(node, segment, Span::default());
    }
    document.set_scalar(node, text);
    let settings = Layer::new(LayerKind::Runtime, "the change", document.finish()).settings::<C>()?;
    // A section, or what only JSON can say, is left to the check of the whole.
    Ok(settings.values.at(path).cloned().unwrap_or_else(|| Value::String(text.to_owned())))
}
