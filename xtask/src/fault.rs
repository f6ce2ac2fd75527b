//! `cargo xtask fault`: what commits and migrations keep when their process is killed, their machine loses power, or their
//! system calls fail.

mod errors;
mod kill;
mod power;
mod worker;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::Outcome;
use worker::{WORKS, Worker};

/// What is done to a worker at a backend, so many times; the answer is a line for a person.
type Fault = fn(&Worker, backend: &str, cycles: usize) -> Result<String, String>;

struct Kind {
    name: &'static str,
    run: Fault,
    /// Cycles where nobody says how many.
    cycles: usize,
    /// Cycles in `cargo xtask ci`.
    ci: usize,
    /// Whether this machine can do it, or why not.
    possible: fn() -> Outcome,
}

const KINDS: &[Kind] = &[
    Kind { name: "kill", run: kill::run, cycles: 10_000, ci: 100, possible: || Ok(()) },
    Kind { name: "power", run: power::run, cycles: 1_000, ci: 20, possible: power::possible },
    Kind { name: "errors", run: errors::run, cycles: 1, ci: 1, possible: errors::possible },
];

/// Runs one kind of fault, on one work and backend or all.
pub(crate) fn run(args: &[&str]) -> Outcome {
    let usage = "fault takes kill, power or errors, then --work commits|migrations, --backend toml|yaml|json|file|sqlite \
                 and --cycles N";
    let (name, mut rest) = args.split_first().ok_or(usage)?;
    let kind = KINDS.iter().find(|kind| kind.name == *name).ok_or(usage)?;
    let (mut work, mut backend, mut cycles) = (None, None, kind.cycles);
    while let [option, value, others @ ..] = rest {
        match *option {
            "--work" if WORKS.iter().any(|known| known.name == *value) => work = Some(*value),
            "--backend" if WORKS.iter().any(|known| known.backends.contains(value)) => backend = Some(*value),
            "--cycles" => cycles = value.parse().map_err(|_| usage)?,
            _ => return Err(usage.to_owned()),
        }
        rest = others;
    }
    if !rest.is_empty() {
        return Err(usage.to_owned());
    }
    (kind.possible)()?;
    for known in WORKS.iter().filter(|known| work.is_none_or(|work| known.name == work)) {
        let chosen = |known: &&str| backend.is_none_or(|backend| *known == backend);
        let backends: Vec<&str> = known.backends.iter().copied().filter(chosen).collect();
        if !backends.is_empty() {
            inflict(&Worker::build(known, "release")?, kind, &backends, cycles)?;
        }
    }
    Ok(())
}

/// A few of each kind, as a check of `cargo xtask ci`. What this machine can't do is said.
pub(crate) fn check() -> Outcome {
    let mut failed = Vec::new();
    for work in WORKS {
        let worker = Worker::build(work, "dev")?;
        failed.extend(KINDS.iter().filter_map(|kind| match (kind.possible)() {
            Ok(()) => inflict(&worker, kind, work.checked, kind.ci / work.share).err(),
            Err(reason) => {
                println!("{}: NOT RUN, {reason}", kind.name);
                None
            }
        }));
    }
    crate::all_or_nothing(failed)
}

fn inflict(worker: &Worker, kind: &Kind, backends: &[&str], cycles: usize) -> Outcome {
    for backend in backends {
        let outcome = (kind.run)(worker, backend, cycles);
        let outcome = outcome.map_err(|error| format!("{} {} {backend}: {error}", kind.name, worker.work.name))?;
        println!("{} {backend}: {outcome}", kind.name);
    }
    Ok(())
}

/// Moments that nobody foresees: xorshift64*, seeded by the clock.
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(now.as_nanos() as u64 | 1)
    }

    /// A number below another.
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % end
    }
}
