//! While AWS Secrets Manager is away, or too busy, what is known counts; and a program starts with its sealed copy.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use strata_config::{LayeredConfig as _, Sealer, Secret};
use strata_config_secrets::{AwsSettings, Fernet, FernetKey, KeyRing, aws};

use crate::moto::{Moto, free_port};
use crate::proxy::Proxy;
use crate::{App, ask, client, place};

#[test]
#[ignore = "needs moto"]
fn a_server_that_is_down_for_a_minute_changes_nothing_and_is_shown() {
    let moto = Moto::start(free_port());
    let port = moto.port;
    moto.create("down/database", r#"{"password":"two"}"#);
    let (remote, clock) = client(&moto.url());
    assert_eq!(ask(&remote, "down/database#password").unwrap(), "two");

    drop(moto);
    clock.turn(300);
    for _ in 0..60 {
        assert_eq!(ask(&remote, "down/database#password").unwrap(), "two");
        clock.turn(1);
    }
    assert_eq!(remote.failing_since(), Some(UNIX_EPOCH + Duration::from_secs(1_000_300)));
    assert!(place(&remote, "down/database#password").contains("stale: its source is away since 1970-01-"));
    assert_eq!(ask(&remote, "down/other"), Err("secret.unavailable"));

    let moto = Moto::start(port);
    moto.create("down/database", r#"{"password":"three"}"#);
    clock.turn(5);
    assert_eq!(ask(&remote, "down/database#password").unwrap(), "three");
    assert_eq!(remote.failing_since(), None);
}

#[test]
#[ignore = "needs moto"]
fn throttling_is_waited_out() {
    let moto = Moto::shared();
    moto.create("busy/one", "one");
    moto.create("busy/two", "two");
    let proxy = Proxy::before(&moto);
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&pauses);
    let settings = AwsSettings::new().region("us-east-1").endpoint(proxy.url());
    let remote = aws(settings.credentials("test", Secret::from("test"))).unwrap();
    let remote = remote.clock(SystemTime::now, move |pause| told.lock().unwrap().push(pause));

    proxy.throttle(3);
    assert_eq!(ask(&remote, "busy/one").unwrap(), "one");
    assert_eq!(proxy.asked(), 4, "three times it was too much");
    let pauses = pauses.lock().unwrap().clone();
    assert_eq!(pauses.len(), 3);
    for (pause, most) in pauses.iter().zip([100, 200, 400]) {
        assert!((most / 2..=most).contains(&pause.as_millis()), "{pauses:?}");
    }

    proxy.throttle(usize::MAX);
    assert_eq!(ask(&remote, "busy/two"), Err("secret.unavailable"));
    assert_eq!(proxy.asked(), 8, "patience ends");
    assert_eq!(ask(&remote, "busy/one").unwrap(), "one", "it is fresh");
    proxy.throttle(0);
    assert_eq!(ask(&remote, "busy/two").unwrap(), "two");
}

#[test]
#[ignore = "needs moto"]
fn what_throttles_for_long_leaves_the_older_copy() {
    let moto = Moto::shared();
    moto.create("busier/one", "one");
    let proxy = Proxy::before(&moto);
    let (remote, clock) = client(&proxy.url());
    assert_eq!(ask(&remote, "busier/one").unwrap(), "one");
    moto.rotate("busier/one", "two");
    proxy.throttle(usize::MAX);
    clock.turn(300);
    let before = proxy.asked();
    for _ in 0..5 {
        assert_eq!(ask(&remote, "busier/one").unwrap(), "one");
        clock.turn(1);
    }
    assert_eq!(proxy.asked(), before + 4, "within five seconds the source is left alone");
    proxy.throttle(0);
    assert_eq!(ask(&remote, "busier/one").unwrap(), "two");
}

#[test]
#[ignore = "needs moto"]
fn a_program_starts_with_its_sealed_copy_while_the_server_is_away() {
    let moto = Moto::shared();
    moto.create("kept/database", r#"{"password":"CANARY-one"}"#);
    let proxy = Proxy::before(&moto);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets.json");
    let key = || -> Arc<dyn Sealer> { Arc::new(Fernet::new(KeyRing::new([FernetKey::generate().unwrap()]))) };
    let sealer = key();
    let start = |sealer: &Arc<dyn Sealer>| {
        let (remote, clock) = client(&proxy.url());
        let remote = Arc::new(remote.keep(&file, Arc::clone(sealer)));
        let loader = App::loader().text("a.toml", "url = 'pg://${aws-sm:kept/database#password}@h'");
        (loader.resolver(remote.clone()).load(), remote, clock)
    };
    assert_eq!(start(&sealer).0.unwrap().url.expose(), "pg://CANARY-one@h");
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains("fernet:gAAAA") && !kept.contains("CANARY"), "{kept}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");

    proxy.leave();
    moto.rotate("kept/database", r#"{"password":"CANARY-two"}"#);
    let (loaded, remote, clock) = start(&sealer);
    let loaded = loaded.unwrap();
    assert_eq!(loaded.url.expose(), "pg://CANARY-one@h");
    assert!(loaded.origin("url").unwrap().to_string().contains("stale: its source is away"));
    let report = start(&key()).0.unwrap_err().to_string();
    assert!(report.contains("secret.unavailable") && !report.contains("CANARY"), "another key opens nothing: {report}");

    proxy.come_back(&moto);
    clock.turn(5);
    assert_eq!(ask(&remote, "kept/database#password").unwrap(), "CANARY-two");
    proxy.leave();
    assert_eq!(start(&sealer).0.unwrap().url.expose(), "pg://CANARY-two@h", "the copy is the newest");
}
