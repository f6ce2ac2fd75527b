//! The least time of an evaluation, by contender: `flag_times` prints `NAME CASE NANOSECONDS`, a line each.
//! `flag_times repeat NAME CASE TIMES` only evaluates, for a profiler.
//!
//! The contenders take turns, and the quickest of many turns counts, as in `times` of the load.

use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use strata_config_bench_flags::case::{Case, UNITS};
use strata_config_bench_flags::contender::{Entry, Evaluate};
use strata_config_bench_flags::{CONTENDERS, compare};

const TURNS: usize = 200;

/// How long a turn of one contender is to take; the slowest take longer, as a turn asks for every unit at least once.
const TURN: Duration = Duration::from_micros(500);

/// What all turns of one contender may take together.
const ALL_TURNS: Duration = Duration::from_secs(8);

fn main() {
    let args: Vec<_> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["repeat", name, case, times] => repeat(name, case, times.parse().expect("a number of times")),
        [] => times(),
        _ => panic!("usage: flag_times | flag_times repeat NAME CASE TIMES"),
    }
}

/// A contender that takes turns.
struct Runner {
    name: &'static str,
    ready: Box<dyn Evaluate>,
    evaluations: usize,
    turns: usize,
    least: Duration,
}

impl Runner {
    fn new(contender: &Entry, case: Case) -> Self {
        let ready = (contender.ready)(&(contender.document)(&case.set()));
        let pass = time(&*ready, case, UNITS);
        let passes = (TURN.as_nanos() / pass.as_nanos().max(1)).max(1) as usize;
        let turns = (ALL_TURNS.as_nanos() / (pass.as_nanos() * passes as u128)).clamp(3, TURNS as u128) as usize;
        Self { name: contender.name, ready, evaluations: passes * UNITS, turns, least: Duration::MAX }
    }
}

fn times() {
    compare();
    for case in Case::ALL {
        let mut runners: Vec<_> = CONTENDERS.iter().map(|contender| Runner::new(contender, case)).collect();
        for turn in 0..TURNS {
            for runner in runners.iter_mut().filter(|runner| turn < runner.turns) {
                runner.least = time(&*runner.ready, case, runner.evaluations).min(runner.least);
            }
        }
        for runner in runners {
            let nanoseconds = runner.least.as_nanos() as f64 / runner.evaluations as f64;
            println!("{} {} {nanoseconds:.2}", runner.name, case.name());
        }
    }
}

fn time(ready: &dyn Evaluate, case: Case, evaluations: usize) -> Duration {
    let start = Instant::now();
    black_box(ready.evaluate(case, evaluations));
    start.elapsed()
}

fn repeat(name: &str, case: &str, times: usize) {
    let contender = CONTENDERS.iter().find(|contender| contender.name == name).expect("no such contender");
    let case = Case::ALL.into_iter().find(|known| known.name() == case).expect("no such case");
    let ready = (contender.ready)(&(contender.document)(&case.set()));
    black_box(ready.evaluate(case, times));
}
