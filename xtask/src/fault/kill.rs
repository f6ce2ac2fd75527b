//! `kill -9` at any moment: opening, committing, pruning, taking a snapshot; planning, writing a backup, the history.

use std::process::Child;
use std::time::Duration;

use super::Chance;
use super::worker::{Worker, url};

/// The longest that a writer lives, in microseconds; others by their pace.
const LIFE: u64 = 30_000;

pub(super) fn run(worker: &Worker, backend: &str, cycles: usize) -> Result<String, String> {
    let directory = worker.directory_in_memory(&format!("kill-{backend}"))?;
    let url = url(backend, &directory);
    let mut chance = Chance::new();
    let mut acknowledged = 0;
    let mut lines = String::new();
    for cycle in 1..=cycles {
        // One in eight is killed while it opens the store, if not before.
        let wait = chance.below(8) > 0;
        let life = Duration::from_micros(chance.below(LIFE * worker.work.pace));
        let kill = |child: &mut Child| child.kill().map_err(|error| error.to_string());
        let said = worker.work_until(&[], (&url, &lines), (wait, life), kill);
        // Who did not come so far has not looked at what the one before acknowledged; the next one does.
        if let Some(said) = said.map_err(|error| format!("after kill {}: {error}", cycle - 1))? {
            acknowledged += said.lines().count();
            lines = said;
        }
    }
    worker.check(&url, &lines).map_err(|error| format!("after the last kill: {error}"))?;
    let work = worker.work.name;
    if acknowledged == 0 {
        return Err(format!("no {work} were acknowledged, so nothing was shown"));
    }
    Ok(format!("{cycles} kills, {acknowledged} {work} acknowledged: 0 lost, 0 corrupt, nothing left over"))
}
