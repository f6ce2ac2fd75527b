//! What a running configuration prints, while its secrets are changed in every way.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use strata_config::LayeredConfig;
use strata_config_reload::{Actor, Applied, Batch, Changes, DynLive, Live, LiveBuilder, Point, Preset, UpdateError};
use strata_config_store::HistoryQuery;

use crate::case::{Case, Marked, Subject};
use crate::collection::Collection;
use crate::documents::{Language, place};
use crate::sources::{Brought, plain};
use crate::subjects::for_every_system;

/// As long as nothing more comes of what happened already.
const QUIET: Duration = Duration::from_millis(50);

/// A configuration over a file with its secrets, and others that are set while it runs.
pub(crate) struct Running {
    pub(crate) first: Case,
    pub(crate) then: Case,
    pub(crate) shown: Collection,
    pub(crate) brought: Brought,
}

impl Running {
    pub(crate) fn of<S: Subject>(salt: &str) -> (Self, LiveBuilder<S>) {
        let first = Case::of::<S>(salt);
        let then = first.again::<S>(&format!("{salt}, then"));
        let mut search = first.search();
        then.add_to(&mut search);
        let (brought, loader) = plain::<S>(&first);
        let builder = Live::of(loader).sealer(first.fernet()).presets(S::presets());
        let running = Self { shown: Collection::new(search), first, then, brought };
        let builder = running.then.secrets.iter().fold(builder, |builder, secret| {
            // An item of a list has no path of its own for those who set it.
            match secret.path.segments().iter().any(|segment| segment.parse::<usize>().is_ok()) {
                true => builder,
                false => builder.preset(Preset::new(secret.path.as_str(), "").set(secret.path.as_str(), &secret.given)),
            }
        });
        (running, builder)
    }

    /// What a change says, whatever became of it.
    pub(crate) fn applied(&mut self, what: &str, result: &Result<Applied, UpdateError>) {
        match result {
            Ok(applied) => {
                self.shown.debug(format!("{what}, applied"), applied);
                self.shown.json(format!("{what}, its changes"), &applied.changes);
                self.shown.json(format!("{what}, what waits"), &applied.pending);
                self.shown.json(format!("{what}, its warnings"), &applied.warnings);
                self.shown.json(format!("{what}, its entry"), &applied.entry.as_deref());
            }
            Err(error) => {
                self.shown.error(what, error);
                if let Some(report) = error.report() {
                    self.shown.json(format!("{what}, refused"), report);
                    self.shown.take(format!("{what}, in colours"), report.render(true));
                }
            }
        }
    }

    /// What a running configuration says of itself.
    pub(crate) fn state<C: LayeredConfig>(&mut self, what: &str, live: &Live<C>) {
        let shown = &mut self.shown;
        shown.debug(format!("{what}, live"), live);
        shown.debug(format!("{what}, weak"), &live.downgrade());
        shown.json(format!("{what}, status"), &live.status());
        let version = live.version();
        shown.debug(format!("{what}, version"), &version);
        shown.json(format!("{what}, explained"), &version.explain(&[]));
        shown.json(format!("{what}, pending"), &version.pending());
        shown.json(format!("{what}, warnings"), version.warnings());
        shown.debug(format!("{what}, info"), version.info());
        shown.debug(format!("{what}, declared"), version.declared_keys());
        let dynamic: &dyn DynLive = live;
        let current = dynamic.current();
        for (part, value) in
            [("values", current.values()), ("running", current.running()), ("export", current.export())]
        {
            shown.json(format!("{what}, {part}"), &value);
            shown.take(format!("{what}, {part} as text"), value.to_text());
        }
        for entry in live.history(&HistoryQuery::default()).unwrap() {
            shown.json(format!("{what}, an entry"), &entry);
        }
        for snapshot in live.snapshots().unwrap() {
            shown.json(format!("{what}, a snapshot"), &snapshot);
        }
        let backup = live.backup().unwrap();
        shown.take(format!("{what}, the backup"), backup.to_json());
        shown.debug(format!("{what}, the backup"), &backup);
        shown.debug(format!("{what}, verified"), &live.verify().unwrap());
        shown.debug(format!("{what}, the store"), &**live.store());
        shown.debug(format!("{what}, what it holds"), &live.store().load().unwrap());
    }
}

/// Everything that a listener hears, as it prints it.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<(String, String)>>>);

impl Heard {
    fn note(&self, what: &str, text: String) {
        self.0.lock().unwrap().push((what.to_owned(), text));
    }

    fn told(&self, shown: &mut Collection) -> usize {
        let told = std::mem::take(&mut *self.0.lock().unwrap());
        told.iter().for_each(|(what, text)| shown.take(what, text));
        told.len()
    }
}

