//! A device's program, as small as it gets: it finds its board, loads Phase 2A from a file and the environment, follows
//! the file, reloads it two thousand times, evaluates flags, and tells its memory after each step.
//!
//! Everything that it prints is a line of `NAME VALUE…`, for `cargo xtask pi` to read; the last is `end ok` or `end ERROR`.

mod board;
mod document;
mod phase2a;
mod units;

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use strata_config::{LayerKind, LayeredConfig, Mode, Profile};
use strata_config_flags::Flags;
use strata_config_reload::{Changes, Event, Live, WatchOptions};
use strata_config_store::FileStore;
use strata_device_memory::tell;

use document::Document;
use phase2a::{Phase2aConfig, collect};

/// Reloads after which the memory is told.
const TOLD: [u64; 4] = [1, 100, 1_000, 2_000];

/// Changes of the file that nothing but the watching reports.
const WATCHED: u64 = 3;

/// How long the watching may take for one of them. A busy emulator is slow.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    match run() {
        Ok(()) => {
            println!("end ok");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("end {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let directory = env::args_os().nth(1).map(PathBuf::from).ok_or("say in which directory to work")?;
    tell("start")?;
    let profile = board::choose(Path::new("/"))?;
    tell("detected")?;
    let document = Document::new(&directory)?;
    let live = open(&document, &directory, profile)?;
    let flags = Flags::follow_with(&live, collect)?;
    tell("loaded")?;
    tell_capped(&live)?;
    live.set("request_pipeline.batch_size", 7, "the device")?;
    println!("stored revision={} at={}", live.version().revision(), live.status().store);
    reload(&live, &document)?;
    watch(&live, &document)?;
    units::evaluate(&flags);
    tell("end")?;
    Ok(())
}

fn open(
    document: &Document,
    directory: &Path,
    profile: Option<Profile>,
) -> Result<Live<Phase2aConfig>, Box<dyn Error>> {
    let loader = Phase2aConfig::loader().file(document.path()).env().mode(Mode::Lenient);
    let loader = match profile {
        Some(profile) => loader.profile(profile),
        None => loader.no_profile(),
    };
    let store = Arc::new(FileStore::open(directory.join("store"))?);
    Ok(Live::of(loader).store(store).watch(WatchOptions::new()).open()?)
}

/// Tells every setting whose value was not taken as it was, and why.
fn tell_capped(live: &Live<Phase2aConfig>) -> Result<(), Box<dyn Error>> {
    let version = live.version();
    for value in version.explain(&[]) {
        if value.origin.as_ref().is_some_and(|origin| origin.layer == LayerKind::Fallback) {
            println!("capped {} {} {value}", value.path, serde_json::to_string(&value.value)?);
        }
    }
    for finding in version.warnings().findings() {
        println!("warned {} {} {}", finding.code, finding.path, finding.message);
    }
    board::tell_budget(&version);
    Ok(())
}

/// Changes the file and reads it again, thousands of times; every change is an event.
fn reload(live: &Live<Phase2aConfig>, document: &Document) -> Result<(), Box<dyn Error>> {
    let source = live.status().sources.first().map(|source| source.name.clone()).ok_or("there is no source")?;
    let mut changes = live.changes();
    let mut seen = 0;
    for number in 1..=*TOLD.last().unwrap_or(&0) {
        document.write(number)?;
        // The watching may have been quicker.
        live.reload(&source)?;
        seen += take(&mut changes, Duration::ZERO, number);
        let (found, written) = (live.get().request_pipeline.cache_ttl_seconds, Document::cache_ttl(number));
        if found != written {
            return Err(format!("after reload {number} the setting is {found}, the file says {written}").into());
        }
        if TOLD.contains(&number) {
            tell(&format!("reloads={number}"))?;
        }
    }
    println!("reloads asked={} seen={seen} missed={}", TOLD[TOLD.len() - 1], changes.missed());
    Ok(())
}

/// Changes the file and leaves it to the watching to see that.
fn watch(live: &Live<Phase2aConfig>, document: &Document) -> Result<(), Box<dyn Error>> {
    let mut changes = live.changes();
    let mut seen = 0;
    for number in (1..=WATCHED).map(|number| TOLD[TOLD.len() - 1] + number) {
        document.write(number)?;
        seen += take(&mut changes, PATIENCE, number);
    }
    println!("watched asked={WATCHED} seen={seen}");
    Ok(())
}

/// Takes the next event within a time; whether it is of the content of this number.
fn take(changes: &mut Changes<Phase2aConfig>, time: Duration, number: u64) -> u64 {
    let event = changes.next_within(time);
    let is_it = |event: &Event<Phase2aConfig>| {
        event.after.running().request_pipeline.cache_ttl_seconds == Document::cache_ttl(number)
    };
    u64::from(event.is_some_and(|event| is_it(&event)))
}
