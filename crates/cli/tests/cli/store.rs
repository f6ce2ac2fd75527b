//! The commands over a store: what is written, its past, and the way back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use clap::Command;
use serde_json::{Value, json};
use strata_config::LayeredConfig;
use strata_config_cli::{ConfigCommand, Output, Status, Terminal};
use strata_config_reload::{Live, Preset};
use strata_config_store::{MemoryStore, Store, StoreError};

use crate::app::AppConfig;

/// Stores in memory that last as long as this, each by its address; `broken:` fails.
#[derive(Clone, Default)]
struct Stores(Arc<Mutex<BTreeMap<String, MemoryStore>>>);

impl Stores {
    fn open(&self, address: &str) -> Result<Arc<dyn Store>, StoreError> {
        if address == "broken:" {
            return Err(StoreError::other("the disk", "it is gone"));
        }
        Ok(Arc::new(self.0.lock().unwrap().entry(address.to_owned()).or_default().clone()))
    }

    /// Runs `config ARGS` as somebody.
    fn run(&self, args: &[&str]) -> Output {
        let stores = self.clone();
        let loader = || AppConfig::loader().text("app.toml", "name = 'file'\n").env_from([("APP_SHARE", "0.25")]);
        let busy = Preset::new("busy", "Many connections").set("db.pool_size", 32).set("timeout", "5s");
        let config = ConfigCommand::new(loader)
            .store("main:store")
            .open_stores(move |address| stores.open(address))
            .actor("ann")
            .presets([busy]);
        let args = ["app", "config"].iter().chain(args);
        match Command::new("app").subcommand(config.command("config")).try_get_matches_from(args) {
            Ok(matches) => config.execute(matches.subcommand().unwrap().1, Terminal::default()),
            Err(error) => Output { stdout: String::new(), stderr: error.to_string(), status: Status::Usage },
        }
    }

    fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!((output.status, output.stderr.as_str()), (Status::Success, ""), "{args:?}: {}", output.stdout);
        output.stdout
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }

    fn refused(&self, args: &[&str], part: &str) {
        let output = self.run(args);
        assert_eq!(output.status, Status::Invalid, "{args:?}: {output:?}");
        assert!(output.stderr.contains(part), "{part}: {}", output.stderr);
    }
}

#[test]
fn a_value_is_read_as_a_variable_says_it() {
    let stores = Stores::default();
    let text =
        stores.ok(&["set", "db.pool_size", "1_0", "debug", "on", "timeout", "5m", "labels.x", "y", "limit", "-3"]);
    assert_eq!(
        text,
        "debug: false -> true\ntimeout: 30s -> 5m\nlimit: null -> -3\ndb.pool_size: 8 -> 10 (restart)\n\
         labels.x: unset -> y\nstored as revision 1\n"
    );
    let values = stores.json(&["get", "db", "--store", "main:store"]);
    assert_eq!(values["pool_size"], json!(10));
    assert_eq!(stores.ok(&["get", "limit", "--store", "main:store"]), "-3\n");
}

