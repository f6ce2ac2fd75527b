//! A user's own profiles: what they take over, and every mistake with its place.

use std::time::Duration;

use proptest::prelude::*;
use strata_config::{LayeredConfig, Report, Secret};
use strata_config_core::{Bound, Limits, Profile, Value};
use strata_config_pi_profile::{Choice, Profiles};

use super::machine::board;
use super::profiles::{limits, mib};

#[derive(LayeredConfig, Debug)]
struct Config {
    #[config(default = "info")]
    level: String,
    #[config(default = "30s")]
    timeout: Duration,
    #[config(nested)]
    db: Database,
}

#[derive(LayeredConfig, Debug)]
struct Database {
    #[config(default = 8, resource = "connections", validate(range(max = 64)))]
    pool_size: u16,
    #[config(default = 0.5)]
    share: f64,
    #[config(secret, default = "")]
    password: Secret<String>,
}

fn parse(text: &str) -> Profiles {
    Profiles::parse::<Config>("profiles.toml", text).unwrap_or_else(|report| panic!("{report}"))
}

fn on(text: &str, choice: &str, fixture: &str) -> Profile {
    let chosen = parse(text).choose(&choice.parse().unwrap(), &board(fixture), Config::SCHEMA).unwrap();
    chosen.profile.unwrap()
}

fn refuse(text: &str) -> Vec<(String, String, String, Option<String>)> {
    let report: Report = Profiles::parse::<Config>("p.toml", text).unwrap_err();
    report
        .errors()
        .map(|error| (error.code.to_owned(), error.at().to_owned(), error.message.clone(), error.help.clone()))
        .collect()
}

fn setting(profile: &Profile, path: &str) -> Limits {
    profile.settings().find(|(known, _)| *known == path).map(|(_, limits)| *limits).unwrap_or_default()
}

const KIOSK: &str = "
[kiosk]
description = \"The ticket machines\"
extends = \"pi-zero-2w\"
memory = \"512MiB\"
ceiling = \"300MiB\"
resources.connections = { default = 20, max = 50, hard = true }
limits.\"db.pool_size\" = { max = 4, hard = true }
limits.timeout = { min = 5, max = 60.5 }
defaults.level = \"warn\"
defaults.db.pool_size = 2

[small_kiosk]
extends = \"kiosk\"
ceiling = \"200MiB\"
resources.connections.max = 25
limits.\"db.pool_size\".max = 3
defaults.db.share = 0.25
";

