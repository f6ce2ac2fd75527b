//! AWS Secrets Manager, played by moto's server: `cargo test --features aws,reload --test aws -- --ignored`.
#![cfg(feature = "aws")]

mod away;
mod many;
mod metadata;
mod moto;
mod proxy;
mod reading;
#[cfg(feature = "reload")]
mod running;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use strata_config::{LayeredConfig, Reference, Resolver as _, Secret};
use strata_config_secrets::{AwsSecrets, AwsSettings, Remote, aws};

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct App {
    #[config(secret)]
    url: Secret<String>,
}

/// The time, which stands still until a test turns it.
#[derive(Clone)]
struct Clock(Arc<AtomicU64>);

impl Clock {
    fn turn(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// A client of an address, with a clock that the test turns and no pauses.
fn client(url: &str) -> (Remote<AwsSecrets>, Clock) {
    let settings = AwsSettings::new().region("us-east-1").endpoint(url);
    let settings = settings.credentials("test", Secret::from("CANARY-key"));
    let clock = Clock(Arc::new(AtomicU64::new(1_000_000)));
    let time = clock.clone();
    let now = move || UNIX_EPOCH + Duration::from_secs(time.0.load(Ordering::Relaxed));
    (aws(settings).unwrap().clock(now, |_| {}), clock)
}

/// What a reference leads to, or the code of what is wrong.
fn ask(remote: &Remote<AwsSecrets>, what: &str) -> Result<String, &'static str> {
    let found = remote.resolve(Reference { scheme: "aws-sm", what });
    found.map(|found| found.text.expose().clone()).map_err(|error| error.code())
}

/// Where a reference leads to.
fn place(remote: &Remote<AwsSecrets>, what: &str) -> String {
    remote.resolve(Reference { scheme: "aws-sm", what }).unwrap().place
}
