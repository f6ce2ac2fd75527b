//! Secrets are read as AWS has them: fields, versions, rotation, the time of the cache, and what is not there.

use std::sync::Arc;

use strata_config::{LayeredConfig as _, Resolver as _};

use crate::moto::Moto;
use crate::proxy::Proxy;
use crate::{App, ask, client, place};

#[test]
#[ignore = "needs moto"]
fn a_secret_is_created_read_and_rotated() {
    let moto = Moto::shared();
    let created = moto.create("rotated/database", r#"{"username":"ann","password":"one"}"#);
    let (remote, clock) = client(&moto.url());
    let remote = Arc::new(remote);
    let url = "url = 'pg://${aws-sm:rotated/database#username}:${aws-sm:rotated/database#password}@h'";
    let loaded = App::loader().text("a.toml", url).resolver(remote.clone()).load().unwrap();
    assert_eq!(loaded.url.expose(), "pg://ann:one@h");
    let origin = loaded.origin("url").unwrap().to_string();
    assert!(origin.contains("aws-sm:rotated/database#password, version AWSCURRENT"), "{origin}");

    moto.rotate("rotated/database", r#"{"username":"ann","password":"two"}"#);
    clock.turn(300);
    assert_eq!(ask(&remote, "rotated/database#password").unwrap(), "two");
    assert_eq!(ask(&remote, "rotated/database#password@AWSPREVIOUS").unwrap(), "one");
    assert_eq!(ask(&remote, "rotated/database#@AWSPREVIOUS").unwrap(), r#"{"username":"ann","password":"one"}"#);
    moto.rotate("rotated/database", r#"{"username":"ann","password":"three"}"#);
    clock.turn(300);
    assert_eq!(ask(&remote, "rotated/database#password@AWSCURRENT").unwrap(), "three");
    assert_eq!(ask(&remote, "rotated/database#password@AWSPREVIOUS").unwrap(), "two");

    // A secret's whole name at AWS has colons.
    let arn = created.split('"').find(|part| part.starts_with("arn:aws:")).unwrap();
    assert_eq!(ask(&remote, &format!("{arn}#username")).unwrap(), "ann");
}

#[test]
#[ignore = "needs moto"]
fn nothing_is_asked_within_its_time_and_ahead_of_its_end() {
    let moto = Moto::shared();
    moto.create("cached/database", r#"{"username":"ann","password":"one"}"#);
    let proxy = Proxy::before(&moto);
    let (remote, clock) = client(&proxy.url());
    for _ in 0..10 {
        assert_eq!(ask(&remote, "cached/database#username").unwrap(), "ann");
        assert_eq!(ask(&remote, "cached/database#password").unwrap(), "one");
    }
    assert_eq!(proxy.asked(), 1, "fields of one secret are one question");
    let question = proxy.newest();
    assert!(question.contains("Credential=test/") && !question.contains("CANARY"), "{question}");

    moto.rotate("cached/database", r#"{"username":"ann","password":"two"}"#);
    clock.turn(239);
    assert!(!remote.refresh());
    assert_eq!((ask(&remote, "cached/database#password").unwrap().as_str(), proxy.asked()), ("one", 1));
    clock.turn(1);
    assert!(remote.refresh(), "a fifth of its time is left, and it is another one");
    assert_eq!((ask(&remote, "cached/database#password").unwrap().as_str(), proxy.asked()), ("two", 2));
    clock.turn(240);
    assert!(!remote.refresh(), "the same once more");
    clock.turn(299);
    assert_eq!((ask(&remote, "cached/database#password").unwrap().as_str(), proxy.asked()), ("two", 3));
    clock.turn(1);
    assert_eq!((ask(&remote, "cached/database#password").unwrap().as_str(), proxy.asked()), ("two", 4));
}

#[test]
#[ignore = "needs moto"]
fn what_is_not_there_is_an_error_with_path_and_place() {
    let moto = Moto::shared();
    moto.create("there/database", r#"{"password":"CANARY","more":{}}"#);
    moto.create("there/text", "CANARY");
    moto.call("CreateSecret", r#"{"Name":"there/binary","SecretBinary":"Q0FOQVJZ"}"#);
    let (remote, _) = client(&moto.url());
    let remote = Arc::new(remote);
    for (what, code, told) in [
        ("there/none", "secret.missing", "has no secret `there/none`"),
        ("there/database#user", "secret.missing", "has no field `user`"),
        ("there/database#more", "secret.missing", "is no text"),
        ("there/database#password@AWSPENDING", "secret.missing", "AWSPENDING"),
        ("there/text#password", "secret.missing", "has no fields"),
        ("there/binary", "secret.unreadable", "is no text"),
    ] {
        let text = format!("url = 'pg://${{aws-sm:{what}}}@h'");
        let report = App::loader().text("a.toml", text).resolver(remote.clone()).load().unwrap_err();
        let said = format!("{report} {report:?}");
        assert!(said.contains(code) && said.contains("a.toml:1:7") && said.contains(told), "{what}: {said}");
        assert!(!said.contains("CANARY"), "{said}");
    }
    assert_eq!(remote.failing_since(), None, "what was never given is nobody's secret");
}

#[test]
#[ignore = "needs moto"]
fn a_malformed_reference_is_told_and_nobody_is_asked() {
    let moto = Moto::shared();
    let proxy = Proxy::before(&moto);
    let (remote, _) = client(&proxy.url());
    for what in ["", "#password", "a#", "a#b@", "a b", "a\nb#c"] {
        assert_eq!(ask(&remote, what), Err("secret.reference"), "{what:?}");
    }
    let text = "url = 'pg://${aws-sm:never/closed@h'";
    let report = App::loader().text("a.toml", text).resolver(Arc::new(remote)).load().unwrap_err();
    assert!(report.to_string().contains("secret.reference"), "{report}");
    assert_eq!(proxy.asked(), 0);
}

#[test]
#[ignore = "needs moto"]
fn a_deleted_secret_is_an_error_where_it_is_read() {
    let moto = Moto::shared();
    for (name, how, code) in [
        ("deleted/later", r#"{"SecretId":"deleted/later"}"#, "secret.unreadable"),
        ("deleted/now", r#"{"SecretId":"deleted/now","ForceDeleteWithoutRecovery":true}"#, "secret.missing"),
    ] {
        moto.create(name, "one");
        let (remote, clock) = client(&moto.url());
        assert_eq!(ask(&remote, name).unwrap(), "one");
        moto.call("DeleteSecret", how);
        clock.turn(299);
        assert_eq!(ask(&remote, name).unwrap(), "one");
        clock.turn(1);
        assert_eq!(ask(&remote, name), Err(code));
        assert!(remote.failing_since().is_some());
        assert!(
            place(&remote, name).contains("stale: its source gives it no more since 1970-01-"),
            "for a moment the copy counts"
        );
    }
    moto.call("RestoreSecret", r#"{"SecretId":"deleted/later"}"#);
    assert_eq!(ask(&client(&moto.url()).0, "deleted/later").unwrap(), "one");
}

#[test]
#[ignore = "needs moto"]
fn nothing_that_is_printed_holds_what_aws_gave() {
    let moto = Moto::shared();
    moto.create("shown/database", r#"{"password":"CANARY-word"}"#);
    moto.create("shown/text", "CANARY-text");
    let proxy = Proxy::before(&moto);
    let (remote, clock) = client(&proxy.url());
    let remote = Arc::new(remote);
    let references = [
        ("aws-sm:shown/database#password", true),
        ("pg://${aws-sm:shown/text}@h", true),
        ("aws-sm:shown/text#field", false),
        ("aws-sm:shown/database#other", false),
        ("aws-sm:shown/none", false),
        ("${aws-sm:shown/text", false),
    ];
    let mut shown = String::new();
    let mut show_all = |when: &str| {
        for (url, is_valid) in references {
            let loader = App::loader().text("a.toml", format!("url = '{url}'")).resolver(remote.clone());
            let outcome = loader.clone().read();
            let report = outcome.report();
            assert_eq!(report.is_valid(), is_valid, "{when}: {url}: {report}");
            let explained = serde_json::to_string(&outcome.explain(&[])).unwrap();
            shown += &format!("{loader:?}{outcome:?}{report}{:?}{explained}", report.findings());
        }
        shown += &format!("{remote:?}{:?}{}", remote.source(), remote.refresh());
    };
    show_all("while it is there");
    proxy.leave();
    clock.turn(300);
    show_all("while it is away");
    assert!(shown.contains("stale: its source is away since 1970-01-12T13:51:40Z"), "{shown}");
    assert!(!shown.contains("CANARY"), "{shown}");
}
