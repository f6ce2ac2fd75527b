//! The cache over a source that a test answers for; no time passes but the test's.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::UNIX_EPOCH;

use super::*;
use crate::{Fernet, FernetKey, KeyRing};

/// A source: its answer, and how often it was asked.
#[derive(Debug, Clone)]
struct Source {
    answer: Arc<Mutex<Result<(&'static str, &'static str), FetchError>>>,
    asked: Arc<AtomicUsize>,
}

impl Source {
    fn new(text: &'static str) -> Self {
        Self { answer: Arc::new(Mutex::new(Ok((text, "1")))), asked: Arc::default() }
    }

    fn set(&self, answer: Result<(&'static str, &'static str), FetchError>) {
        *self.answer.lock().unwrap() = answer;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Fetch for Source {
    fn fetch(&self, _: &str, _: &str) -> Result<Fetched, FetchError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let (text, version) = self.answer.lock().unwrap().clone()?;
        Ok(Fetched { text: Secret::from(text), version: version.to_owned() })
    }
}

fn away() -> Result<(&'static str, &'static str), FetchError> {
    Err(FetchError::Away("it is away".to_owned()))
}

/// The source with a clock that the test turns.
fn remote(source: &Source) -> (Remote<Source>, Arc<AtomicU64>) {
    let seconds = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&seconds);
    let now = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed));
    (Remote::new("aws-sm", source.clone()).clock(now, |_| {}), seconds)
}

fn ask<F: Fetch>(remote: &Remote<F>, what: &str) -> Result<(String, String), &'static str> {
    let found = remote.resolve(Reference { scheme: "aws-sm", what });
    found.map(|found| (found.text.expose().clone(), found.place)).map_err(|error| error.code())
}

#[test]
fn fields_and_versions_are_named() {
    let source = Source::new(r#"{"password": "hunter2", "port": 5432, "more": {}}"#);
    let (remote, _) = remote(&source);
    let place = "aws-sm:myapp/db#password, version AWSCURRENT".to_owned();
    assert_eq!(ask(&remote, "myapp/db#password").unwrap(), ("hunter2".to_owned(), place));
    assert_eq!(ask(&remote, "myapp/db#port@AWSPREVIOUS").unwrap().1, "aws-sm:myapp/db#port, version AWSPREVIOUS");
    assert!(ask(&remote, "user@host").unwrap().0.starts_with('{'));
    for (what, code) in [
        ("a#none", "secret.missing"),
        ("a#more", "secret.missing"),
        ("", "secret.reference"),
        ("a#", "secret.reference"),
        ("#b", "secret.reference"),
        ("a#b@", "secret.reference"),
        ("a b", "secret.reference"),
    ] {
        assert_eq!(ask(&remote, what), Err(code), "{what}");
    }
}

#[test]
fn a_secret_is_asked_for_once_in_its_time() {
    let source = Source::new("one");
    let (remote, clock) = remote(&source);
    for _ in 0..10 {
        ask(&remote, "a").unwrap();
    }
    clock.fetch_add(299, Ordering::Relaxed);
    ask(&remote, "a").unwrap();
    assert_eq!(source.asked(), 1);
    source.set(Ok(("two", "2")));
    clock.fetch_add(1, Ordering::Relaxed);
    assert_eq!(ask(&remote, "a").unwrap().0, "two");
    assert_eq!(source.asked(), 2);
}

#[test]
fn what_is_soon_no_longer_fresh_is_asked_for_ahead() {
    let source = Source::new("one");
    let (remote, clock) = remote(&source);
    ask(&remote, "a").unwrap();
    clock.fetch_add(239, Ordering::Relaxed);
    assert!(!remote.refresh());
    assert_eq!(source.asked(), 1);
    clock.fetch_add(1, Ordering::Relaxed);
    assert!(!remote.refresh(), "the same secret is no change");
    source.set(Ok(("two", "2")));
    clock.fetch_add(240, Ordering::Relaxed);
    assert!(remote.refresh());
    assert_eq!((ask(&remote, "a").unwrap().0.as_str(), source.asked()), ("two", 3));
}

#[test]
fn a_source_that_is_away_for_a_minute_is_harmless_and_shown() {
    let source = Source::new("one");
    let (remote, clock) = remote(&source);
    ask(&remote, "a").unwrap();
    source.set(away());
    clock.fetch_add(300, Ordering::Relaxed);
    for _ in 0..60 {
        let (text, place) = ask(&remote, "a").unwrap();
        let stale = "stale: its source is away since 1970-01-12T13:51:40Z, last given 1970-01-12T13:46:40Z";
        assert!(text == "one" && place.ends_with(stale), "{place}");
        clock.fetch_add(1, Ordering::Relaxed);
    }
    // Not at every question, but every five seconds, four times each.
    assert_eq!(source.asked(), 1 + 12 * ATTEMPTS as usize);
    assert_eq!(remote.failing_since(), Some(UNIX_EPOCH + Duration::from_secs(1_000_300)));
    source.set(Ok(("two", "2")));
    clock.fetch_add(5, Ordering::Relaxed);
    let (text, place) = ask(&remote, "a").unwrap();
    assert!(text == "two" && !place.contains("stale") && remote.failing_since().is_none());
}

#[test]
fn a_short_absence_is_waited_for() {
    #[derive(Debug, Default)]
    struct Busy(AtomicUsize);
    impl Fetch for Busy {
        fn fetch(&self, _: &str, _: &str) -> Result<Fetched, FetchError> {
            match self.0.fetch_add(1, Ordering::Relaxed) {
                0..3 => Err(FetchError::Away("too many questions".to_owned())),
                _ => Ok(Fetched { text: Secret::from("one"), version: "1".to_owned() }),
            }
        }
    }
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&pauses);
    let remote =
        Remote::new("aws-sm", Busy::default()).clock(SystemTime::now, move |pause| told.lock().unwrap().push(pause));
    assert_eq!(ask(&remote, "a").unwrap().0, "one");
    let pauses = pauses.lock().unwrap().clone();
    for (pause, most) in pauses.iter().zip([100, 200, 400]) {
        assert!((most / 2..=most).contains(&(pause.as_millis() as u64)), "{pauses:?}");
    }
    assert_eq!(pauses.len(), 3);
}

