//! `watch`: changes as they happen, of files and of the store.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use clap::ArgMatches;
use serde::Serialize;
use strata_config_core::{Change, LayeredConfig, Report};
use strata_config_reload::{Event, EventKind, Live, WatchOptions};
use strata_config_store::Timestamp;

use crate::context::Context;
use crate::diff;
use crate::explain::escaped;
use crate::options::Format;
use crate::output::{self, Output};

/// Time between two looks at what else is wrong.
const LOOK: Duration = Duration::from_secs(1);

/// The shape of a line of `--format json`.
#[derive(Serialize)]
struct Shown<'a> {
    at: Timestamp,
    /// `committed`, `reloaded`, `failed` or `recovered`.
    kind: &'static str,
    revision: u64,
    generation: u64,
    /// Who committed it, and why; or the source that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    source: &'a str,
    changes: &'a [Change],
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a Report>,
}

pub(super) fn run<C: LayeredConfig>(
    context: &Context<'_, C>,
    matches: &ArgMatches,
    stdout: &mut dyn Write,
) -> Result<Output, Output> {
    let live = context.open(context.builder(context.store_to_write()?))?;
    let mut left = matches.get_one::<usize>("limit").copied().unwrap_or(usize::MAX);
    let mut events = live.events();
    let _watching = live.watch(WatchOptions::new()).map_err(|error| context.failed("watch", error.to_string()))?;
    let mut said = Vec::new();
    while left > 0 {
        let Some(event) = events.next_within(LOOK) else {
            said = worries(&live, &said);
            continue;
        };
        left -= 1;
        // Whoever closed the pipe has seen enough.
        if told(&event, context.options.format, stdout).is_err() {
            break;
        }
    }
    Ok(Output::text(""))
}

/// Tells what keeps changes from being seen, such as a store that can't be read, and was not told before.
fn worries<C: LayeredConfig>(live: &Live<C>, said: &[String]) -> Vec<String> {
    let reasons = live.status().reasons;
    reasons.iter().filter(|reason| !said.contains(reason)).for_each(|reason| output::note(reason));
    reasons
}

fn told<C: LayeredConfig>(event: &Arc<Event<C>>, format: Format, stdout: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => output::line_now(stdout, &serde_json::to_string(&shown(event)).unwrap_or_default()),
        Format::Text => lines(event).iter().try_for_each(|line| output::line_now(stdout, line)),
    }
}

fn shown<C: LayeredConfig>(event: &Event<C>) -> Shown<'_> {
    let (actor, reason, source, report) = match &event.kind {
        EventKind::Committed(entry) => (Some(&*entry.actor), entry.reason.as_deref(), &*entry.source, None),
        EventKind::Reloaded { source } | EventKind::Recovered { source } => (None, None, &**source, None),
        EventKind::Failed { source, report } => (None, None, &**source, Some(&**report)),
    };
    Shown {
        at: event.at,
        kind: event.kind.as_str(),
        revision: event.after.revision(),
        generation: event.after.generation(),
        actor,
        reason,
        source,
        changes: &event.changes,
        report,
    }
}

/// A line for each setting that changed; one for what changes none.
fn lines<C: LayeredConfig>(event: &Event<C>) -> Vec<String> {
    let by = match &event.kind {
        EventKind::Committed(entry) => format!("revision {} by {}", entry.revision, escaped(&entry.actor)),
        EventKind::Reloaded { source } | EventKind::Failed { source, .. } | EventKind::Recovered { source } => {
            escaped(source)
        }
    };
    let line = |what: &str| format!("{}  {by}  {}", event.at, what.trim_end());
    match &event.kind {
        EventKind::Failed { report, .. } => {
            let said = |finding: &strata_config_core::Finding| {
                line(&format!("can't be used: {} {}: {}", finding.at(), finding.path, finding.message))
            };
            report.errors().map(said).collect()
        }
        EventKind::Recovered { .. } => vec![line("can be used again")],
        _ if event.changes.is_empty() => vec![line("no effective value differs")],
        _ => event.changes.iter().map(|change| line(&diff::line(change))).collect(),
    }
}
