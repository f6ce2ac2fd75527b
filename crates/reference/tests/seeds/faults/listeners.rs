//! The fault of listeners, in seeds 001 to 004: shown on the seeds' own loop, and not to happen here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::json;
use strata_config::Loader;
use strata_config_reference::dual_write::{Category, ConfigManager, DualWriteConfig};
use strata_config_reference::phase2a::{ConfigurationManager, Persist, Phase2aConfig};
use strata_config_store::MemoryStore;

use crate::live::WAIT;

type Listener = Box<dyn FnMut(f64) + Send>;

/// What listens, changes and reads in all of them.
trait Manager: Sync {
    fn listen(&self, listener: Listener);
    /// Changes the value that is listened to.
    fn update(&self, value: u8);
    /// The value, where it is to be had without waiting.
    fn read(&self) -> Option<f64>;
    /// How long a listener that is called at all is waited for.
    fn patience(&self) -> Duration;
}

/// The seeds' manager: `with self.config_lock`, the value is set, then each callback is called.
#[derive(Default)]
struct Seed {
    config: Mutex<f64>,
    callbacks: Mutex<Vec<Listener>>,
    /// 000 has `except Exception` around each call; the listeners of 001 and 004 are called as they are.
    catches: bool,
}

impl Manager for Seed {
    fn listen(&self, listener: Listener) {
        self.callbacks.lock().unwrap().push(listener);
    }

    fn update(&self, value: u8) {
        let mut config = self.config.lock().unwrap();
        *config = f64::from(value);
        for callback in self.callbacks.lock().unwrap().iter_mut() {
            if catch_unwind(AssertUnwindSafe(|| callback(*config))).is_err() && !self.catches {
                // An exception ends the loop, and the caller hears that the update failed.
                return;
            }
        }
    }

    fn read(&self) -> Option<f64> {
        self.config.try_lock().ok().map(|config| *config)
    }

    fn patience(&self) -> Duration {
        // It calls one after another: what has not come while one is being called does not come before that ends.
        Duration::from_millis(1)
    }
}

/// Ours, of seed 000. What listens does so for as long as this is there.
struct Rollout {
    manager: ConfigurationManager,
    held: Mutex<Vec<strata_config_reload::Subscription>>,
}

impl Rollout {
    fn new() -> Self {
        let manager = ConfigurationManager::open(Loader::<Phase2aConfig>::new(), Arc::new(MemoryStore::new())).unwrap();
        Self { manager, held: Mutex::default() }
    }
}

impl Manager for Rollout {
    fn listen(&self, mut listener: Listener) {
        let held = self.manager.register_change_callback(move |config| listener(config.rollout_percentage));
        self.held.lock().unwrap().push(held);
    }

    fn update(&self, value: u8) {
        let patch = json!({"rollout_percentage": f64::from(value)});
        self.manager.update_configuration(&patch, Persist::Stored, "ann").unwrap();
    }

    fn read(&self) -> Option<f64> {
        Some(self.manager.config().rollout_percentage)
    }

    fn patience(&self) -> Duration {
        WAIT
    }
}

/// Ours, of seed 001.
struct Sampling {
    manager: ConfigManager,
    held: Mutex<Vec<strata_config_reload::Subscription>>,
}

impl Sampling {
    fn new() -> Self {
        let manager = ConfigManager::open(Loader::<DualWriteConfig>::new()).unwrap();
        Self { manager, held: Mutex::default() }
    }
}

impl Manager for Sampling {
    fn listen(&self, mut listener: Listener) {
        let of = |config: &DualWriteConfig| f64::from(config.percentage_for_category(Category::Critical));
        let held = self.manager.register_change_listener(move |config| listener(of(config)));
        self.held.lock().unwrap().push(held);
    }

    fn update(&self, value: u8) {
        self.manager.update_category_percentage(Category::Critical, value, "ann").unwrap();
    }

    fn read(&self) -> Option<f64> {
        Some(f64::from(self.manager.config().percentage_for_category(Category::Critical)))
    }

    fn patience(&self) -> Duration {
        WAIT
    }
}

/// Runs a check on all: the seed fails it, ours pass.
#[track_caller]
fn fails_on_the_seeds_alone(catches: bool, check: fn(&dyn Manager) -> bool) {
    assert!(!check(&Seed { catches, ..Seed::default() }), "the seed's algorithm passes, so the check shows nothing");
    assert!(check(&Rollout::new()), "ours, of seed 000");
    assert!(check(&Sampling::new()), "ours, of seed 001");
}

/// A listener that tells what it hears.
fn telling(manager: &dyn Manager) -> Receiver<f64> {
    let (sender, heard) = mpsc::channel();
    manager.listen(Box::new(move |value| sender.send(value).unwrap_or_default()));
    heard
}

/// A listener that says when it is called, and goes on when it is told to.
fn blocking(manager: &dyn Manager) -> (Receiver<()>, Sender<()>) {
    let ((tells, called), (release, released)) = (mpsc::channel(), mpsc::channel::<()>());
    manager.listen(Box::new(move |_| {
        let _ = tells.send(());
        released.recv().unwrap_or_default();
    }));
    (called, release)
}

/// Fault 13: one that fails stops those behind it.
#[test]
fn a_listener_that_fails_stops_nobody() {
    fails_on_the_seeds_alone(false, |manager| {
        manager.listen(Box::new(|_| panic!("as a listener may")));
        let heard = telling(manager);
        manager.update(5);
        heard.recv_timeout(manager.patience()) == Ok(5.0)
    });
}

/// Fault 13: one that takes its time stops those behind it, also where failures are caught.
#[test]
fn a_listener_that_blocks_stops_nobody() {
    fails_on_the_seeds_alone(true, |manager| {
        let (called, release) = blocking(manager);
        let heard = telling(manager);
        thread::scope(|scope| {
            scope.spawn(|| manager.update(5));
            called.recv().unwrap();
            let has_heard = heard.recv_timeout(manager.patience()) == Ok(5.0);
            drop(release);
            has_heard
        })
    });
}

/// Fault 13: it is called under the lock, so that nobody can even read meanwhile.
#[test]
fn nobody_who_reads_waits_for_a_listener() {
    fails_on_the_seeds_alone(true, |manager| {
        let (called, release) = blocking(manager);
        thread::scope(|scope| {
            scope.spawn(|| manager.update(5));
            called.recv().unwrap();
            let read = manager.read();
            drop(release);
            read == Some(5.0)
        })
    });
}

/// Fault 13: nor can anybody change anything.
#[test]
fn nobody_who_changes_waits_for_a_listener() {
    fails_on_the_seeds_alone(true, |manager| {
        let (called, release) = blocking(manager);
        thread::scope(|scope| {
            scope.spawn(|| manager.update(5));
            called.recv().unwrap();
            let (done, finished) = mpsc::channel();
            scope.spawn(move || {
                manager.update(6);
                let _ = done.send(());
            });
            let is_done = finished.recv_timeout(manager.patience()).is_ok();
            drop(release);
            is_done
        })
    });
}
