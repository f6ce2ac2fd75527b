//! A service whose settings change while it runs: `cargo run -p strata-config-reload --example service`.

use std::error::Error;
use std::io::{self, Write};
use std::sync::mpsc;

use strata_config::LayeredConfig;
use strata_config_reload::{Actor, Live};
use strata_config_store::HistoryQuery;

/// The service's settings.
#[derive(LayeredConfig, Debug)]
#[config(env_prefix = "SERVICE")]
struct ServiceConfig {
    /// Requests that are served at once: SERVICE_PARALLEL.
    #[config(default = 8, validate(range(min = 1, max = 64)))]
    parallel: u32,
}

/// Serves, and says what it does.
pub(crate) fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let live = Live::of(ServiceConfig::loader().env()).open()?;
    writeln!(out, "serving {} requests at once", live.get().parallel)?;

    // A worker pool hears of its own setting, on a thread of its own.
    let (told, heard) = mpsc::channel();
    let _pool = live.subscribe("parallel", move |event| told.send(event.after.running().parallel).unwrap_or(()))?;
    live.set("parallel", 32, Actor::new("ann").because("the launch"))?;
    writeln!(out, "the pool has {} workers now", heard.recv()?)?;

    // A mistake changes nothing.
    if let Err(error) = live.set("parallel", 100, "bob") {
        writeln!(out, "{error}")?;
    }
    for entry in live.history(&HistoryQuery::default())? {
        let change = &entry.changes[0];
        let shown =
            |value: &Option<strata_config_store::Json>| value.as_ref().map_or("-", |json| json.as_str()).to_owned();
        writeln!(out, "{}: {} {} -> {}", entry.actor, change.path, shown(&change.old), shown(&change.new))?;
    }
    Ok(())
}

#[cfg_attr(test, expect(dead_code, reason = "a test calls `run`"))]
fn main() -> Result<(), Box<dyn Error>> {
    run(&mut io::stdout())
}
