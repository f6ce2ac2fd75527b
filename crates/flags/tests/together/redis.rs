//! Flags that live in Redis, read from a real server.
// long because one server and what it is made to do serve every test of the source.
#![cfg(feature = "redis")]

mod server;

use std::time::Duration;

use serde_json::json;
use strata_config_flags::model::{Definitions, Share};
use strata_config_flags::redis::{RedisSettings, RedisSource, StoredFlag};
use strata_config_flags::{Context, FlagSet, Flags, Reason};

use server::{Server, WAIT, eventually};

/// Longer than any test: what is seen in time was not seen by polling.
const NEVER: Duration = Duration::from_secs(3_600);

fn settings(server: &Server) -> RedisSettings {
    let longest_pause = Duration::from_millis(200);
    RedisSettings { poll: Duration::from_millis(20), longest_pause, ..RedisSettings::new(server.url()) }
}

/// Follows a server from the time on when its flags have been read.
fn follow(flags: &Flags, settings: RedisSettings) -> RedisSource {
    let source = RedisSource::start(flags, settings).unwrap();
    assert!(source.wait_until_read(WAIT), "{}", source.status());
    source
}

fn configured(flags: serde_json::Value) -> Flags {
    let definitions: Definitions = serde_json::from_value(json!({ "flags": flags })).unwrap();
    Flags::new(FlagSet::new(definitions).unwrap())
}

fn is_on(flags: &Flags, key: &str, user: &str) -> bool {
    flags.bool(key, &Context::of(user), false)
}

fn share(flags: &Flags, key: &str) -> usize {
    (0..1_000).filter(|unit| is_on(flags, key, &unit.to_string())).count()
}

