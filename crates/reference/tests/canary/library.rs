//! What the library prints of a configuration that is right: every public value that knows the secrets.

use strata_config::{
    Edits, FieldPath, Layer, LayerKind, Loader, Sealer, Value, check_patch, diff, export, self_test, variables,
};

use crate::case::{Case, Subject};
use crate::sources::{Way, plain};
use crate::subjects::for_every_system;

fn a_loaded_configuration_shows_no_secret<S: Subject>() {
    for way in Way::ALL {
        let case = Case::of::<S>(&format!("{way:?}"));
        let brought = way.bring(&case);
        let loader = || way.loader::<S>(&case, &brought);
        let mut shown = case.collection();

        shown.debug("the loader", &loader());
        let stack = loader().stack();
        shown.debug("the stack", &stack);
        for source in stack.sources() {
            shown.debug("a source's name", &stack.name(source));
        }
        let outcome = loader().read();
        shown.debug("the outcome", &outcome);
        shown.json("the outcome's report", outcome.report());
        shown.json("the outcome, explained", &outcome.explain(&[]));
        shown.debug("what was read", outcome.info());
        let loaded = loader().load().unwrap_or_else(|report| panic!("{way:?}: {report}"));
        case.is_in(loaded.config());
        shown.debug("the configuration", loaded.config());
        shown.debug("what is loaded", &loaded);
        shown.json("the export", &loaded.export());
        shown.take("the export as text", loaded.export().to_text());
        shown.json("the values", &loaded.values());
        shown.take("the values as text", loaded.values().to_text());
        shown.json("the warnings", loaded.warnings());
        shown.take("the warnings as text", loaded.warnings().to_string());
        shown.debug("the budget", &loaded.budget());
        for explained in loaded.explain(&[]) {
            shown.take("an explanation", explained.to_string());
            shown.json("an explanation", &explained);
            if let Some(origin) = &explained.origin {
                shown.text("an origin", origin);
                shown.take("an origin, described", origin.describe());
            }
        }
        for secret in &case.secrets {
            shown.debug("one value's origin", &loaded.origin(secret.path.as_str()));
        }
        let (config, provenance) = loaded.split();
        shown.debug("the provenance", &provenance);
        shown.json("explained anew", &provenance.explain(&config, &[FieldPath::ROOT]));
        shown.is_silent(30);
    }
}

fn differences_show_no_secret<S: Subject>() {
    let case = Case::of::<S>("old");
    let other = case.again::<S>("new");
    let mut search = case.search();
    other.add_to(&mut search);
    let mut shown = crate::collection::Collection::new(search);
    let ((_old, old), (_new, new)) = (plain::<S>(&case), plain::<S>(&other));
    shown.json("differences of outcomes", &old.clone().read().changes_to(&new.clone().read()));
    let (old, new) = (old.load().unwrap(), new.load().unwrap());
    let changes = diff(old.config(), new.config());
    // A list is one change, whatever it holds.
    assert!(changes.len() * 2 >= case.free().count(), "{changes:?}");
    shown.json("the differences", &changes);
    for change in &changes {
        shown.json("before", &change.before());
        shown.json("after", &change.after());
    }
    shown.json("the export", &export(new.config()));
    shown.json("what the struct says of itself", &self_test::<S>());
    shown.debug("its variables", &variables(S::SCHEMA));
    shown.debug("its schema", S::SCHEMA);
    shown.is_silent(10);
}

/// A change that is being made: what a store will keep is sealed, and what is made of it shows nothing.
fn edits_show_no_secret<S: Subject>() {
    let case = Case::of::<S>("edits");
    let (_brought, loader) = plain::<S>(&case);
    let effective = loader.load().unwrap().values();
    let sealer = case.fernet();
    let patch = Value::from_serialize(&case.document());
    let mut shown = case.collection();
    for sealer in [Some(&*sealer as &dyn Sealer), None] {
        let mut edits = Edits::of::<S>(Value::Map(Vec::new()), &effective).sealed_by(sealer);
        edits.merge(&patch);
        for secret in &case.secrets {
            edits.set(&secret.path, Value::String(secret.given.clone()));
        }
        shown.debug("edits", &edits);
        let edited = edits.finish();
        shown.debug("what was edited", &edited);
        shown.json("what is wrong with it", &edited.report);
    }
    shown.json("a patch, checked", &check_patch::<S>(&case.document()));
    let layer = Layer::marked(LayerKind::Runtime, "a change", &patch, |_| None);
    shown.debug("a layer with it", &layer);
    shown.debug("a loader with it", &Loader::<S>::new().layer(layer));
    shown.is_silent(10);
}

for_every_system! {
    a_loaded_configuration_shows_no_secret;
    differences_show_no_secret;
    edits_show_no_secret;
}
