//! Takes what happens from the configuration and its flags to the hub.

use std::io;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use strata_config_flags::FlagEvent;
use strata_config_reload::{DynEvent, DynEvents, EventKind};
use strata_config_store::{Hash, HistoryQuery};

use super::hub::Stand;
use super::message::Draft;
use crate::context::App;
use crate::wire::{ChangeView, FindingView};

/// So long may the thread outlive the interface.
const PATIENCE: Duration = Duration::from_secs(1);

/// Events of flags that wait for the hub.
const FLAG_EVENTS: usize = 1024;

/// Follows the configuration until the interface is gone.
///
/// # Errors
/// The system gives no thread.
pub(crate) fn follow(app: &Arc<App>) -> io::Result<()> {
    // Events first: what happens while the rest is read is told, or already read.
    let events = app.live.events();
    let current = app.current();
    let (revision, generation) = (current.version.revision(), current.version.generation());
    let query = HistoryQuery { from: Some(revision), to: Some(revision), ..HistoryQuery::default() };
    // Without the entry, ids are those of no store, and whoever comes back with one reads everything again.
    let head = app.live.history(&query).ok().and_then(|entries| entries.first().map(|entry| entry.hash));
    let etag = Some(current.etag.as_str().to_owned());
    app.hub.begin(Stand { revision, generation, etag, head: head.unwrap_or(Hash::ZERO) });
    if let Some(flags) = &app.flags {
        let weak = Arc::downgrade(app);
        let mut known = revision;
        let listening = flags.events(FLAG_EVENTS).listen(move |event| {
            // Flags of another configuration come with its own event.
            if let FlagEvent::Replaced { revision, .. } = event
                && std::mem::replace(&mut known, *revision) != *revision
            {
                return;
            }
            if let Some(app) = weak.upgrade() {
                app.hub.publish(of_flags(event));
            }
        })?;
        app.hub.flags.get_or_init(|| listening);
    }
    let weak = Arc::downgrade(app);
    thread::Builder::new().name("strata-admin-events".to_owned()).spawn(move || run(&weak, events, generation))?;
    Ok(())
}

fn run(app: &Weak<App>, mut events: Box<dyn DynEvents>, begun: u64) {
    loop {
        let asked = Instant::now();
        let event = events.next_within(PATIENCE);
        let Some(app) = app.upgrade() else { break };
        match event {
            // What was in effect when we began is no news.
            Some(event) if event.kind().is_change() && event.after().1 <= begun => {}
            Some(event) => tell(&app, &*event),
            // An end comes at once.
            None if asked.elapsed() < PATIENCE / 2 => break,
            None => {}
        }
        // A threshold may be another one now, and figures grow stale.
        app.reports.look();
    }
}

fn tell(app: &App, event: &dyn DynEvent) {
    let mut draft = match event.kind() {
        EventKind::Committed(entry) => Draft::of_entry(entry),
        kind => Draft::new(kind.as_str()),
    };
    draft.view.at = event.at();
    draft.view.changes = event.changes().iter().map(ChangeView::of).collect();
    match event.kind() {
        EventKind::Committed(_) => {}
        EventKind::Reloaded { source } | EventKind::Recovered { source } => draft.view.source = Some(source.clone()),
        EventKind::Failed { source, report } => {
            draft.view.source = Some(source.clone());
            draft.view.report = Some(report.findings().iter().map(FindingView::of).collect());
        }
    }
    if event.kind().is_change() {
        draft = draft.about_changes();
    }
    let (revision, generation) = event.after();
    // Whoever hears of it and asks is answered with this configuration, or a newer one that is told next.
    let current = app.current();
    let is_newest = current.version.generation() == generation;
    app.hub.tell(draft, |stand| {
        stand.head = match event.kind() {
            EventKind::Committed(entry) if entry.revision == revision => entry.hash,
            _ if revision == stand.revision => stand.head,
            // A revision without its entry: nobody can go on from here by the history.
            _ => Hash::ZERO,
        };
        stand.revision = revision;
        stand.generation = generation;
        stand.etag = is_newest.then(|| current.etag.as_str().to_owned());
    });
}

fn of_flags(event: &FlagEvent) -> Draft {
    let mut draft = Draft::new("flags");
    draft.view.flags = Some(match event {
        FlagEvent::Replaced { revision, generation } => {
            json!({"what": "replaced", "revision": revision, "generation": generation})
        }
        FlagEvent::Tripped { key, trip } => json!({"what": "tripped", "key": key, "trip": trip}),
        FlagEvent::HalfOpen { key, at } => json!({"what": "half-open", "key": key, "at": at}),
        FlagEvent::Closed { key, at } => json!({"what": "closed", "key": key, "at": at}),
        FlagEvent::NotStored { key, message, retried } => {
            json!({"what": "not-stored", "key": key, "message": message, "retried": retried})
        }
    });
    draft
}