#[test]
fn what_the_source_says_no_to_is_an_error_at_once() {
    let source = Source::new("one");
    let (remote, clock) = remote(&source);
    ask(&remote, "a").unwrap();
    clock.fetch_add(300, Ordering::Relaxed);
    for (answer, code) in [
        (FetchError::Missing("no such secret".to_owned()), "secret.missing"),
        (FetchError::Refused("not permitted".to_owned()), "secret.unreadable"),
    ] {
        source.set(Err(answer));
        let before = source.asked();
        assert_eq!(ask(&remote, "b"), Err(code));
        assert_eq!(source.asked(), before + 1);
    }
    source.set(away());
    assert_eq!(ask(&remote, "c"), Err("secret.unavailable"));
}

#[test]
fn many_who_ask_at_once_are_one_question() {
    #[derive(Debug, Default)]
    struct Slow(AtomicUsize);
    impl Fetch for Slow {
        fn fetch(&self, _: &str, _: &str) -> Result<Fetched, FetchError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(2));
            Ok(Fetched { text: Secret::from("one"), version: "1".to_owned() })
        }
    }
    // Over and over: whoever finds that nobody asks must at once be the one who does.
    for _ in 0..50 {
        let remote = Remote::new("aws-sm", Slow::default());
        all_at_once(16, || assert_eq!(ask(&remote, "a").unwrap().0, "one"));
        assert_eq!(remote.fetch.0.load(Ordering::Relaxed), 1);
    }
}

fn all_at_once(count: usize, what: impl Fn() + Sync) {
    let together = std::sync::Barrier::new(count);
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                together.wait();
                what();
            });
        }
    });
}