#[test]
fn a_profile_says_memory_limits_and_defaults() {
    let profile = on(KIOSK, "kiosk", "laptop");
    assert_eq!((profile.name(), profile.bases()), ("kiosk", &["pi_zero_2w".to_owned()][..]));
    assert_eq!(profile.memory(), mib(512, 300));
    let connections = Limits { default: Some(Bound::Int(20)), min: None, max: Some(Bound::Int(50)), hard: true };
    assert_eq!(limits(&profile, "connections"), connections);
    // What it does not say is the built-in profile's, for its own memory.
    assert_eq!(limits(&profile, "memory_mb").max, Some(Bound::Int(300)));
    assert_eq!(limits(&profile, "threads").default, Some(Bound::Int(4)));
    assert_eq!(setting(&profile, "db.pool_size").max, Some(Bound::Int(4)));
    assert_eq!(setting(&profile, "timeout").max, Some(Bound::Float(60.5)));
    let values = Value::of_document(profile.layer().unwrap().document());
    assert_eq!(values.to_text(), r#"{"level":"warn","db":{"pool_size":2}}"#);
    assert_eq!(parse(KIOSK).description("kiosk"), Some("The ticket machines"));
}

#[test]
fn a_loader_takes_a_profile_with_its_defaults_limits_and_memory() {
    let loaded = Config::loader().profile(on(KIOSK, "kiosk", "laptop")).load().unwrap();
    assert_eq!((loaded.config().level.as_str(), loaded.config().db.pool_size), ("warn", 2));
    assert_eq!(loaded.origin("level").unwrap().origin.unwrap().at, "kiosk");
    assert_eq!(loaded.budget().memory, mib(512, 300));
    let refused = Config::loader().profile(on(KIOSK, "kiosk", "laptop")).set("db.pool_size", "5").load().unwrap_err();
    assert_eq!(refused.errors().map(|error| error.code).collect::<Vec<_>>(), ["rule.profile"]);
    for name in ["unlimited", "edge"] {
        Config::loader().profile(on("[edge]", name, "laptop")).load().unwrap();
    }
}

#[test]
fn a_profile_takes_over_what_it_does_not_say() {
    let profile = on(KIOSK, "Small-Kiosk", "laptop");
    assert_eq!(profile.bases(), ["kiosk", "pi_zero_2w"]);
    assert_eq!(profile.memory(), mib(512, 200));
    let connections = Limits { default: Some(Bound::Int(20)), min: None, max: Some(Bound::Int(25)), hard: true };
    assert_eq!(limits(&profile, "connections"), connections);
    assert_eq!(setting(&profile, "db.pool_size"), Limits { max: Some(Bound::Int(3)), hard: true, ..Limits::default() });
    let values = Value::of_document(profile.layer().unwrap().document());
    assert_eq!(values.to_text(), r#"{"db":{"share":0.25,"pool_size":2},"level":"warn"}"#);
}

#[test]
fn a_profile_of_nothing_has_what_it_says() {
    let profile = on("[edge]\nmemory = \"64MiB\"", "edge", "zero_2w");
    assert_eq!((profile.memory(), profile.bases().len()), (mib(64, 56), 0));
    assert!(profile.resources().all(|(_, limits)| *limits == Limits::default()));
}

#[test]
fn the_name_of_a_built_in_profile_changes_that_one_also_where_auto_chooses_it() {
    for text in ["[pi_4]\nresources.connections.max = 9", "[Pi-4]\nextends = \"pi_4\"\nresources.connections.max = 9"] {
        let profile = on(text, "auto", "pi_4_8gb_limited");
        assert_eq!((profile.name(), profile.memory()), ("pi_4", mib(192, 168)));
        assert_eq!(limits(&profile, "connections").max, Some(Bound::Int(9)));
        assert_eq!(limits(&profile, "memory_mb").max, Some(Bound::Int(168)));
    }
}

#[test]
fn a_profile_that_extends_the_boards_own_has_the_boards_memory() {
    let profile = on("[edge]\nextends = \"pi_5\"", "edge", "pi_5");
    assert_eq!(profile.memory(), mib(8192, 7680));
}

#[test]
fn several_files_may_extend_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one.yaml"), folder.path().join("two.json"));
    std::fs::write(&one, "edge:\n  extends: base\n  limits:\n    db.pool_size: {max: 3, hard: yes}\n").unwrap();
    std::fs::write(&two, r#"{"base": {"memory": "1GiB", "limits": {"db.pool_size": {"min": 1}}}}"#).unwrap();
    let refused = Profiles::read::<Config>([&*one, &*two]).unwrap_err();
    assert_eq!(refused.findings()[0].message, "`hard` is true or false");
    std::fs::write(&one, "edge:\n  extends: base\n  limits:\n    db.pool_size: {max: 3, hard: true}\n").unwrap();
    let profiles = Profiles::read::<Config>([&*one, &*two]).unwrap();
    let chosen = profiles.choose(&Choice::Named("edge".into()), &board("laptop"), Config::SCHEMA).unwrap();
    let profile = chosen.profile.unwrap();
    assert_eq!(profile.memory(), mib(1024, 896));
    let limits = Limits { default: None, min: Some(Bound::Int(1)), max: Some(Bound::Int(3)), hard: true };
    assert_eq!(setting(&profile, "db.pool_size"), limits);
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let found = refuse(
        "auto = {}
edge = 3
[one]
extend = 'pi_3'
memory = '1 parsec'
ceiling = 0
resources.conections = { max = 1 }
resources.threads = { max = 1.5, hard = 'yes', maximum = 4 }
resources.memory_mb = 4
limits.'db.pool_sise' = { max = 1 }
limits.db.pool_size = { max = 4 }
limits.level = { max = 1 }
limits.'db.pool_size' = { default = 100 }
limits.timeout = { min = 9, max = 3 }
limits.'a..b' = {}
defaults.levle = 'warn'
defaults.db.pool_size = 'many'
defaults.timeout = 'soon'
",
    );
    let brief: Vec<(&str, &str)> = found.iter().map(|(code, at, ..)| (&**code, &**at)).collect();
    assert_eq!(
        brief,
        [
            ("value.choice", "p.toml:1:1"),
            ("value.type", "p.toml:2:8"),
            ("key.unknown", "p.toml:4:1"),
            ("value.type", "p.toml:5:10"),
            ("value.type", "p.toml:6:11"),
            ("key.unknown", "p.toml:7:11"),
            ("value.type", "p.toml:8:29"),
            ("value.type", "p.toml:8:41"),
            ("key.unknown", "p.toml:8:48"),
            ("value.type", "p.toml:9:23"),
            ("key.unknown", "p.toml:10:8"),
            ("key.unknown", "p.toml:11:8"),
            ("value.type", "p.toml:12:8"),
            ("rule.range", "p.toml:13:25"),
            ("rule.cross_field", "p.toml:14:18"),
            ("key.unknown", "p.toml:15:8"),
            ("key.unknown", "p.toml:16:10"),
            ("value.type", "p.toml:17:25"),
            ("value.type", "p.toml:18:20"),
        ],
        "{found:#?}"
    );
    let help = |line: usize| found[line].3.as_deref().unwrap_or_default();
    assert_eq!(help(2), "did you mean `extends`?");
    assert_eq!(help(5), "did you mean `connections`?");
    assert_eq!(help(10), "did you mean `db.pool_size`?");
    assert_eq!(help(11), "quote the whole path: limits.\"db.name\" = { max = 8 }");
}

#[test]
fn a_ceiling_above_its_memory_is_refused() {
    let found = refuse("[edge]\nmemory = '64MiB'\nceiling = '65MiB'");
    assert_eq!((&*found[0].0, &*found[0].1), ("rule.cross_field", "p.toml:3:11"));
}

#[test]
fn a_profile_to_extend_that_there_is_not_is_refused_with_the_nearest() {
    let found = refuse("[edge]\nextends = 'pi_zero2w'");
    assert_eq!((&*found[0].0, &*found[0].1), ("profile.unknown", "p.toml:2:11"));
    assert_eq!(found[0].3.as_deref(), Some("did you mean `pi_zero_2w`?"));
}

#[test]
fn a_circle_is_refused_with_its_way() {
    let found =
        refuse("[a]\nextends = 'b'\n[b]\nextends = 'c'\n[c]\nextends = 'a'\n[d]\nextends = 'a'\n[e]\nextends='e'");
    let ways: Vec<&str> = found.iter().map(|(_, _, message, _)| &**message).collect();
    assert_eq!(
        ways,
        [
            "the profile extends itself: a → b → c → a",
            "the profile extends itself: b → c → a → b",
            "the profile extends itself: c → a → b → c",
            "the profile extends itself: e → e",
        ]
    );
}

#[test]
fn two_profiles_of_one_name_are_refused() {
    let found = refuse("[edge-one]\n[Edge_One]");
    assert_eq!((&*found[0].0, &*found[0].1), ("key.duplicate_name", "p.toml:2:2"));
}

#[test]
fn a_secret_has_no_place_in_a_profile_and_is_not_shown() {
    let report = Profiles::parse::<Config>("p.toml", "[edge]\ndefaults.db.password = 'hunter2'").unwrap_err();
    assert_eq!(report.findings()[0].code, "secret.no_key");
    assert!(!report.to_string().contains("hunter2"));
}

#[test]
fn a_text_that_is_no_document_is_refused_as_any_other() {
    assert_eq!(refuse("[edge")[0].0, "document.syntax");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_what_is_read_makes_profiles(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "[a]\n", "[b]\n", "[pi_3]\n", "extends = 'a'\n", "extends = 'b'\n", "extends = 'pi_3'\n", "memory = '1GiB'\n",
            "memory = 1\n", "ceiling = '2TiB'\n", "resources.threads = { max = 0 }\n", "limits.timeout = { max = -1.5 }\n",
            "limits.'db.pool_size' = { default = 9_9 }\n", "defaults.level = 'x'\n", "defaults = 1\n", "[a.defaults.db]\n",
            "pool_size = 3\n", "x", "\0", "=",
        ]), 0..10)
    ) {
        if let Ok(profiles) = Profiles::parse::<Config>("p.toml", &pieces.concat()) {
            for name in profiles.names(Config::SCHEMA) {
                let chosen = profiles.choose(&Choice::Named(name.clone()), &Default::default(), Config::SCHEMA).unwrap();
                let profile = chosen.profile.unwrap();
                prop_assert_eq!(profile.name(), name);
                prop_assert!(profile.memory().is_none_or(|memory| memory.ceiling <= memory.total));
            }
        }
    }
}

#[test]
fn limits_that_leave_no_value_are_refused() {
    let told =
        |text: &str| refuse(text).into_iter().map(|(code, at, message, _)| (code, at, message)).collect::<Vec<_>>();
    let range = |at: &str, message: &str| ("rule.range".to_owned(), at.to_owned(), message.to_owned());
    assert_eq!(
        told("[a.limits]\n\"db.pool_size\" = { max = -1 }\n[b.limits]\n\"db.pool_size\" = { min = 65 }\n"),
        [
            range("p.toml:2:18", "`max` leaves no value: `db.pool_size` is at least 0"),
            range("p.toml:4:18", "`min` leaves no value: `db.pool_size` is at most 64"),
        ]
    );
    assert_eq!(
        told("[a.resources]\nthreads = { max = -1 }\ncache_entries = { max = 0 }\n"),
        [range("p.toml:2:11", "`max` of a class is a number of things: 0 or more")]
    );
    // Looser limits than the setting's own rules do no harm.
    parse("[a.limits]\n\"db.pool_size\" = { min = 0, max = 1000 }\ntimeout = { max = 0 }\n");
}