#[ignore = "needs redis-server"]
#[test]
fn the_seeds_keys_are_read_and_win_over_the_configuration() {
    let server = Server::start();
    server
        .put("feature_flag:new_dashboard", r#"{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 25}"#);
    server.put("feature_flag:beta_api", r#"{"enabled": false, "user_whitelist": [], "percentage_rollout": null}"#);
    server.put("feature_flag:payment_v2", r#"{"enabled": true, "percentage_rollout": 0}"#);
    server.put(
        "feature_flag:full",
        r#"{"rules": [{"when": {"attribute": "plan", "op": "in", "values": ["gold"]}, "serve": "on"}]}"#,
    );
    server.put("session:1", "somebody else's");
    let flags = configured(json!({"beta_api": true, "dark_mode": true}));
    let source = follow(&flags, settings(&server));
    assert!(is_on(&flags, "new_dashboard", "ann"));
    let found = share(&flags, "new_dashboard");
    assert!((200..300).contains(&found), "{found}");
    assert!(!is_on(&flags, "beta_api", "ann"), "Redis wins");
    assert_eq!(share(&flags, "payment_v2"), 0);
    assert!(is_on(&flags, "dark_mode", "ann"), "of the configuration alone");
    assert!(flags.bool("full", &Context::of("ann").with("plan", "gold"), false));
    let status = source.status();
    assert!(status.connected && status.hinted && !status.stale && status.refused.is_empty(), "{status}");
    assert_eq!(status.flags, 4);
}

#[ignore = "needs redis-server"]
#[test]
fn flags_of_given_names_are_read_and_no_others() {
    let server = Server::start();
    server.put("feature_flag:a", "true");
    server.put("feature_flag:b", "true");
    let flags = Flags::empty();
    let source = follow(&flags, settings(&server).named(["a"]));
    assert_eq!((is_on(&flags, "a", "u"), is_on(&flags, "b", "u")), (true, false));
    let error = source.set("b", &StoredFlag::default()).unwrap_err();
    assert!(error.to_string().contains("`b`") && !error.is_away(), "{error}");
}

#[ignore = "needs redis-server"]
#[test]
fn more_flags_than_one_command_reads() {
    let server = Server::start();
    let mut pipe = redis::pipe();
    for number in 0..1_234 {
        pipe.cmd("SET").arg(format!("feature_flag:f{number}")).arg(if number % 2 == 0 { "true" } else { "false" });
        pipe.ignore();
    }
    pipe.query::<()>(&mut server.connect()).unwrap();
    let flags = Flags::empty();
    let source = follow(&flags, settings(&server));
    assert_eq!(source.status().flags, 1_234);
    let on = (0..1_234).filter(|number| is_on(&flags, &format!("f{number}"), "u")).count();
    assert_eq!(on, 617);
}

#[ignore = "needs redis-server"]
#[test]
fn a_flag_is_written_for_good_and_answers_at_once() {
    let server = Server::start();
    let flags = Flags::empty();
    let source = follow(&flags, RedisSettings { poll: NEVER, stale_after: NEVER, ..settings(&server) });
    let mut connection = server.connect();
    // As the seed writes it: it would be gone after a day.
    let value = r#"{"enabled": true}"#;
    redis::cmd("SETEX").arg("feature_flag:dark_mode").arg(86_400).arg(value).exec(&mut connection).unwrap();
    let mut ttl = || redis::cmd("TTL").arg("feature_flag:dark_mode").query::<i64>(&mut connection).unwrap();
    assert!(ttl() > 0);

    let stored = StoredFlag {
        enabled: true,
        user_whitelist: vec!["ann".to_owned()],
        percentage_rollout: Share::from_percent(0.0),
    };
    source.set("dark_mode", &stored).unwrap();
    assert_eq!(ttl(), -1, "no expiry");
    assert!(is_on(&flags, "dark_mode", "ann"));
    assert_eq!(share(&flags, "dark_mode"), 0);
    let value: String = redis::cmd("GET").arg("feature_flag:dark_mode").query(&mut server.connect()).unwrap();
    assert_eq!(value, r#"{"enabled":true,"user_whitelist":["ann"],"percentage_rollout":0}"#);

    source.set_flag("dark_mode", &"30%".parse().unwrap()).unwrap();
    assert!((240..360).contains(&share(&flags, "dark_mode")));
    source.remove("dark_mode").unwrap();
    assert_eq!(share(&flags, "dark_mode"), 0);
    assert_eq!(flags.snapshot().set().keys().count(), 0);
}

#[ignore = "needs redis-server"]
#[test]
fn a_flag_that_nobody_could_use_is_not_written() {
    let server = Server::start();
    let source = follow(&Flags::empty(), settings(&server));
    let wrong = serde_json::from_value(json!({"fallthrough": "on"})).map(
        |mut definition: strata_config_flags::model::Definition| {
            definition.forced = Some("blue".to_owned());
            definition.into()
        },
    );
    let error = source.set_flag("f", &wrong.unwrap()).unwrap_err();
    assert!(error.to_string().contains("`f`: forced: there is no variant `blue`"), "{error}");
    assert!(!redis::cmd("EXISTS").arg("feature_flag:f").query::<bool>(&mut server.connect()).unwrap());
}

#[ignore = "needs redis-server"]
#[test]
fn another_process_sees_a_change_without_waiting_for_a_poll() {
    let server = Server::start();
    let patient = || RedisSettings { poll: NEVER, stale_after: NEVER, ..settings(&server) };
    let (ours, theirs) = (Flags::empty(), Flags::empty());
    let source = follow(&ours, patient());
    let _other = follow(&theirs, patient());
    for percent in [100.0, 0.0, 100.0] {
        let percentage_rollout = Share::from_percent(percent);
        source.set("f", &StoredFlag { enabled: true, percentage_rollout, ..StoredFlag::default() }).unwrap();
        eventually("the other sees it", || is_on(&theirs, "f", "u") == (percent > 0.0));
    }
}

#[ignore = "needs redis-server"]
#[test]
fn a_server_that_tells_of_its_keys_is_heard_and_any_other_is_polled() {
    let server = Server::start();
    redis::cmd("CONFIG").arg("SET").arg("notify-keyspace-events").arg("K$g").exec(&mut server.connect()).unwrap();
    let (told, polled) = (Flags::empty(), Flags::empty());
    let patient = RedisSettings { poll: NEVER, stale_after: NEVER, ..settings(&server) };
    let _told = follow(&told, patient);
    server.put("feature_flag:f", "true");
    eventually("a program that knows nothing of us is heard", || is_on(&told, "f", "u"));

    redis::cmd("CONFIG").arg("SET").arg("notify-keyspace-events").arg("").exec(&mut server.connect()).unwrap();
    let _polled = follow(&polled, settings(&server));
    server.put("feature_flag:f", "false");
    eventually("the next poll finds it", || !is_on(&polled, "f", "u"));
    assert!(is_on(&told, "f", "u"), "nobody told, and it does not poll");
}

#[ignore = "needs redis-server"]
#[test]
fn while_redis_is_away_the_last_known_good_serves_and_says_that_it_is_stale() {
    let mut server = Server::start();
    server.put("feature_flag:f", r#"{"enabled": true}"#);
    let flags = configured(json!({"f": false, "g": true}));
    let stale_after = Duration::from_millis(300);
    let source = follow(&flags, RedisSettings { stale_after, timeout: Duration::from_secs(2), ..settings(&server) });
    let reason = |key: &str| flags.details(key, &Context::of("u"), false).reason;
    assert_eq!(reason("f"), Reason::Static);

    server.kill();
    eventually("it is noticed", || !source.status().connected);
    eventually("what was read becomes stale", || reason("f") == Reason::Stale);
    let status = source.status();
    assert!(status.stale && status.problem.is_some() && status.age.is_some_and(|age| age > stale_after), "{status}");
    assert!(is_on(&flags, "f", "u"), "the last known good");
    assert_eq!(reason("g"), Reason::Static, "the configuration's are as good as ever");
    assert!(source.set("f", &StoredFlag::default()).unwrap_err().is_away());

    server.restart();
    eventually("it is found again", || source.status().connected);
    eventually("and not stale", || reason("f") == Reason::Static && !source.status().stale);
    server.put("feature_flag:f", r#"{"enabled": false}"#);
    eventually("changes are followed", || !is_on(&flags, "f", "u"));
    assert_eq!(source.status().problem, None);
}

#[ignore = "needs redis-server"]
#[test]
fn a_change_during_the_absence_is_read_at_the_return() {
    let mut server = Server::start();
    server.put("feature_flag:f", "false");
    let flags = Flags::empty();
    let patient = RedisSettings { poll: NEVER, stale_after: NEVER, ..settings(&server) };
    let source = follow(&flags, patient);
    let reads = source.status().reads;
    // The connections break, and what is told meanwhile is told to nobody.
    let mut connection = server.connect();
    server.put("feature_flag:f", "true");
    for kind in ["pubsub", "normal"] {
        let _: Result<i64, _> =
            redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg(kind).arg("SKIPME").arg("yes").query(&mut connection);
    }
    eventually("it is read anew", || source.status().reads > reads && is_on(&flags, "f", "u"));
    server.restart();
    eventually("it goes on", || source.status().connected);
}

#[ignore = "needs redis-server"]
#[test]
fn what_redis_has_lost_the_configuration_decides() {
    let server = Server::start();
    server.put("feature_flag:a", "true");
    server.put("feature_flag:b", "false");
    let flags = configured(json!({"b": true}));
    let source = follow(&flags, settings(&server));
    assert_eq!((is_on(&flags, "a", "u"), is_on(&flags, "b", "u")), (true, false));
    redis::cmd("FLUSHALL").exec(&mut server.connect()).unwrap();
    eventually("the configuration's count again", || is_on(&flags, "b", "u"));
    assert!(!is_on(&flags, "a", "u"));
    let status = source.status();
    assert!(status.connected && !status.stale && status.flags == 0, "{status}");
}

#[ignore = "needs redis-server"]
#[test]
fn a_broken_flag_is_refused_by_name_and_the_others_work() {
    let server = Server::start();
    for key in ["a", "b", "c"] {
        server.put(&format!("feature_flag:{key}"), r#"{"enabled": true}"#);
    }
    let flags = Flags::empty();
    let source = follow(&flags, settings(&server));
    server.put("feature_flag:a", r#"{"enabled": tru"#);
    server.put("feature_flag:b", r#"{"enabled": false}"#);
    // At once: a flag that is gone for a moment is forgotten, and would say nothing from before.
    let mut other_kind = redis::pipe();
    other_kind.atomic().cmd("DEL").arg("feature_flag:c").cmd("HSET").arg("feature_flag:c").arg("enabled").arg("false");
    other_kind.exec(&mut server.connect()).unwrap();
    server.put("feature_flag:new", r#"{"enabled": true, "percentage_rollout": 250}"#);
    server.put("feature_flag:lost", r#"{"fallthrough": "on", "prerequisites": [{"flag": "nobody", "variant": "on"}]}"#);
    eventually("all four are refused", || source.status().refused.len() == 4);
    let refused = source.status().refused;
    assert!(refused["a"].contains("no JSON"), "{refused:?}");
    assert!(refused["c"].contains("no text in Redis"), "{refused:?}");
    assert!(refused["lost"].contains("no flag `nobody`"), "{refused:?}");
    assert!(refused["new"].contains("not between 0 and 100"), "{refused:?}");
    eventually("the others work", || !is_on(&flags, "b", "u"));
    assert!(is_on(&flags, "a", "u"), "what it said before");
    assert!(is_on(&flags, "c", "u"), "what it said before");
    server.put("feature_flag:a", r#"{"enabled": false}"#);
    eventually("mended, it is used", || !is_on(&flags, "a", "u"));
    eventually("and no more refused", || !source.status().refused.contains_key("a"));
}

#[ignore = "needs redis-server"]
#[test]
fn a_start_without_redis_uses_the_file_and_says_that_it_is_stale() {
    let mut server = Server::start();
    server.put("feature_flag:f", r#"{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 0}"#);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flags.json");
    let kept = || RedisSettings { file: Some(file.clone()), ..settings(&server) };
    drop(follow(&Flags::empty(), kept()));
    let settings = kept();
    server.kill();

    let flags = configured(json!({"f": false}));
    let source = RedisSource::start(&flags, settings.clone()).unwrap();
    assert!(is_on(&flags, "f", "ann"), "in use before the first question");
    assert_eq!(flags.details("f", &Context::of("ann"), false).reason, Reason::Stale);
    let status = source.status();
    assert!(status.from_file && status.stale && !status.connected && status.last_read.is_some(), "{status}");
    server.restart();
    assert!(source.wait_until_read(WAIT));
    assert_eq!(flags.details("f", &Context::of("ann"), false).reason, Reason::TargetingMatch);
    assert!(!source.status().from_file);
    drop(source);

    server.kill();
    std::fs::write(&file, "{").unwrap();
    let flags = configured(json!({"f": false}));
    let source = RedisSource::start(&flags, settings).unwrap();
    assert!(!is_on(&flags, "f", "ann"));
    assert!(source.status().problem.is_some_and(|problem| problem.contains("flags.json")));
}

#[ignore = "needs redis-server"]
#[test]
fn a_server_that_refuses_every_command_is_away_as_a_whole() {
    let server = Server::with(Some("c4nary"));
    server.put("feature_flag:f", "true");
    let flags = configured(json!({"f": false, "g": true}));
    for named in [true, false] {
        let settings = RedisSettings::new(server.url().replace(":c4nary@", ""));
        let settings = if named { settings.named(["f", "g"]) } else { settings };
        let source = RedisSource::start(&flags, settings).unwrap();
        eventually("it is told", || source.status().problem.is_some());
        let status = source.status();
        assert!(!status.connected && status.refused.is_empty() && status.reads == 0, "{status}");
        assert!(is_on(&flags, "g", "u") && !is_on(&flags, "f", "u"));
    }
}

#[ignore = "needs redis-server"]
#[test]
fn a_user_who_may_not_subscribe_is_served_by_polling() {
    let server = Server::start();
    let rules = ["on", ">pw", "~feature_flag:*", "resetchannels", "+@all"];
    redis::cmd("ACL").arg("SETUSER").arg("reader").arg(&rules).exec(&mut server.connect()).unwrap();
    let flags = Flags::empty();
    let url = server.url().replace("redis://", "redis://reader:pw@");
    let source = follow(&flags, RedisSettings { url: url.into(), ..settings(&server) });
    assert!(!source.status().hinted);
    server.put("feature_flag:f", "true");
    eventually("the next poll finds it", || is_on(&flags, "f", "u"));
    let error = source.set("f", &StoredFlag::default()).unwrap_err();
    assert!(!error.is_away(), "{error}");
    assert!(is_on(&flags, "f", "u"), "both or neither: nobody may be told, so nothing is written");
}

#[ignore = "needs redis-server"]
#[test]
fn every_answer_of_one_snapshot_is_of_one_reading() {
    let server = Server::start();
    let flags = Flags::empty();
    let source = follow(&flags, settings(&server).named(["a", "b"]));
    let generation = flags.snapshot().generation();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut connection = server.connect();
            for number in 0..500 {
                let value = if number % 2 == 0 { "true" } else { "false" };
                let mut pipe = redis::pipe();
                pipe.atomic();
                pipe.cmd("MSET").arg("feature_flag:a").arg(value).arg("feature_flag:b").arg(value).ignore();
                pipe.cmd("PUBLISH").arg("feature_flag:changed").arg("a").ignore();
                pipe.query::<()>(&mut connection).unwrap();
            }
        });
        while !writer.is_finished() {
            let snapshot = flags.snapshot();
            let [a, b] = ["a", "b"].map(|key| snapshot.set().is_on(key, &Context::of("u"), false));
            assert_eq!(a, b);
        }
        writer.join().unwrap();
    });
    eventually("the last write is in use", || !is_on(&flags, "a", "u") && flags.snapshot().set().keys().len() == 2);
    assert!(flags.snapshot().generation() > generation);
    assert!(source.status().refused.is_empty());
}

#[ignore = "needs redis-server"]
#[test]
fn neither_url_nor_password_is_ever_shown() {
    let server = Server::with(Some("c4nary"));
    let source = follow(&Flags::empty(), settings(&server));
    source.set("f", &StoredFlag { enabled: true, ..StoredFlag::default() }).unwrap();
    let wrong = server.url().replace("c4nary", "wr0ng");
    let refused = RedisSource::start(&Flags::empty(), RedisSettings::new(wrong.clone())).unwrap();
    eventually("it is refused", || refused.status().problem.is_some());
    let error = refused.set("f", &StoredFlag::default()).unwrap_err();
    let shown = [
        format!("{source:?}{refused:?}"),
        source.status().to_string(),
        refused.status().to_string(),
        error.to_string(),
    ];
    for text in shown {
        assert!(!text.contains("c4nary") && !text.contains("wr0ng") && !text.contains("127.0.0.1"), "{text}");
    }
}

#[test]
fn a_url_that_is_none_is_refused_and_not_shown() {
    for url in ["", "c4nary", "http://c4nary@host", "redis://c4nary:c4nary@host:many/0"] {
        let error = RedisSource::start(&Flags::empty(), RedisSettings::new(url)).unwrap_err();
        assert!(!error.to_string().contains("c4nary"), "{error}");
    }
}

#[test]
fn a_start_without_redis_waits_for_nothing_and_leaves_the_configuration_in_use() {
    // A port that nobody listens on: it was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let flags = configured(json!({"f": true}));
    let source = RedisSource::start(&flags, RedisSettings::new(format!("redis://127.0.0.1:{port}/0"))).unwrap();
    assert!(is_on(&flags, "f", "u"));
    assert_eq!(flags.details("f", &Context::of("u"), false).reason, Reason::Static);
    eventually("it is told", || source.status().problem.is_some());
    let status = source.status();
    assert!(!status.connected && status.stale && status.last_read.is_none(), "{status}");
}