#[test]
fn whoever_waited_has_the_answer_of_whoever_asked_also_where_there_is_none() {
    #[derive(Debug, Default)]
    struct Away(AtomicUsize);
    impl Fetch for Away {
        fn fetch(&self, _: &str, _: &str) -> Result<Fetched, FetchError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(50));
            Err(FetchError::Away("it is away".to_owned()))
        }
    }
    let remote = Remote::new("aws-sm", Away::default()).clock(SystemTime::now, |_| {});
    all_at_once(16, || assert_eq!(ask(&remote, "a"), Err("secret.unavailable")));
    let asked = remote.fetch.0.load(Ordering::Relaxed);
    assert!(asked < 16 * ATTEMPTS as usize, "each asked by itself");
    assert_eq!(remote.failing_since(), None, "what was never given is nobody's secret");
    assert!(!remote.refresh(), "nor is it asked for again");
    assert_eq!(remote.fetch.0.load(Ordering::Relaxed), asked);
}

#[test]
fn many_secrets_of_a_source_that_is_away_are_not_many_times_the_patience() {
    let source = Source::new("one");
    let (remote, clock) = remote(&source);
    for name in ["a", "b", "c"] {
        ask(&remote, name).unwrap();
    }
    source.set(away());
    clock.fetch_add(300, Ordering::Relaxed);
    let before = source.asked();
    for name in ["a", "b", "c", "unread"] {
        let _ = ask(&remote, name);
    }
    assert_eq!(source.asked(), before + ATTEMPTS as usize + 3);
    // While it fails, whoever follows leaves it alone for as long as everybody.
    let before = source.asked();
    for _ in 0..10 {
        assert!(!remote.refresh());
    }
    assert_eq!(source.asked(), before);
    assert_eq!(remote.source().unwrap().problem.as_deref(), Some("it is away"));
}

#[test]
fn a_program_starts_with_the_last_known_good_while_the_source_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets.json");
    let sealer: Arc<dyn Sealer> = Arc::new(Fernet::new(KeyRing::new([FernetKey::generate().unwrap()])));
    let source = Source::new("CANARY");
    ask(&remote(&source).0.keep(&file, Arc::clone(&sealer)), "a").unwrap();
    let kept = std::fs::read_to_string(&file).unwrap();
    assert!(kept.contains("fernet:gAAAA") && !kept.contains("CANARY"), "{kept}");

    source.set(away());
    let started = remote(&source).0.keep(&file, Arc::clone(&sealer));
    let (text, place) = ask(&started, "a").unwrap();
    let stale = "stale: its source is away since 1970-01-12T13:46:40Z, a copy kept since 1970-01-12T13:46:40Z";
    assert!(text == "CANARY" && place.ends_with(stale), "{place}");
    assert_eq!(started.source().unwrap().copy_of, Some(UNIX_EPOCH + Duration::from_secs(1_000_000)));
    // A copy that does not say since when, or says no moment, still starts a program.
    std::fs::write(&file, kept.replace("\"at\"", "\"at_\"")).unwrap();
    let (_, place) = ask(&remote(&source).0.keep(&file, Arc::clone(&sealer)), "a").unwrap();
    assert!(place.ends_with("is away since 1970-01-12T13:46:40Z"), "{place}");
    std::fs::write(&file, kept.replace("1000000", &u64::MAX.to_string())).unwrap();
    assert!(ask(&remote(&source).0.keep(&file, Arc::clone(&sealer)), "a").is_ok(), "no moment at all");
    // What was never read is not known, and what another key sealed is not either.
    assert_eq!(ask(&started, "b"), Err("secret.unavailable"));
    let other: Arc<dyn Sealer> = Arc::new(Fernet::new(KeyRing::new([FernetKey::generate().unwrap()])));
    assert_eq!(ask(&remote(&source).0.keep(&file, other), "a"), Err("secret.unavailable"));
}

#[test]
fn a_field_that_is_a_number_is_read_as_it_stands_or_refused() {
    let source =
        Source::new(r#"{"pin": 1234, "large": 12345678901234567890123, "price": 1.10, "yes": true, "none": null}"#);
    let (remote, _) = remote(&source);
    assert_eq!(ask(&remote, "a#pin").unwrap().0, "1234");
    assert_eq!(ask(&remote, "a#yes").unwrap().0, "true");
    for name in ["a#large", "a#price", "a#none"] {
        assert_eq!(ask(&remote, name), Err("secret.missing"), "{name}");
    }
}
