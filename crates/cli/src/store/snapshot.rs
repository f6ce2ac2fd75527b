//! `snapshot`: what the store holds, kept under an id.

use clap::ArgMatches;
use serde::Serialize;
use strata_config_core::LayeredConfig;
use strata_config_reload::Point;
use strata_config_store::{NewSnapshot, Snapshot, Timestamp};

use super::write;
use crate::columns;
use crate::context::Context;
use crate::explain::escaped;
use crate::options::Format;
use crate::output::Output;

/// The shape of `--format json`: all but the documents.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    revision: u64,
    at: Timestamp,
    actor: &'a str,
    description: &'a str,
    tags: &'a [String],
}

pub(super) fn run<C: LayeredConfig>(
    context: &Context<'_, C>,
    (name, matches): (&str, &ArgMatches),
) -> Result<Output, Output> {
    match name {
        "create" => create(context, matches),
        "list" => list(context),
        "rollback" => {
            let point = Point::Snapshot(id(matches));
            write::change(context, matches, |live| live.rollback(&point, context.actor(matches)))
        }
        "delete" => delete(context, matches),
        _ => Err(Output::usage("a command is needed: create, list, rollback or delete")),
    }
}

fn create<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let new = NewSnapshot {
        description: matches.get_one::<String>("description").cloned().unwrap_or_default(),
        tags: matches.get_many::<String>("tag").unwrap_or_default().cloned().collect(),
        actor: context.actor(matches).name().to_owned(),
        at: Timestamp::now(),
    };
    let created = context.store_to_write()?.create_snapshot(new).map_err(|error| context.store_failed(&error))?;
    Ok(match context.options.format {
        Format::Json => Output::json(&shown(&created)),
        Format::Text => Output::text(format!("created snapshot {} of revision {}\n", created.id, created.revision)),
    })
}

fn list<C: LayeredConfig>(context: &Context<'_, C>) -> Result<Output, Output> {
    let snapshots = context.store_to_read()?.snapshots().map_err(|error| context.store_failed(&error))?;
    if context.options.format == Format::Json {
        return Ok(Output::json(&snapshots.iter().map(shown).collect::<Vec<_>>()));
    }
    if snapshots.is_empty() {
        return Ok(Output::text("no snapshots\n"));
    }
    let rows = snapshots.iter().map(|snapshot| {
        let Snapshot { id, revision, at, actor, description, tags, .. } = snapshot;
        [
            id.clone(),
            revision.to_string(),
            at.to_string(),
            escaped(actor),
            escaped(&tags.join(", ")),
            escaped(description),
        ]
    });
    let titles = ["ID", "REVISION", "TIME", "ACTOR", "TAGS", "DESCRIPTION"];
    Ok(Output::text(columns::render(titles, rows, &context.terminal)))
}

fn delete<C: LayeredConfig>(context: &Context<'_, C>, matches: &ArgMatches) -> Result<Output, Output> {
    let id = id(matches);
    let deleted = context.store_to_write()?.delete_snapshot(&id).map_err(|error| context.store_failed(&error))?;
    if !deleted {
        return Err(context.failed("missing", format!("there is no snapshot `{}`", escaped(&id))));
    }
    Ok(match context.options.format {
        Format::Json => Output::json(&serde_json::json!({ "deleted": id })),
        Format::Text => Output::text(format!("deleted snapshot {id}\n")),
    })
}

fn id(matches: &ArgMatches) -> String {
    matches.get_one::<String>("id").cloned().unwrap_or_default()
}

fn shown(snapshot: &Snapshot) -> Shown<'_> {
    let Snapshot { id, revision, at, actor, description, tags, .. } = snapshot;
    Shown { id, revision: *revision, at: *at, actor, description, tags }
}
