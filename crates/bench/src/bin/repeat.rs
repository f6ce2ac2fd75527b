//! Loads again and again with one contender, for a profiler: `repeat NAME TIMES`.

use std::env;

use strata_config_bench::{CONTENDERS, case};

fn main() {
    case::enter_environment();
    let [_, name, times] = &env::args().collect::<Vec<_>>()[..] else { panic!("usage: repeat NAME TIMES") };
    let contender = CONTENDERS.iter().find(|contender| contender.name == name).expect("no such contender");
    for _ in 0..times.parse().expect("a number of times") {
        (contender.load)();
    }
}
