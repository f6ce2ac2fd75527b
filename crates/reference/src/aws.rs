//! References `aws-sm:…` in every system: one client of AWS Secrets Manager for this process, as its variables say.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use once_cell::sync::OnceCell;
use strata_config::{LayeredConfig, Reference, Resolved, Resolver, Unresolved};
use strata_config_reload::Live;
use strata_config_secrets::{AwsSecrets, AwsSettings, Fernet, Remote, aws, follow};

/// The region where no variable and no profile says one: that of seed 002.
const REGION: &str = "us-east-1";

/// The variable that says how long a secret counts as fresh, such as `60s`; 300 seconds where it is unset, as in seed 002.
const TTL_VARIABLE: &str = "AWS_SECRETS_TTL";

const TTL: Duration = Duration::from_secs(300);

/// The only client of this process: its cache is for everybody.
static CLIENT: OnceCell<Client> = OnceCell::new();

struct Client {
    secrets: Arc<Remote<AwsSecrets>>,
    ttl: Duration,
}

/// Where a system keeps the newest secrets, sealed, for a start while AWS is away.
pub(crate) fn copy(directory: &str) -> PathBuf {
    format!("{directory}-secrets.json").into()
}

/// What reads the references. Where it can't be had, every reference is an error that says why, and a program that needs none
/// goes on.
pub(crate) fn resolver(directory: &str, keys: Option<&Arc<Fernet>>) -> Arc<dyn Resolver> {
    match CLIENT.get_or_try_init(|| client(&copy(directory), keys)) {
        Ok(client) => Arc::clone(&client.secrets) as Arc<dyn Resolver>,
        Err(problem) => Arc::new(Unusable(problem)),
    }
}

/// Takes in what is rotated while a system runs, before its time is up.
pub(crate) fn follow_rotations<C: LayeredConfig>(live: &Live<C>) -> std::io::Result<()> {
    let Some(client) = CLIENT.get() else { return Ok(()) };
    // A fifth of the time is left when a secret is asked for again: this is often enough to use it.
    follow(live, &client.secrets, (client.ttl / 10).clamp(Duration::from_millis(100), Duration::from_secs(30)))
}

fn client(copy: &Path, keys: Option<&Arc<Fernet>>) -> Result<Client, String> {
    let ttl = match std::env::var(TTL_VARIABLE) {
        Ok(text) if !text.trim().is_empty() => ttl(text.trim())?,
        _ => TTL,
    };
    // Endpoint, credentials and, where they say one, region are those of every program of AWS's.
    let secrets = aws(AwsSettings::new().default_region(REGION)).map_err(|error| error.to_string())?.ttl(ttl);
    let secrets = match keys {
        Some(keys) => secrets.keep(copy, Arc::clone(keys) as _),
        None => secrets,
    };
    Ok(Client { secrets: Arc::new(secrets), ttl })
}

/// A time as people write it, or in seconds.
fn ttl(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map(Duration::from_secs).ok();
    let ttl = seconds.or_else(|| humantime::parse_duration(text).ok()).filter(|ttl| !ttl.is_zero());
    ttl.ok_or_else(|| format!("{TTL_VARIABLE} is no time such as 60s"))
}

/// Reads nothing, and says why.
struct Unusable(String);

impl Resolver for Unusable {
    fn schemes(&self) -> &[&str] {
        &["aws-sm"]
    }

    fn resolve(&self, _: Reference<'_>) -> Result<Resolved, Unresolved> {
        Err(Unresolved::unavailable(self.0.clone()))
    }
}

impl fmt::Debug for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unusable").field(&self.0).finish()
    }
}
