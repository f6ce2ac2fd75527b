//! Secrets of a remote source of our own: everything that is printed while it gives them, changes them, and gives
//! nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;
use strata_config::{Loader, Resolver as _, Secret};
use strata_config_reload::Live;
use strata_config_secrets::{Fetch, FetchError, Fetched, Remote};

use crate::case::{Case, Marked, Subject};
use crate::collection::Collection;
use crate::documents::{Language, place};
use crate::subjects::for_every_system;

/// What a source answers: texts by name, or nothing.
#[derive(Debug, Clone, Default)]
struct Source(Arc<Mutex<Answers>>);

#[derive(Default)]
struct Answers {
    texts: BTreeMap<String, String>,
    refusal: Option<FetchError>,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} answers", self.texts.len())
    }
}

impl Fetch for Source {
    fn fetch(&self, name: &str, _: &str) -> Result<Fetched, FetchError> {
        let answers = self.0.lock().unwrap();
        if let Some(refusal) = &answers.refusal {
            return Err(refusal.clone());
        }
        let text = answers.texts.get(name).ok_or_else(|| FetchError::Missing("there is no such secret".to_owned()))?;
        Ok(Fetched { text: Secret::from(text.as_str()), version: text.len().to_string() })
    }
}

impl Source {
    /// A source that has all of a case's secrets, each as a whole and as a field.
    fn of(case: &Case) -> Self {
        let source = Self::default();
        source.have(case);
        source
    }

    fn have(&self, case: &Case) {
        let mut answers = self.0.lock().unwrap();
        for (number, secret) in case.secrets.iter().enumerate() {
            answers.texts.insert(format!("whole/{number}"), secret.given.clone());
            answers.texts.insert(format!("fields/{number}"), json!({"field": secret.given}).to_string());
        }
    }

    fn refuse(&self, refusal: Option<FetchError>) {
        self.0.lock().unwrap().refusal = refusal;
    }

    fn remote(self) -> Remote<Self> {
        Remote::new("canary", self)
    }
}

/// The reference that leads to a secret.
fn reference(case: &Case, secret: &Marked) -> String {
    let number = case.secrets.iter().position(|known| known.path == secret.path).expect("it is the case's");
    match number % 3 {
        // A setting that always refers, and the process's own key, are what they are.
        _ if secret.fixed => secret.given.clone(),
        0 => format!("canary:whole/{number}"),
        1 => format!("canary:fields/{number}#field"),
        _ => format!("${{canary:fields/{number}#field@AWSPREVIOUS}}"),
    }
}

fn remote_secrets_are_not_shown<S: Subject>() {
    let case = Case::of::<S>("remote");
    let then = case.again::<S>("remote, then");
    let mut search = case.search();
    then.add_to(&mut search);
    let mut shown = Collection::new(search);
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept.json");
    let source = Source::of(&case);
    let time = Arc::new(Mutex::new(UNIX_EPOCH + Duration::from_secs(1_000_000)));
    let remote = || {
        let now = Arc::clone(&time);
        Arc::new(source.clone().remote().keep(&kept, case.fernet()).clock(move || *now.lock().unwrap(), |_| {}))
    };
    let later = || *time.lock().unwrap() += Duration::from_secs(301);
    let mut document = case.document();
    for secret in &case.secrets {
        *place(&mut document, &secret.path) = reference(&case, secret).into();
    }
    let loader = |remote: &Arc<Remote<Source>>, document: &serde_json::Value| {
        let loader = S::secrets(Loader::<S>::new(), Some(&case.fernet())).resolver(remote.clone());
        loader.text("secrets.json", Language::Json.write(document))
    };

    let first = remote();
    let live = Live::of(loader(&first, &document)).sealer(case.fernet()).open().unwrap();
    case.is_in(&*live.get());
    state(&mut shown, "at first", &live, &first, &kept);
    let why = || "it is away".to_owned();
    for refusal in [FetchError::Away(why()), FetchError::Missing(why()), FetchError::Refused(why())] {
        let what = format!("{refusal:?}");
        source.refuse(Some(refusal));
        later();
        state(&mut shown, &what, &live, &first, &kept);
        // A program that starts meanwhile.
        let second = remote();
        match Live::of(loader(&second, &document)).open() {
            Ok(live) => state(&mut shown, &format!("{what}, from the kept copy"), &live, &second, &kept),
            Err(error) => shown.error(format!("{what}, at the start"), &error),
        }
    }
    source.refuse(None);
    source.have(&then);
    later();
    state(&mut shown, "changed", &live, &first, &kept);
    let changed = then.free().filter(|secret| !secret.fixed).count();
    assert!(changed == 0 || live.version().generation() > 1, "the others are in effect");

    // References that lead nowhere, to no text, or to a text without fields.
    for write in [
        |number: usize| format!("canary:nowhere/{number}"),
        |number: usize| format!("canary:whole/{number}#field"),
        |number: usize| format!("canary:fields/{number}#another"),
        |number: usize| format!("canary:fields/{number}#"),
        |number: usize| format!("x${{canary:fields/{number}"),
    ] {
        let mut wrong = document.clone();
        for (number, secret) in case.secrets.iter().enumerate().filter(|(_, secret)| !secret.fixed) {
            *place(&mut wrong, &secret.path) = write(number).into();
        }
        let outcome = loader(&first, &wrong).read();
        assert!(changed == 0 || !outcome.report().is_valid(), "{}", write(0));
        shown.take("a wrong reference", outcome.report().to_string());
        shown.json("a wrong reference", outcome.report());
        shown.debug("a wrong reference, the outcome", &outcome);
    }
    shown.is_silent(30);
}

/// How a configuration and its source are doing, as everything prints it.
fn state<S: Subject>(shown: &mut Collection, what: &str, live: &Live<S>, remote: &Remote<Source>, kept: &Path) {
    shown.debug(format!("{what}, the remote"), remote);
    shown.debug(format!("{what}, its source"), &remote.source());
    shown.debug(format!("{what}, refreshed"), &remote.refresh());
    match live.refresh_secrets() {
        Ok(changed) => shown.debug(format!("{what}, in effect"), &changed),
        Err(error) => shown.error(format!("{what}, in effect"), &error),
    }
    let status = live.status();
    shown.debug(format!("{what}, the status"), &status);
    shown.take(format!("{what}, the reasons"), status.reasons.join("\n"));
    shown.json(format!("{what}, the sources"), &status.sources);
    shown.json(format!("{what}, explained"), &live.version().explain(&[]));
    if let Ok(bytes) = std::fs::read(kept) {
        shown.take(format!("{what}, the kept copy"), bytes);
    }
}

for_every_system! {
    remote_secrets_are_not_shown;
}
