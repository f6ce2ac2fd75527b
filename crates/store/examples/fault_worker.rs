//! The program that `cargo xtask fault` kills, unplugs and lies to: it commits, says so, and looks what is there.

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use strata_config_store::{
    CommitError, Committed, Documents, Draft, Json, Limit, NewSnapshot, Retention, Store, StoreError, Timestamp, open,
};

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args[..] {
        ["work", url] => work(url),
        ["check", url] => check(url).map(drop),
        ["try", url, request] => attempt(url, request),
        ["found", url, request] => found(url, request),
        _ => Err("usage: fault_worker work URL | check URL | try URL REQUEST | found URL REQUEST".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Looks at the store as [`check`] does, says `open`, and commits until it is killed. Each commit that the store has
/// acknowledged is a line `REVISION HASH`; now and then there is a snapshot, and the history is pruned.
fn work(url: &str) -> Outcome {
    let store = check(url)?;
    let mut state = store.load()?;
    writeln!(io::stdout().lock(), "open")?;
    loop {
        let draft = Draft::new("worker", "fault", Timestamp::now());
        let entry = store.commit(state.revision, &documents(state.revision + 1), draft)?.into_entry();
        writeln!(io::stdout().lock(), "{} {}", entry.revision, entry.hash)?;
        if entry.revision % 7 == 0 {
            store.create_snapshot(NewSnapshot { at: Timestamp::now(), ..NewSnapshot::default() })?;
        }
        if entry.revision % 100 == 0 {
            let keep = |count| Limit { count: Some(count), age: None };
            store.prune(&Retention { history: keep(20), snapshots: keep(5), ..Retention::default() })?;
        }
        state = entry.state();
    }
}

/// Documents of several blocks, each time of another length.
fn documents(revision: u64) -> Documents {
    let text = "x".repeat((revision * 997 % 8_000) as usize);
    Documents { runtime: Json::of(&(revision, text)).expect("a tuple"), ..Documents::default() }
}

/// Opens the store as it was left, and fails where it is damaged, where an acknowledged commit is not there (lines as
/// above, on standard input), or where something unfinished still lies about.
fn check(url: &str) -> Result<Arc<dyn Store>, Box<dyn Error>> {
    let store = open(url)?;
    let state = store.load()?;
    let verified = store.verify()?;
    if let Some(damage) = verified.damages.first() {
        return Err(format!("corrupt: {damage}").into());
    }
    if state.revision > 0 && state.documents != documents(state.revision) {
        return Err(format!("corrupt: revision {} has the documents of another", state.revision).into());
    }
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (revision, hash) = line.split_once(' ').ok_or("expected `REVISION HASH`")?;
        let revision: u64 = revision.parse()?;
        let entry = store.entry(revision)?;
        if entry.is_none_or(|entry| entry.hash.to_string() != hash) && revision > verified.anchor.revision {
            return Err(
                format!("lost: revision {revision} was acknowledged; the store is at {}", state.revision).into()
            );
        }
    }
    store.snapshots()?;
    left_over(url)?;
    Ok(store)
}

/// What a start should have swept away.
fn left_over(url: &str) -> Outcome {
    let Some(directory) = url.strip_prefix("file:") else { return Ok(()) };
    for directory in [directory.to_owned(), format!("{directory}/snapshots")] {
        for entry in fs::read_dir(Path::new(&directory))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name.ends_with(".unfinished") {
                return Err(format!("left over: {directory}/{name}").into());
            }
        }
    }
    Ok(())
}

/// Commits a request while system calls fail. Prints what it came to: `stored`, `unknown` or `failed`, and after it what
/// the store said. If it was not stored, the next commit has to be; where not, this fails.
fn attempt(url: &str, request: &str) -> Outcome {
    let store = match open(url) {
        Ok(store) => store,
        Err(error) => return say("failed", &error),
    };
    match commit_request(&*store, request) {
        Ok(_) => return say("stored", &""),
        Err(CommitError::Unknown(error)) => say("unknown", &error)?,
        Err(CommitError::Failed(error)) => say("failed", &error)?,
        Err(error @ CommitError::Conflict { .. }) => return Err(error.into()),
    }
    let next = format!("{request}, then");
    match commit_request(&*store, &next) {
        Err(CommitError::Failed(error)) if error.is_stopped() => commit_request(&*open(url)?, &next)?,
        outcome => outcome?,
    };
    Ok(())
}

fn commit_request(store: &dyn Store, request: &str) -> Result<Committed, CommitError> {
    let revision = store.load().map_err(CommitError::Failed)?.revision;
    let draft = Draft { request: Some(request.to_owned()), ..Draft::new("worker", "fault", Timestamp::now()) };
    store.commit(revision, &documents(revision + 1), draft)
}

fn say(what: &str, why: &dyn std::fmt::Display) -> Outcome {
    Ok(writeln!(io::stdout().lock(), "{what} {why}")?)
}

/// Prints whether a request is stored, after a look at everything.
fn found(url: &str, request: &str) -> Outcome {
    let found = check(url)?.by_request(request).map_err(|error: StoreError| error.to_string())?;
    Ok(writeln!(io::stdout().lock(), "{}", if found.is_some() { "stored" } else { "absent" })?)
}
