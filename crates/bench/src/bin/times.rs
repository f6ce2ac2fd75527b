//! The least time of a load, by contender: `times` prints `NAME NANOSECONDS`, a line each.
//! `times repeat NAME TIMES` only loads, for a profiler.
//!
//! The contenders take turns, and the quickest of many turns counts: so a machine that others use, too, slows all of
//! them or none.

use std::env;
use std::time::{Duration, Instant};

use strata_config_bench::{CONTENDERS, Contender, case, compare};

const TURNS: usize = 400;

/// How long a turn of one contender is to take: long enough for the clock, short enough to fall between two others'.
const TURN: Duration = Duration::from_micros(500);

fn main() {
    case::enter_environment();
    let args: Vec<_> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["repeat", name, times] => repeat(name, times.parse().expect("a number of times")),
        [] => times(),
        _ => panic!("usage: times | times repeat NAME TIMES"),
    }
}

fn times() {
    compare();
    let loads: Vec<u32> = CONTENDERS.iter().map(loads_a_turn).collect();
    let mut least = vec![Duration::MAX; CONTENDERS.len()];
    for _ in 0..TURNS {
        for ((contender, loads), least) in CONTENDERS.iter().zip(&loads).zip(&mut least) {
            *least = (time(contender, *loads) / *loads).min(*least);
        }
    }
    for (contender, least) in CONTENDERS.iter().zip(least) {
        println!("{} {}", contender.name, least.as_nanos());
    }
}

fn loads_a_turn(contender: &Contender) -> u32 {
    let one = time(contender, 20) / 20;
    u32::try_from(TURN.as_nanos() / one.as_nanos().max(1)).map_or(u32::MAX, |loads| loads.max(1))
}

fn time(contender: &Contender, loads: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..loads {
        (contender.load)();
    }
    start.elapsed()
}

fn repeat(name: &str, times: usize) {
    let contender = CONTENDERS.iter().find(|contender| contender.name == name).expect("no such contender");
    for _ in 0..times {
        (contender.load)();
    }
}
