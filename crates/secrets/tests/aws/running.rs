//! A running configuration takes in what is rotated, and keeps what it has while its source gives nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use strata_config::LayeredConfig as _;
use strata_config_reload::{Condition, EventKind, Live, SourceStatus};
use strata_config_secrets::{AwsSecrets, Remote, follow};

use crate::moto::Moto;
use crate::proxy::Proxy;
use crate::{App, Clock, client};

/// Longer than anything takes that is waited for.
const SOON: Duration = Duration::from_secs(30);

/// How often those who follow look.
const OFTEN: Duration = Duration::from_millis(5);

/// A configuration whose URL has the field `password` of a secret.
fn run(moto: &Moto, name: &str) -> (Live<App>, Arc<Remote<AwsSecrets>>, Clock, Proxy) {
    moto.create(name, r#"{"password":"CANARY-one"}"#);
    let proxy = Proxy::before(moto);
    let (remote, clock) = client(&proxy.url());
    let remote = Arc::new(remote);
    let loader = App::loader().text("a.toml", format!("url = 'pg://${{aws-sm:{name}#password}}@h'"));
    let live = Live::of(loader.resolver(remote.clone())).open().unwrap();
    (live, remote, clock, proxy)
}

/// How the source of the secrets does.
fn source(live: &Live<App>) -> SourceStatus {
    live.status().sources.into_iter().find(|source| source.name == "secrets of aws-sm").unwrap()
}

fn origin(live: &Live<App>) -> String {
    let values = live.version().explain(&[]);
    let url = values.iter().find(|value| value.path.as_str() == "url").unwrap();
    url.origin.as_ref().unwrap().to_string()
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + SOON;
    while !is_so() {
        assert!(Instant::now() < end, "not so after {SOON:?}: {what}");
        std::thread::sleep(OFTEN);
    }
}

#[test]
#[ignore = "needs moto"]
fn a_rotated_secret_is_a_change_like_any_other() {
    let moto = Moto::shared();
    let (live, remote, clock, proxy) = run(&moto, "running/rotated");
    follow(&live, &remote, OFTEN).unwrap();
    assert_eq!(live.get().url.expose(), "pg://CANARY-one@h");
    assert!(source(&live).ok && live.status().condition == Condition::Healthy);
    let mut events = live.events();
    moto.rotate("running/rotated", r#"{"password":"CANARY-two"}"#);
    clock.turn(240);
    let event = events.next_within(SOON).unwrap();
    assert!(matches!(&event.kind, EventKind::Reloaded { source } if source == "secrets"), "{event:?}");
    assert_eq!(event.changes.iter().map(|change| change.path.as_str()).collect::<Vec<_>>(), ["url"]);
    assert!(!format!("{event:?}").contains("CANARY"));
    assert_eq!(live.get().url.expose(), "pg://CANARY-two@h");
    assert_eq!((live.version().generation(), live.version().revision()), (2, 0));
    assert_eq!(proxy.asked(), 2, "at the start, and ahead of time");
}

#[test]
#[ignore = "needs moto"]
fn while_the_source_is_away_it_keeps_what_it_has_and_says_so() {
    let moto = Moto::shared();
    let (live, remote, clock, proxy) = run(&moto, "running/away");
    follow(&live, &remote, OFTEN).unwrap();
    let mut events = live.events();
    proxy.leave();
    clock.turn(240);
    wait_until("the source is shown as failing", || !source(&live).ok);
    let (status, known) = (live.status(), source(&live));
    assert_eq!(known.failing_since.unwrap().to_string(), "1970-01-12T13:50:40.000Z");
    assert!(known.problem.unwrap().contains("can't be reached"));
    assert_eq!(status.condition, Condition::Degraded);
    let told = "secrets of aws-sm are stale since 1970-01-12T13:50:40.000Z: ";
    assert!(status.reasons.iter().any(|reason| reason.starts_with(told)), "{:?}", status.reasons);
    wait_until("the origin says it", || origin(&live).contains("stale: its source is away"));
    assert_eq!(live.get().url.expose(), "pg://CANARY-one@h");

    // Also where everything is read anew.
    clock.turn(60);
    assert!(!live.refresh_secrets().unwrap());
    assert_eq!(live.get().url.expose(), "pg://CANARY-one@h");

    moto.rotate("running/away", r#"{"password":"CANARY-two"}"#);
    proxy.come_back(&moto);
    clock.turn(5);
    let event = events.next_within(SOON).unwrap();
    assert!(matches!(&event.kind, EventKind::Reloaded { source } if source == "secrets"), "{event:?}");
    assert_eq!(live.get().url.expose(), "pg://CANARY-two@h");
    wait_until("all is well", || source(&live).ok && live.status().condition == Condition::Healthy);
    assert!(!origin(&live).contains("stale"));
    assert!(events.next_within(Duration::ZERO).is_none(), "nobody else was told of anything");
}

#[test]
#[ignore = "needs moto"]
fn a_secret_that_is_deleted_stays_in_effect_and_is_shown() {
    let moto = Moto::shared();
    let (live, remote, clock, _proxy) = run(&moto, "running/deleted");
    moto.call("DeleteSecret", r#"{"SecretId":"running/deleted","ForceDeleteWithoutRecovery":true}"#);
    // Whoever reads it anew is told.
    clock.turn(300);
    let report = live.refresh_secrets().unwrap_err().report().unwrap().to_string();
    assert!(report.contains("secret.missing") && !report.contains("CANARY"), "{report}");
    let status = live.status();
    let told = "what secrets are now can't be used, and those before are in effect: ";
    assert!(status.reasons.iter().any(|reason| reason.starts_with(told)), "{:?}", status.reasons);
    assert!(source(&live).problem.unwrap().contains("has no secret `running/deleted`"));
    assert_eq!(live.get().url.expose(), "pg://CANARY-one@h");

    moto.create("running/deleted", r#"{"password":"CANARY-two"}"#);
    clock.turn(5);
    follow(&live, &remote, OFTEN).unwrap();
    wait_until("it is there again", || live.get().url.expose() == "pg://CANARY-two@h");
    wait_until("all is well", || live.status().condition == Condition::Healthy);
}

#[test]
#[ignore = "needs moto"]
fn a_deleted_secret_that_nothing_refers_to_any_more_is_forgotten() {
    let moto = Moto::shared();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.toml");
    for name in ["running/old", "running/new"] {
        moto.create(name, name);
    }
    let (remote, clock) = client(&moto.url());
    let remote = Arc::new(remote);
    std::fs::write(&file, "url = 'aws-sm:running/old'").unwrap();
    let live = Live::of(App::loader().file(&file).resolver(remote.clone())).open().unwrap();
    std::fs::write(&file, "url = 'aws-sm:running/new'").unwrap();
    live.reload(&file.display().to_string()).unwrap();
    assert_eq!(live.get().url.expose(), "running/new");
    moto.call("DeleteSecret", r#"{"SecretId":"running/old","ForceDeleteWithoutRecovery":true}"#);
    clock.turn(240);
    assert!(!remote.refresh());
    assert!(remote.failing_since().is_some());
    clock.turn(5);
    follow(&live, &remote, OFTEN).unwrap();
    wait_until("it is forgotten", || remote.failing_since().is_none() && source(&live).ok);
}
