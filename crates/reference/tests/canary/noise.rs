//! What nobody meant to print: the messages of panics, and logs at their loudest.

use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, Once, PoisonError};
use std::time::Duration;

use strata_config::Loader;
use strata_config_reload::Live;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{fmt, registry};

use crate::case::{Case, Subject};
use crate::sources::plain;
use crate::subjects::for_every_system;

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Keeps the message of every panic of this process, beside what happens to it anyway.
fn keep_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{info} {info:?}"));
            before(info);
        }));
    });
}

/// Keeps everything that any crate logs in this process.
pub(crate) fn keep_log() {
    struct Kept;

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let lines = fmt::layer().with_writer(|| Kept).with_ansi(false);
        registry().with(lines).try_init().expect("nothing else logs in this process");
    });
}

/// What was logged since the start, by everything in this process.
pub(crate) fn logged() -> Vec<u8> {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Runs what panics.
fn fails<T>(program: impl FnOnce() -> T) {
    assert!(panic::catch_unwind(AssertUnwindSafe(program)).is_err(), "it was to panic");
}

fn a_panic_shows_no_secret<S: Subject + PartialEq>() {
    keep_panics();
    let case = Case::of::<S>("panics");
    let other = case.again::<S>("panics, too");
    let mut search = case.search();
    other.add_to(&mut search);
    let mut shown = crate::collection::Collection::new(search);
    let (_brought, loader) = plain::<S>(&case);
    let loaded = loader.clone().load().unwrap();
    let config = loaded.config();

    fails(|| panic!("with {config:?} and {config:#?} in hand, name {}", S::NAME));
    fails(|| loader.clone().load().expect_err("what is loaded is no error"));
    fails(|| Live::of(loader.clone()).open().expect_err("neither is what runs"));
    fails(|| assert!(format!("{config:?}").is_empty(), "of {} in {loader:?}", S::NAME));
    let broken = format!("{} = = \"", crate::documents::Language::Toml.write(&case.document()));
    fails(|| Loader::<S>::new().text("broken.toml", broken.as_str()).load().unwrap());
    fails(|| Live::of(Loader::<S>::new().text("broken.toml", broken.as_str())).open().unwrap());

    let live = Live::of(loader).sealer(case.fernet()).open().unwrap();
    let listener = live.subscribe("", |event| panic!("{} hears {event:?}", S::NAME)).unwrap();
    live.update(&other.document(), "ann").unwrap();
    let secrets = case.free().count();
    while secrets > 0 && listener.panics() == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    let veto = live.veto("a program's", |proposal| panic!("{} refuses {proposal:?}", S::NAME));
    let refused = live.update(&case.document(), "ann");
    assert_eq!(refused.is_err(), secrets > 0, "{refused:?}");
    if let Err(error) = &refused {
        shown.error("a veto that panics", error);
    }
    live.remove_veto(veto);
    if secrets > 0 {
        let wrong = serde_json::json!({ case.secrets[0].path.segments()[0].as_ref(): [case.secrets[0].given] });
        fails(|| live.update(&wrong, "ann").unwrap());
        fails(|| assert_eq!(config, &**live.version().desired(), "{} differs", S::NAME));
    }

    let kept = PANICS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    // Those of other tests in this process are searched as well, for these markers.
    assert!(kept.iter().filter(|message| message.contains(S::NAME)).count() >= 2, "{kept:?}");
    kept.iter().for_each(|message| shown.take("a panic", message));
    shown.is_silent(6);
}

for_every_system! {
    a_panic_shows_no_secret;
}