#[test]
fn json_says_what_has_parts() {
    let stores = Stores::default();
    stores.ok(&["set", "cors", r#"["a"]"#, "tls", r#"{"cert": "c"}"#, "peers", r#"[{"host": "h"}]"#, "labels", "k=v"]);
    let get = |path: &str| stores.json(&["get", path, "--store", "main:store"]);
    assert_eq!(get("cors"), json!(["a"]));
    assert_eq!(get("tls"), json!({"cert": "c", "port": 443}));
    assert_eq!(get("peers"), json!([{"host": "h", "port": 80}]));
    assert_eq!(get("labels.k"), json!("v"));
    stores.ok(&["set", "name", "[not a list]"]);
    assert_eq!(get("name"), json!("[not a list]"));
}

#[test]
fn a_list_that_merges_is_stored_without_what_it_merges_with() {
    let stores = Stores::default();
    stores.ok(&["set", "cors", "b,c", "--set", "cors=a"]);
    assert_eq!(stores.json(&["get", "cors", "--store", "main:store"]), json!(["b", "c"]));
}

#[test]
fn a_mistake_stores_nothing_and_every_one_is_told() {
    let stores = Stores::default();
    let output = stores.run(&["set", "db.pool_size", "many", "debug", "maybe", "share", "0.5"]);
    assert_eq!(output.status, Status::Invalid);
    assert!(output.stderr.contains("db.pool_size") && output.stderr.contains("debug"), "{}", output.stderr);
    stores.refused(&["set", "db.pool_size", "999"], "rule.range");
    assert_eq!(stores.ok(&["history"]), "no changes\n");
}

#[test]
fn wrong_usage_is_told_without_values() {
    let stores = Stores::default();
    for args in [
        &["set", "db.url=CANARY", "x"][..],
        &["set", "name"],
        &["set", "name", "x", "debug"],
        &["set", "nothing", "CANARY"],
        &["unset", "db.prot"],
        &["history", "--since", "yesterday"],
        &["history", "--path", "nothing"],
        &["rollback", "first"],
        &["snapshot"],
        &["preset", "apply"],
    ] {
        let output = stores.run(args);
        assert_eq!(output.status, Status::Usage, "{args:?}: {output:?}");
        assert!(!output.stderr.is_empty() && !output.stderr.contains("CANARY"), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn a_secret_is_not_stored_and_not_shown() {
    let stores = Stores::default();
    for format in ["text", "json"] {
        let output = stores.run(&["set", "db.url", "CANARY", "--format", format]);
        assert_eq!(output.status, Status::Invalid);
        let said = output.stdout + &output.stderr;
        assert!(said.contains("secret.no_key") && !said.contains("CANARY"), "{said}");
    }
}

#[test]
fn what_a_change_did_has_the_documented_fields() {
    let stores = Stores::default();
    let answer = stores.json(&["set", "db.pool_size", "9", "share", "0.95"]);
    assert_eq!(answer["warnings"][0]["path"], json!("share"));
    let mut answer = answer;
    answer["warnings"] = json!([]);
    assert_eq!(
        answer,
        json!({
            "revision": 1,
            "stored": true,
            "dry_run": false,
            "replayed": false,
            "changes": [
                {"path": "share", "old": 0.25, "new": 0.95, "reload": "live"},
                {"path": "db.pool_size", "old": 8, "new": 9, "reload": "restart"},
            ],
            "pending": [{"path": "db.pool_size", "old": 8, "new": 9, "reload": "restart"}],
            "warnings": [],
        })
    );
}

#[test]
fn a_dry_run_says_what_would_be_and_stores_nothing() {
    let stores = Stores::default();
    stores.ok(&["set", "debug", "on"]);
    for args in [&["set", "debug", "off"][..], &["unset", "debug"], &["reset"], &["rollback", "0"]] {
        let text = stores.ok(&[args, &["--dry-run"]].concat());
        assert_eq!(
            text, "debug: true -> false\ndry run: nothing is stored, the store stays at revision 1\n",
            "{args:?}"
        );
    }
    stores.refused(&["set", "db.pool_size", "999", "--dry-run"], "rule.range");
    assert_eq!(stores.ok(&["get", "debug", "--store", "main:store"]), "true\n");
}

#[test]
fn a_change_may_depend_on_a_revision_and_is_made_once() {
    let stores = Stores::default();
    stores.ok(&["set", "debug", "on", "--request", "r1"]);
    stores.refused(&["set", "debug", "off", "--if-revision", "0"], "the store is at 1");
    let answer = stores.json(&["reset", "--if-revision", "7"]);
    assert_eq!(answer["error"]["code"], json!("conflict"));
    let again = stores.json(&["set", "debug", "off", "--request", "r1"]);
    assert_eq!((&again["replayed"], &again["stored"], &again["revision"]), (&json!(true), &json!(false), &json!(1)));
    stores.ok(&["set", "debug", "off", "--if-revision", "1"]);
}

#[test]
fn history_tells_who_what_and_why() {
    let stores = Stores::default();
    stores.ok(&["set", "db.pool_size", "9", "--reason", "the launch", "--tag", "big", "--request", "r1"]);
    stores.ok(&["set", "log", "debug", "debug", "on", "--actor", "bob"]);
    let text = stores.ok(&["history"]);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("revision 2  2") && lines[0].ends_with("Z  bob (cli)"), "{text}");
    assert_eq!(&lines[1..4], ["  debug  false -> true", "  log    info -> debug", ""]);
    assert!(lines[4].ends_with("  ann (cli): the launch [big] request r1"), "{text}");
    assert_eq!(lines[5], "  db.pool_size  8 -> 9 (restart)");

    let entry = &stores.json(&["history", "--limit", "1", "--tag", "big"])[0];
    assert_eq!(entry["reason"], json!("the launch"));
    assert_eq!(entry["changes"], json!([{"path": "db.pool_size", "old": 8, "new": 9, "reload": "restart"}]));
    assert!(entry.get("documents").is_none() && entry["hash"].as_str().unwrap().len() == 64);
    for (filter, revisions) in [
        (&["--actor", "bob"][..], json!([2])),
        (&["--path", "db"], json!([1])),
        (&["--limit", "1"], json!([2])),
        (&["--since", "2020-01-01"], json!([2, 1])),
        (&["--until", "2020-01-01"], json!([])),
    ] {
        let found = stores.json(&[&["history"], filter].concat());
        let found: Vec<Value> = found.as_array().unwrap().iter().map(|entry| entry["revision"].clone()).collect();
        assert_eq!(json!(found), revisions, "{filter:?}");
    }
}

#[test]
fn a_store_is_read_only_where_it_is_named_and_shows_who_set_what() {
    let stores = Stores::default();
    stores.ok(&["set", "name", "stored", "--reason", "the launch"]);
    assert_eq!(stores.ok(&["get", "name"]), "file\n");
    assert_eq!(stores.ok(&["get", "name", "--store", "main:store"]), "stored\n");
    let answer = stores.json(&["explain", "name", "--store", "main:store"]);
    assert_eq!(answer["revision"], json!(1));
    let value = &answer["values"][0];
    let at = value["origin"]["at"].as_str().unwrap();
    assert_eq!(value["origin"]["layer"], json!("runtime"));
    assert!(at.starts_with("ann 2") && at.ends_with('Z'), "{at}");
    assert_eq!(value["shadows"][0], json!({"layer": "file", "at": "app.toml:1:8", "value": "file"}));
    assert_eq!(
        (&value["last_change"]["actor"], &value["last_change"]["revision"], &value["last_change"]["reason"]),
        (&json!("ann"), &json!(1), &json!("the launch"))
    );
    let card = stores.ok(&["explain", "name", "--store", "main:store"]);
    assert!(card.contains("  changed   by ann (cli) at 2") && card.ends_with("revision 1: the launch\n"), "{card}");
    assert!(stores.ok(&["export", "--store", "main:store"]).contains("name = \"stored\""));
    assert!(stores.ok(&["check", "--store", "main:store"]).starts_with("configuration is valid"));
}

#[test]
fn a_snapshot_is_a_way_back() {
    let stores = Stores::default();
    assert_eq!(stores.ok(&["snapshot", "list"]), "no snapshots\n");
    stores.ok(&["set", "debug", "on"]);
    let created = stores.json(&["snapshot", "create", "--description", "good", "--tag", "a", "--tag", "b"]);
    let id = created["id"].as_str().unwrap();
    assert_eq!((&created["revision"], &created["tags"]), (&json!(1), &json!(["a", "b"])));
    stores.ok(&["set", "debug", "off"]);
    assert_eq!(stores.ok(&["snapshot", "rollback", id]), "debug: false -> true\nstored as revision 3\n");
    let list = stores.ok(&["snapshot", "list"]);
    assert!(list.starts_with("ID            REVISION  TIME"), "{list}");
    assert!(list.contains(&format!("{id}  1         2")) && list.contains("ann    a, b  good\n"), "{list}");
    assert_eq!(stores.json(&["snapshot", "delete", id]), json!({ "deleted": id }));
    stores.refused(&["snapshot", "delete", id], "there is no snapshot");
    stores.refused(&["snapshot", "rollback", id], "there is no snapshot");
    stores.refused(&["rollback", "99"], "there is no revision 99");
}

#[test]
fn a_backup_restores_into_another_store() {
    let (stores, folder) = (Stores::default(), tempfile::tempdir().unwrap());
    stores.ok(&["set", "debug", "on"]);
    stores.ok(&["snapshot", "create"]);
    let file = folder.path().join("backup.json");
    let file = file.to_str().unwrap();
    assert_eq!(stores.ok(&["backup", file]), format!("wrote 1 revision and 1 snapshot to {file}\n"));
    assert_eq!(stores.ok(&["backup"]), std::fs::read_to_string(file).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the backup");
    assert_eq!(stores.ok(&["restore", file, "--store", "other:store"]), "debug: false -> true\nstored as revision 2\n");
    assert_eq!(stores.ok(&["verify", "--store", "other:store"]), "the store is intact: 2 revisions, 1 snapshot\n");
    let verified = stores.json(&["verify", "--store", "other:store"]);
    assert_eq!(verified, json!({"intact": true, "from": 0, "entries": 2, "snapshots": 1, "damages": []}));

    let damaged = std::fs::read_to_string(file).unwrap().replace("ann", "eve");
    std::fs::write(file, damaged).unwrap();
    stores.refused(&["restore", file], "is no backup to restore");
    stores.refused(&["restore", "/nowhere/at/all"], "can't be read");
}

#[test]
fn presets_are_listed_and_applied_as_one_change() {
    let (stores, folder) = (Stores::default(), tempfile::tempdir().unwrap());
    let file = folder.path().join("presets.yaml");
    std::fs::write(&file, "calm:\n  description: Few connections\n  values:\n    db: {pool_size: 2}\n").unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(
        stores.ok(&["preset", "list", "--presets", file]),
        "NAME  WOULD BE   DESCRIPTION\nbusy  2 changes  Many connections\ncalm  1 change   Few connections\n"
    );
    stores.ok(&["preset", "apply", "calm", "--presets", file]);
    assert_eq!(stores.json(&["history"])[0]["reason"], json!("preset calm"));
    stores.ok(&["preset", "apply", "busy"]);
    let busy = &stores.json(&["preset", "list"])[0];
    assert_eq!((&busy["valid"], &busy["changes"]), (&json!(true), &json!([])));
    assert_eq!(busy["values"], json!({"db": {"pool_size": 32}, "timeout": "5s"}));
    stores.refused(&["preset", "apply", "none"], "there is no preset `none`");
}

#[test]
fn a_mistake_in_a_file_of_presets_has_its_place() {
    let (stores, folder) = (Stores::default(), tempfile::tempdir().unwrap());
    let file = folder.path().join("presets.toml");
    let text = "[calm]\ndescripton = \"x\"\nvalues.db.pool_size = 99\n\n[loud]\nvalues.nam = \"x\"\n\n[odd]\n";
    std::fs::write(&file, text).unwrap();
    let output = stores.run(&["preset", "list", "--presets", file.to_str().unwrap()]);
    assert_eq!(output.status, Status::Invalid);
    for part in ["presets.toml:2:1", "presets.toml:3:23", "presets.toml:6:8", "did you mean `name`", "odd.values"] {
        assert!(output.stderr.contains(part), "{part}: {}", output.stderr);
    }
}

#[test]
fn a_store_that_fails_is_told() {
    let stores = Stores::default();
    for args in [&["explain"][..], &["check"], &["get", "name"], &["export"], &["history"], &["reset"], &["verify"]] {
        let args = [args, &["--store", "broken:"]].concat();
        stores.refused(&args, "the store can't be used: the disk: it is gone");
        let error = &stores.json(&args)["error"];
        assert_eq!(error["code"], json!("store"), "{args:?}");
        assert!(error["message"].as_str().unwrap().contains("it is gone"));
    }
    stores.refused(&["explain", "--store", "file:nowhere"], "there is no store at `file:nowhere`");
}

#[test]
fn reading_a_store_that_was_never_written_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("store");
    let config = ConfigCommand::new(AppConfig::loader).store(address.to_str().unwrap());
    let run = |args: &[&str]| {
        let args = ["app", "config"].iter().chain(args);
        let matches = Command::new("app").subcommand(config.command("config")).get_matches_from(args);
        config.execute(matches.subcommand().unwrap().1, Terminal::default())
    };
    for args in [&["history"][..], &["snapshot", "list"], &["verify"], &["backup"], &["preset", "list"]] {
        assert_eq!(run(args).status, Status::Success, "{args:?}");
        assert!(!address.exists(), "{args:?}");
    }
    assert_eq!(run(&["set", "debug", "on"]).status, Status::Success);
    assert!(address.exists());
    assert_eq!(run(&["verify"]).stdout, "the store is intact: 1 revision, 0 snapshots\n");
}

#[test]
fn watch_tells_each_change_as_it_happens() {
    let stores = Stores::default();
    for format in ["text", "json"] {
        let watching = {
            let stores = stores.clone();
            std::thread::spawn(move || stores.ok(&["watch", "--limit", "1", "--format", format]))
        };
        let mut count = 8;
        while !watching.is_finished() {
            count = if count == 8 { 9 } else { 8 };
            stores.ok(&["set", "db.pool_size", &count.to_string(), "--reason", "why"]);
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        let said = watching.join().unwrap();
        if format == "text" {
            assert!(said.contains("by ann  db.pool_size: ") && said.lines().count() == 1, "{said}");
        } else {
            let line: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(
                (&line["kind"], &line["actor"], &line["reason"]),
                (&json!("committed"), &json!("ann"), &json!("why"))
            );
            assert_eq!(line["changes"][0]["path"], json!("db.pool_size"));
        }
    }
}

#[test]
fn what_an_older_program_stored_and_this_one_refuses_is_mended_by_the_commands() {
    #[derive(LayeredConfig)]
    struct Older {
        #[config(default = true)]
        debug: bool,
        #[config(nested)]
        db: OlderDb,
    }
    #[derive(LayeredConfig)]
    struct OlderDb {
        #[config(default = 8)]
        pool_size: u32,
    }
    let stores = Stores::default();
    let live = Live::of(Older::loader()).store(stores.open("main:store").unwrap()).open().unwrap();
    live.set("db.pool_size", 1_000, "ann").unwrap();
    assert!(live.get().debug && live.get().db.pool_size == 1_000);

    stores.refused(&["set", "debug", "on"], "db.pool_size");
    stores.refused(&["explain", "--store", "main:store"], "db.pool_size");
    assert!(stores.ok(&["unset", "db.pool_size"]).contains("stored as revision 2"));
    stores.ok(&["explain", "--store", "main:store"]);
}
