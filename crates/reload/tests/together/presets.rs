//! Presets: what applying one does, and what is told of one that can't be applied.

use std::collections::BTreeMap;

use strata_config::report::code;
use strata_config::{LayeredConfig, Secret};
use strata_config_reload::{Actor, DynLive, Live, Preset};
use strata_config_store::HistoryQuery;

use crate::db::Db;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Config {
    #[config(default = 8, validate(range(min = 1, max = 64)), alias = "workers")]
    threads: u32,
    #[config(default = [], merge = "append")]
    hosts: Vec<String>,
    #[config(default = [("a", 1)])]
    labels: BTreeMap<String, u32>,
    #[config(secret)]
    token: Option<Secret<String>>,
    #[config(nested)]
    db: Db,
    #[config(nested)]
    peers: Vec<Peer>,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Peer {
    host: String,
    #[config(default = 80)]
    port: u16,
}

fn live(presets: impl IntoIterator<Item = Preset>) -> Live<Config> {
    Live::of(Config::loader().text("app.toml", "hosts = ['own']\n")).presets(presets).open().unwrap()
}

fn read(name: &str, text: &str) -> Vec<Preset> {
    Preset::parse::<Config>(name, text).unwrap()
}

#[test]
fn a_preset_is_applied_as_one_change_whose_reason_names_it() {
    let live = live([Preset::new("big", "").set("threads", 64).set("db.most", 40)]);
    live.apply_preset("big", "ann").unwrap();
    assert_eq!((live.get().threads, live.get().db.most), (64, 40));
    let history = live.history(&HistoryQuery::default()).unwrap();
    assert_eq!((history.len(), history[0].reason.as_deref()), (1, Some("preset big")));
    live.set("threads", 1, "ann").unwrap();
    live.apply_preset("big", Actor::new("ann").because("the launch")).unwrap();
    assert_eq!(live.history(&HistoryQuery::newest(1)).unwrap()[0].reason.as_deref(), Some("the launch"));
}

#[test]
fn a_preset_that_is_wrong_changes_nothing() {
    let live =
        live([Preset::new("wrong", "").set("db.most", 40).set("threads", 99), Preset::new("odd", "").set("thread", 1)]);
    for name in ["wrong", "odd"] {
        assert!(!live.validate_preset(name).unwrap().report.is_valid());
        assert!(live.apply_preset(name, "ann").unwrap_err().is_invalid());
    }
    assert_eq!((live.get().db.most, live.version().revision()), (4, 0));
    assert!(live.apply_preset("none", "ann").unwrap_err().is_missing());
}

#[test]
fn every_format_says_the_same() {
    let toml = "[big]\ndescription = 'Much'\nvalues = { workers = 9, hosts = ['x'], labels = { b = 2 }, peers = [{ host = 'h' }] }\n";
    let yaml = "big:\n  description: Much\n  values:\n    threads: 9\n    hosts: [x]\n    labels: {b: 2}\n    peers: [{host: h}]\n";
    let json = r#"{"big": {"description": "Much", "values": {"threads": 9, "hosts": ["x"], "labels": {"b": 2}, "peers": [{"host": "h"}]}}}"#;
    for (name, text) in [("p.toml", toml), ("p.yaml", yaml), ("p.json", json)] {
        let live = live(read(name, text));
        assert_eq!(live.presets()[0].description(), "Much");
        live.apply_preset("big", "ann").unwrap();
        let config = live.get();
        assert_eq!(config.threads, 9, "{name}");
        assert_eq!(config.hosts, ["x"], "{name}");
        assert_eq!(config.labels.get("b"), Some(&2), "{name}");
        assert_eq!(config.peers, [Peer { host: "h".to_owned(), port: 80 }], "{name}");
    }
}

#[test]
fn mistakes_in_a_file_have_their_places() {
    let text = "[a]\nvalues = { threads = 99, treads = 1 }\n\n[b]\nabout = 'x'\nvalues = 1\n\n[c]\ndescription = 1\n";
    let report = Preset::parse::<Config>("p.toml", text).unwrap_err();
    let told: Vec<(&str, &str)> = report.errors().map(|finding| (finding.code, finding.at())).collect();
    for expected in [
        (code::RANGE, "p.toml:2:22"),
        (code::UNKNOWN_KEY, "p.toml:2:26"),
        (code::UNKNOWN_KEY, "p.toml:5:1"),
        (code::TYPE, "p.toml:6:10"),
        (code::TYPE, "p.toml:9:15"),
        (code::MISSING, "p.toml:8:2"),
    ] {
        assert!(told.contains(&expected), "{expected:?} is not in {told:?}");
    }
    assert_eq!(told.len(), 6, "{told:?}");
    let report = Preset::parse::<Config>("p.toml", "[a\n").unwrap_err();
    assert_eq!(report.errors().next().unwrap().code, code::SYNTAX);
}

#[test]
fn a_secret_is_no_part_of_a_preset() {
    let report = Preset::parse::<Config>("p.toml", "[a]\nvalues.token = 'CANARY'\n").unwrap_err();
    assert_eq!(report.errors().next().unwrap().code, code::SECRET_NO_KEY);
    assert!(!report.to_string().contains("CANARY"));
    let preset = Preset::new("a", "").set("token", "CANARY");
    assert!(!format!("{preset:?}").contains("CANARY"));
    assert!(live([preset]).apply_preset("a", "ann").unwrap_err().is_invalid());
}

#[test]
fn what_only_the_whole_shows_is_told_with_the_presets_places() {
    let live = live(read("p.toml", "[a]\nvalues.db.least = 9\n"));
    let report = live.validate_preset("a").unwrap().report;
    let finding = report.errors().next().unwrap();
    assert_eq!((finding.code, finding.at()), (code::CROSS_FIELD, "p.toml:2:19"));
}

#[test]
fn a_later_preset_takes_the_name_of_an_earlier_one() {
    let live = live([Preset::new("a", "old"), Preset::new("b", ""), Preset::new("a", "new")]);
    let names: Vec<_> = live.presets().iter().map(|preset| (preset.name(), preset.description())).collect();
    assert_eq!(names, [("b", ""), ("a", "new")]);
    let dynamic: &dyn DynLive = &live;
    assert_eq!(dynamic.presets().len(), 2);
    assert!(dynamic.apply_preset("b", Actor::new("ann")).is_ok());
}

#[test]
fn a_change_that_is_only_tried_stores_nothing() {
    let live = live([Preset::new("big", "").set("threads", 64)]);
    let mut events = live.events();
    let tried = live.apply_preset("big", Actor::new("ann").dry_run()).unwrap();
    assert_eq!((tried.changes.len(), tried.revision, tried.entry.is_some()), (1, 0, false));
    assert_eq!((live.get().threads, live.version().revision()), (8, 0));
    assert!(events.next_within(std::time::Duration::ZERO).is_none());
    live.veto("no", |_| Err("no".to_owned()));
    assert!(live.set("threads", 9, Actor::new("ann").dry_run()).unwrap_err().is_vetoed());
}
