//! Settings that are there again after a restart, in a store on disk:
//! `cargo run -p strata-config-reload --example durable [DIRECTORY]`.

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use strata_config::LayeredConfig;
use strata_config_reload::{Live, Point};

/// The service's settings.
#[derive(LayeredConfig, Debug)]
struct ServiceConfig {
    /// Requests that are served at once.
    #[config(default = 8)]
    parallel: u32,
    /// What is logged.
    #[config(default = "info")]
    log: String,
}

/// What the service does each time that it starts.
fn start(directory: &Path) -> Result<Live<ServiceConfig>, Box<dyn Error>> {
    let store = strata_config_store::open(&format!("file:{}", directory.display()))?;
    Ok(Live::of(ServiceConfig::loader()).store(store).open()?)
}

/// Runs the service twice, and says what it has.
pub(crate) fn run(directory: &Path, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let live = start(directory)?;
    let snapshot = live.snapshot("as delivered", ["delivered"], "ann")?;
    live.update(&json!({"parallel": 32, "log": "debug"}), "ann")?;
    // For this process alone: nobody wants that after the next start.
    live.update_here(&json!({"log": "trace"}), "ann")?;
    writeln!(out, "first run: {} at once, log {}", live.get().parallel, live.get().log)?;
    drop(live);

    let live = start(directory)?;
    writeln!(out, "second run: {} at once, log {}", live.get().parallel, live.get().log)?;
    live.rollback(&Point::Snapshot(snapshot.id), "bob")?;
    writeln!(out, "rolled back: {} at once, log {}", live.get().parallel, live.get().log)?;
    Ok(())
}

#[cfg_attr(test, expect(dead_code, reason = "a test calls `run`"))]
fn main() -> Result<(), Box<dyn Error>> {
    let directory =
        std::env::args_os().nth(1).map_or_else(|| std::env::temp_dir().join("strata-durable"), PathBuf::from);
    run(&directory, &mut io::stdout())
}
