//! What a change did, or would do, in words.

use std::fmt::Write;

use clap::ArgMatches;
use serde::Serialize;
use strata_config_core::{Change, Finding, LayeredConfig};
use strata_config_reload::{Actor, Applied, UpdateError};

use crate::context::Context;
use crate::diff;
use crate::options::Format;
use crate::output::Output;

/// The shape of `--format json`.
#[derive(Serialize)]
struct Answer<'a, B> {
    /// The store's revision afterwards.
    revision: u64,
    /// Whether the store has a new revision.
    stored: bool,
    dry_run: bool,
    /// The request had been carried out before, as this revision.
    replayed: bool,
    /// The effective values that differ.
    changes: &'a [Change],
    /// What waits for a restart.
    pending: &'a [Change],
    warnings: Vec<&'a Finding>,
    /// What the command says besides.
    #[serde(flatten)]
    besides: B,
}

/// Nothing besides.
#[derive(Serialize)]
struct Nothing {}

impl<C: LayeredConfig> Context<'_, C> {
    /// Who makes the change, as the options say.
    pub(crate) fn actor(&self, matches: &ArgMatches) -> Actor {
        let text = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
        let name = text("actor").or_else(|| self.command.actor.clone());
        let mut actor = Actor::new(name.unwrap_or_else(|| "unknown".to_owned())).via("cli");
        if let Some(reason) = text("reason") {
            actor = actor.because(reason);
        }
        if let Some(id) = text("request") {
            actor = actor.request(id);
        }
        for tag in matches.try_get_many::<String>("tag").ok().flatten().unwrap_or_default() {
            actor = actor.tag(tag);
        }
        if let Some(revision) = matches.try_get_one::<u64>("if-revision").ok().flatten() {
            actor = actor.if_revision(*revision);
        }
        if is_dry(matches) { actor.dry_run() } else { actor }
    }

    /// What became of a change.
    pub(super) fn applied(&self, matches: &ArgMatches, done: Result<Applied, UpdateError>) -> Result<Output, Output> {
        self.applied_with(matches, done, Nothing {})
    }

    /// As [`applied`](Self::applied), with more for the document in JSON.
    pub(crate) fn applied_with(
        &self,
        matches: &ArgMatches,
        done: Result<Applied, UpdateError>,
        besides: impl Serialize,
    ) -> Result<Output, Output> {
        let applied = done.map_err(|error| self.update_failed(&error))?;
        if self.options.format == Format::Json {
            return Ok(Output::json(&Answer {
                revision: applied.revision,
                stored: applied.entry.is_some() && !applied.replayed,
                dry_run: is_dry(matches),
                replayed: applied.replayed,
                changes: &applied.changes,
                pending: &applied.pending,
                warnings: applied.warnings.warnings().collect(),
                besides,
            }));
        }
        let mut text: String = applied.changes.iter().map(diff::line).collect();
        let revision = applied.revision;
        // Writing to a string cannot fail.
        let _ = match (&applied.entry, is_dry(matches)) {
            (Some(_), _) if applied.replayed => {
                writeln!(text, "the request was carried out before, as revision {revision}")
            }
            (Some(_), _) if applied.changes.is_empty() => {
                writeln!(text, "stored as revision {revision}; every effective value stays what it was")
            }
            (Some(_), _) => writeln!(text, "stored as revision {revision}"),
            (None, true) => writeln!(text, "dry run: nothing is stored, the store stays at revision {revision}"),
            (None, false) => writeln!(text, "nothing to change, the store stays at revision {revision}"),
        };
        Ok(Output::text(text).with_stderr(&applied.warnings.render(self.terminal.colour_stderr)))
    }

    /// Why a change was not made.
    pub(crate) fn update_failed(&self, error: &UpdateError) -> Output {
        if let Some(report) = error.report() {
            return Output::invalid(report, self.options.format, &self.terminal);
        }
        let code = match error {
            error if error.is_conflict() => "conflict",
            error if error.is_vetoed() => "vetoed",
            error if error.is_missing() => "missing",
            error if error.is_unknown() => "unknown",
            _ => "store",
        };
        self.failed(code, error.to_string())
    }
}

fn is_dry(matches: &ArgMatches) -> bool {
    matches.try_get_one::<bool>("dry-run").ok().flatten().copied().unwrap_or(false)
}
