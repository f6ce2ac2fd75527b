//! System calls that fail, one after the other: every call of an opening, and of a commit or a migration, that touches its
//! files.

use std::fs;
use std::process::Command;

use super::Chance;
use super::worker::{Said, Worker, say, url};
use crate::Outcome;

/// The calls by which any backend touches its files; but for `fcntl`, by which SQLite locks: no disk makes an unlocking
/// fail, and SQLite takes it for done.
const CALLS: &[&str] = &[
    "openat",
    "fstat",
    "newfstatat",
    "statx",
    "read",
    "pread64",
    "write",
    "pwrite64",
    "lseek",
    "ftruncate",
    "fsync",
    "fdatasync",
    "flock",
    "fchmod",
    "rename",
    "unlink",
    "mkdir",
    "getdents64",
    "mmap",
    "fallocate",
];

const ERRORS: &[&str] = &["EIO", "ENOSPC"];

/// One call fails; or this and all that follow, as on a disk that is full or gone.
const LASTING: &[&str] = &["", "+"];

/// From which failing call on a sweep ends: no commit and no migration makes so many of one kind.
const MOST: usize = 400;

/// Where there is no whole cycle, one call in so many fails, by one of the errors.
const SAMPLE: u64 = 3;

#[derive(Default)]
struct Tally {
    injected: usize,
    failed: usize,
    stored: usize,
    unknown: usize,
}

pub(super) fn run(worker: &Worker, backend: &str, cycles: usize) -> Result<String, String> {
    let (mut tally, mut chance) = (Tally::default(), Chance::new());
    if cycles == 0 {
        for call in CALLS {
            let error = ERRORS[chance.below(ERRORS.len() as u64) as usize];
            let lasting = LASTING[chance.below(LASTING.len() as u64) as usize];
            let mut next = |when| when + 1 + chance.below(2 * SAMPLE - 1) as usize;
            sweep(worker, backend, (call, error, lasting), &mut next, &mut tally)?;
        }
    }
    for _ in 0..cycles {
        for call in CALLS {
            for error in ERRORS {
                for lasting in LASTING {
                    sweep(worker, backend, (call, error, lasting), &mut |when| when + 1, &mut tally)?;
                }
            }
        }
    }
    let Tally { injected, failed, stored, unknown } = tally;
    if failed == 0 || (cycles > 0 && injected < 100) {
        return Err(format!("only {injected} errors were injected, so nothing was shown"));
    }
    Ok(format!(
        "{injected} errors injected: {failed} {} refused and not stored, {stored} stored all the same, {unknown} unknown \
         and said so; 0 corrupt",
        worker.work.name
    ))
}

/// Lets one call of a kind fail, then the next that is chosen, and so on, until there is none.
fn sweep(
    worker: &Worker,
    backend: &str,
    (call, error, lasting): (&str, &str, &str),
    next: &mut dyn FnMut(usize) -> usize,
    tally: &mut Tally,
) -> Outcome {
    let mut when = next(0);
    while when < MOST {
        let directory = worker.directory(&format!("errors-{backend}"))?;
        let url = url(backend, &directory);
        let log = directory.with_extension("strace");
        // There is something to lose.
        expect(&say(&mut worker.command(&[], &["try", &url, "before"]))?, "stored")?;
        let (path, out) = (directory.display().to_string(), log.display().to_string());
        let inject = format!("inject={call}:error={error}:when={when}{lasting}");
        let paths: Vec<String> = files(backend).into_iter().map(|name| format!("{path}/{name}")).collect();
        let mut words = vec!["strace", "-f", "-qq", "-o", &out, "-e", &inject, "-P", &path];
        words.extend(paths.iter().flat_map(|path| ["-P", path]));
        let said = say(&mut worker.command(&words, &["try", &url, "faulty"]))?;
        if !fs::read_to_string(&log).map_err(|error| error.to_string())?.contains("(INJECTED)") {
            return Ok(());
        }
        tally.injected += 1;
        let found = say(&mut worker.command(&[], &["found", &url, "faulty"]))?;
        let after = say(&mut worker.command(&[], &["try", &url, "after"]))?;
        judge(&said, &found, lasting, tally)
            .and_then(|()| expect(&after, "stored"))
            .map_err(|problem| format!("{inject}: {problem}"))?;
        when = next(when);
    }
    Err(format!("{call} is called more than {MOST} times"))
}

/// Whether what was said of a commit or a migration is what is found.
fn judge(said: &Said, found: &Said, lasting: &str, tally: &mut Tally) -> Outcome {
    let (outcome, message) = said.output.lines().next().unwrap_or_default().split_once(' ').unwrap_or_default();
    // While errors last, the one after the faulty one may fail, too.
    if !said.ok && lasting.is_empty() {
        return Err(format!("the next one failed: {}", said.errors.trim()));
    }
    let stored = match (found.ok, found.output.trim()) {
        (true, "stored") => true,
        (true, "absent") => false,
        _ => return Err(format!("what is there is not as it was: {}", found.errors.trim())),
    };
    match outcome {
        "stored" if stored => tally.stored += 1,
        "failed" if !stored => tally.failed += 1,
        "unknown" => tally.unknown += 1,
        _ => return Err(format!("it said `{}`, and it is stored: {stored}", said.output.trim())),
    }
    if outcome != "stored" && message.is_empty() { Err("the error says nothing".to_owned()) } else { Ok(()) }
}

fn expect(said: &Said, outcome: &str) -> Outcome {
    match said.ok && said.output.starts_with(outcome) {
        true => Ok(()),
        false => Err(format!("expected `{outcome}`, got `{}` {}", said.output.trim(), said.errors.trim())),
    }
}

/// The files of a store or a document; strace's paths are no patterns.
fn files(backend: &str) -> Vec<String> {
    let names: &[&str] = match backend {
        "sqlite" => &["strata.db", "strata.db-wal", "strata.db-shm"],
        "file" => &[
            "lock",
            "journal.jsonl",
            "journal.jsonl.unfinished",
            "journal.index",
            "checkpoint.json",
            "checkpoint.json.unfinished",
            "snapshots",
        ],
        format => {
            let beside = ["", ".migrations.jsonl", ".1.bak", ".4.bak"].map(|end| format!("app.{format}{end}"));
            return beside.into_iter().flat_map(|name| [format!("{name}.unfinished"), name]).collect();
        }
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Whether strace can do it here.
pub(super) fn possible() -> Outcome {
    let tried = Command::new("strace").args(["-qq", "-o", "/dev/null", "-e", "inject=fsync:retval=0", "true"]).output();
    match tried {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("strace can't trace here ({})", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("there is no strace here ({error})")),
    }
}
