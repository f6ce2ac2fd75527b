//! Counts what evaluations allocate, by contender: `NAME CASE ALLOCATIONS BYTES`, a line each, of one evaluation in
//! the mean of all units.

use std::hint::black_box;

use strata_config_bench_flags::case::{Case, UNITS};
use strata_config_bench_flags::counting::{Counting, counted};
use strata_config_bench_flags::{CONTENDERS, compare};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    compare();
    for case in Case::SMALL {
        for contender in CONTENDERS {
            let ready = (contender.ready)(&(contender.document)(&case.set()));
            // The first pass fills what a library keeps.
            black_box(ready.evaluate(case, UNITS));
            let (_, taken) = counted(|| black_box(ready.evaluate(case, UNITS)));
            let mean = |count: usize| count as f64 / UNITS as f64;
            println!("{} {} {:.1} {:.0}", contender.name, case.name(), mean(taken.allocations), mean(taken.bytes));
        }
    }
}
