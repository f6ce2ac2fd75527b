//! What a server logs to standard error: as much as the system's own setting says, from the moment that it changes.

use std::io::IsTerminal;
use std::thread;
use std::time::Duration;

use strata_config_reference::System;
use strata_config_reload::{Event, EventKind, Live};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry, reload};

/// The longest that an event is waited for at once.
const LOOK: Duration = Duration::from_secs(1);

/// Logs from now on: changes of the configuration, and whatever else is told, as much of it as the configuration says.
pub(super) fn start<S: System>(live: &Live<S>) {
    let (filter, handle) = reload::Layer::new(targets(S::log_level(&live.get())));
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
    let lines = fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    // A program has one log; where there is one already, it stays.
    let _ = registry().with(filter).with(lines).try_init();
    let mut events = live.events();
    let follow = move || {
        loop {
            let Some(event) = events.next_within(LOOK) else { continue };
            // First the level, so that a change to another one is told by the new one.
            let _ = handle.reload(targets(S::log_level(event.after.running())));
            tell(&event);
        }
    };
    // Without a thread nothing is told of changes; everything else goes on.
    let _ = thread::Builder::new().name("strata-log".to_owned()).spawn(follow);
}

/// Ours at this level; of others only what may be a problem.
fn targets(level: LevelFilter) -> Targets {
    Targets::new().with_target("strata", level).with_default(level.min(LevelFilter::WARN))
}

fn tell<S: System>(event: &Event<S>) {
    let (revision, changes) = (event.after.revision(), event.changes.len());
    match &event.kind {
        EventKind::Committed(entry) => {
            tracing::info!(revision, changes, actor = ?entry.actor, source = ?entry.source, "committed");
        }
        EventKind::Reloaded { source } => tracing::info!(revision, changes, ?source, "reloaded"),
        EventKind::Failed { source, report } => {
            for finding in report.errors() {
                tracing::error!(?source, path = %finding.path, at = ?finding.at(), "can't be used: {}", finding.message);
            }
        }
        EventKind::Recovered { source } => tracing::info!(?source, "can be used again"),
    }
    for change in &event.changes {
        let (path, old, new) = (&change.path, change.before(), change.after());
        let shown = |value: Option<_>| value.map_or(serde_json::Value::Null, |value| serde_json::json!(value));
        tracing::debug!(revision, %path, old = %shown(old), new = %shown(new), "changed");
    }
}
