//! What one process alone has: above the store, and not in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use strata_config::{LayerKind, LayeredConfig};
use strata_config_reload::{Live, Point};
use strata_config_store::{HistoryQuery, MemoryStore, Store};

use crate::db::Db;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    threads: u32,
    #[config(default = "info")]
    log: String,
    #[config(default = [])]
    labels: BTreeMap<String, u32>,
    note: Option<String>,
    #[config(nested, alias = "database")]
    db: Db,
}

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn open(store: &Arc<dyn Store>) -> Live<Config> {
    Live::of(Config::loader().text("app.toml", "log = \"warn\"\n")).store(Arc::clone(store)).open().unwrap()
}

#[test]
fn what_this_process_alone_has_is_above_the_store_and_not_in_it() {
    let store = store();
    let live = open(&store);
    let mut events = live.changes();
    live.update(&json!({"db": {"most": 9}, "labels": {"a": 1}}), "ann").unwrap();
    let applied = live.update_here(&json!({"db": {"most": 20}, "labels": {"b": 2}, "threads": 3}), "bob").unwrap();
    assert_eq!((applied.revision, applied.entry, applied.changes.len()), (1, None, 3));
    let config = live.get();
    assert_eq!((config.db.most, config.threads, config.labels.len()), (20, 3, 2));
    let explained = &live.version().explain(&[strata_config::FieldPath::parse("db.most").unwrap()])[0];
    let origin = explained.origin.clone().unwrap();
    assert!(origin.layer == LayerKind::Program && origin.at.starts_with("bob 2"), "{origin}");
    assert_eq!(explained.shadows[0].origin.layer, LayerKind::Runtime);
    assert_eq!((live.history(&HistoryQuery::default()).unwrap().len(), open(&store).get().db.most), (1, 9));
    assert_eq!(std::iter::from_fn(|| events.next_within(Duration::ZERO)).count(), 2);
    for wrong in [json!({"threads": 100}), json!({"prot": 1}), json!({"db": {"least": 21}})] {
        assert!(live.update_here(&wrong, "bob").unwrap_err().is_invalid(), "{wrong}");
    }
    assert_eq!(live.get().threads, 3);
}

#[test]
fn a_stored_change_takes_the_place_of_what_this_process_alone_has() {
    let live = open(&store());
    let here = json!({"db": {"most": 20}, "threads": 3, "log": "debug", "note": "x"});
    live.update_here(&here, "bob").unwrap();
    // Even one that changes nothing in the store, such as this.
    assert_eq!(live.update(&json!({"threads": null}), "ann").unwrap().entry, None);
    live.update(&json!({"note": null}), "ann").unwrap();
    assert_eq!((live.get().threads, live.get().note.as_deref(), live.get().db.most), (8, None, 20));
    live.set("db.most", 5, "ann").unwrap();
    assert_eq!((live.get().db.most, live.get().log.as_str()), (5, "debug"));
    live.update_here(&json!({"log": null}), "bob").unwrap();
    assert_eq!(live.get().log, "warn");
    live.update_here(&here, "bob").unwrap();
    live.rollback(&Point::Revision(1), "ann").unwrap();
    assert_eq!((live.get().db.most, live.get().log.as_str()), (4, "warn"));
    live.update_here(&here, "bob").unwrap();
    live.reset("ann").unwrap();
    assert_eq!((live.get().threads, live.get().log.as_str()), (8, "warn"));
}

#[test]
fn a_stored_change_may_name_a_setting_by_its_alias() {
    let live = open(&store());
    live.update_here(&json!({"database": {"most": 20}}), "bob").unwrap();
    live.update(&json!({"database": {"most": 9}}), "ann").unwrap();
    assert_eq!(live.get().db.most, 9);
}

#[test]
fn a_veto_is_asked_for_this_process_too() {
    let live = open(&store());
    live.veto("the board", |proposal| if proposal.desired.threads > 4 { Err("four cores".into()) } else { Ok(()) });
    assert!(live.update_here(&json!({"threads": 5}), "bob").unwrap_err().is_vetoed());
    assert_eq!(live.get().threads, 8);
}