fn changes_at_run_time_show_no_secret<S: Subject>() {
    let (mut running, builder) = Running::of::<S>("running");
    running.shown.debug("the builder", &builder);
    let live = builder.open().unwrap();
    running.first.is_in(&*live.get());
    let heard = Heard::default();
    let (listener, vetoes) = (heard.clone(), heard.clone());
    let _subscription = live.subscribe("", move |event| {
        listener.note("an event, heard", format!("{event:?}{event:#?}{}", json!(event.changes)));
    });
    live.veto("nobody", move |proposal| {
        vetoes.note("a proposal", format!("{proposal:?}{proposal:#?}"));
        Ok(())
    });
    let mut events = live.events();
    let mut count = 0;
    running.shown.debug("events", &events);
    running.shown.debug("a guard", &*live.get());
    running.shown.debug("a reader", &live.reader());
    running.state("at first", &live);

    let mut patch = running.then.document();
    let applied = live.update(&patch, Actor::new("ann").because("a change"));
    assert!(applied.is_ok(), "{applied:?}");
    running.applied("an update", &applied);
    running.then.is_in(&**live.version().desired());
    running.state("updated", &live);
    let snapshot = live.snapshot("as it is", ["kept"], "ann").unwrap();

    // What is the same already is no change; what differs is masked.
    running.applied("the same again", &live.update(&patch, "ann"));
    running.applied("here alone", &live.update_here(&running.first.document(), "ann"));
    running.applied("of the base", &live.set_base(&running.first.document(), "ann"));
    for secret in running.first.secrets.clone() {
        let path = secret.path.as_str();
        running.applied(path, &live.set(path, &secret.given, "ann"));
        let batch = Batch::new().set(path, &secret.given).set("nothing.like.this", &secret.given);
        running.shown.debug("a batch", &batch);
        running.applied("a batch", &live.apply(&batch, "ann"));
        let preview = live.validate_batch(&batch);
        running.shown.debug("a batch, validated", &preview);
        running.shown.json("a batch, validated", &preview.report);
        wrong(&mut running, &live, &secret);
        if live.presets().iter().any(|preset| preset.name() == path) {
            let preview = live.validate_preset(path).unwrap();
            running.shown.debug("a preset, validated", &preview);
            running.applied("a preset", &live.apply_preset(path, "ann"));
        }
        running.applied("unset", &live.unset(path, "ann"));
        count += told(&mut running.shown, &mut events);
    }
    for preset in live.presets() {
        running.shown.debug("a preset", preset);
        running.shown.json("a preset's values", &preset.masked_values(S::SCHEMA));
    }
    let preview = live.validate(&patch);
    running.shown.debug("a preview", &preview);
    running.shown.json("a preview's changes", &preview.changes);
    running.shown.json("what would be", &live.values_after(&patch).unwrap());

    let back = Point::Snapshot(snapshot.id);
    running.shown.debug("a way back", &live.validate_rollback(&back).unwrap());
    running.applied("a rollback", &live.rollback(&back, "ann"));
    running.applied("sealed anew", &live.reseal("ann"));
    running.applied("a restore", &live.restore(&live.backup().unwrap(), "ann"));
    running.shown.debug("refreshed", &live.refresh_secrets());
    running.state("and back", &live);
    running.applied("a reset", &live.reset("ann"));

    // The file that holds them changes, and breaks.
    let file = running.brought.folder.path().join("secrets.toml");
    let text = Language::Toml.write(&patch);
    std::fs::write(&file, &text).unwrap();
    running.shown.debug("read again", &live.reload_all());
    for secret in running.then.secrets.clone() {
        *place(&mut patch, &secret.path) = json!([[secret.given]]);
    }
    for text in [Language::Toml.write(&patch), text.replace('"', ""), format!("{text}= \"")] {
        std::fs::write(&file, text).unwrap();
        if let Err(error) = live.reload_all() {
            running.shown.error("a broken file", &error);
        }
        running.state("with a broken file", &live);
    }

    count += told(&mut running.shown, &mut events);
    let heard = heard.told(&mut running.shown);
    let secrets = running.then.free().count();
    assert!(secrets == 0 || (count > secrets && heard > secrets), "{count} events, {heard} heard");
    running.shown.is_silent(40 + 30 * secrets);
}

/// Takes the events that happened until now; how many there were.
fn told<C: LayeredConfig>(shown: &mut Collection, events: &mut Changes<C>) -> usize {
    let mut count = 0;
    while let Some(event) = events.next_within(QUIET) {
        count += 1;
        shown.debug("an event", &event);
        shown.debug("an event's kind", &event.kind);
        shown.json("an event's changes", &event.changes);
    }
    count
}

/// Values that it can't have.
fn wrong<S: Subject>(running: &mut Running, live: &Live<S>, secret: &Marked) {
    let (path, given) = (secret.path.as_str(), &secret.given);
    for value in [json!([given]), json!({"a": given}), json!(secret.marker[..19]), json!(format!("fernet:{given}"))] {
        running.applied("a wrong value", &live.set(path, &value, "ann"));
        let mut patch = json!({});
        *place(&mut patch, &secret.path) = value.clone();
        running.applied("a wrong patch", &live.update(&patch, "ann"));
        let preview = live.validate(&patch);
        running.shown.debug("a wrong patch, validated", &preview);
        running.shown.json("a wrong patch, validated", &preview.report);
        running.applied("under a wrong name", &live.set(&format!("{path}s"), &value, "ann"));
    }
}

/// Without a key nothing can be set, and what is said of it is not the secret.
fn a_change_without_a_key_shows_no_secret<S: Subject>() {
    let (mut running, _) = Running::of::<S>("no key");
    let (_brought, loader) = plain::<S>(&running.first);
    let live = Live::of(loader).open().unwrap();
    running.applied("without a key", &live.update(&running.then.document(), "ann"));
    running.applied("here alone", &live.update_here(&running.then.document(), "ann"));
    for secret in running.then.secrets.clone() {
        let applied = live.set(secret.path.as_str(), &secret.given, "ann");
        assert!(applied.is_err() || secret.fixed, "{} is stored without a key", secret.path);
        running.applied("without a key", &applied);
    }
    running.state("without a key", &live);
    running.shown.is_silent(15);
}

for_every_system! {
    changes_at_run_time_show_no_secret;
    a_change_without_a_key_shows_no_secret;
}
