//! The least time of a load as a configuration grows: `NAME LEAVES NANOSECONDS`, a line each. The contenders take turns.

use std::time::{Duration, Instant};

use strata_config_bench::growth::{CONTENDERS, Documents, SIZES, compare};

const TURNS: usize = 30;

/// The leaves that one turn of one contender loads.
const LEAVES: usize = 10_000;

fn main() {
    compare();
    for (at, leaves) in SIZES.into_iter().enumerate() {
        let documents = Documents::of(leaves);
        let loads = LEAVES / leaves;
        let mut least = vec![Duration::MAX; CONTENDERS.len()];
        for _ in 0..TURNS {
            for (contender, least) in CONTENDERS.iter().zip(&mut least) {
                let start = Instant::now();
                for _ in 0..loads {
                    (contender.load[at])(&documents);
                }
                *least = start.elapsed().min(*least);
            }
        }
        for (contender, least) in CONTENDERS.iter().zip(least) {
            println!("{} {leaves} {}", contender.name, least.as_nanos() / loads as u128);
        }
    }
}
