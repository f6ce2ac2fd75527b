//! The least time of a load, by contender: `NAME NANOSECONDS`, a line each.
//!
//! The contenders take turns, and the quickest of many turns counts: so a machine that others use, too, slows all of
//! them or none.

use std::time::{Duration, Instant};

use strata_config_bench::{CONTENDERS, case, compare};

const TURNS: usize = 400;
const LOADS: u32 = 100;

fn main() {
    case::enter_environment();
    compare();
    let mut least = vec![Duration::MAX; CONTENDERS.len()];
    for _ in 0..TURNS {
        for (contender, least) in CONTENDERS.iter().zip(&mut least) {
            let start = Instant::now();
            for _ in 0..LOADS {
                (contender.load)();
            }
            *least = start.elapsed().min(*least);
        }
    }
    for (contender, least) in CONTENDERS.iter().zip(least) {
        println!("{} {}", contender.name, (least / LOADS).as_nanos());
    }
}
