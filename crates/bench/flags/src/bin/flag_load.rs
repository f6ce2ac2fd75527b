//! Loads a set of 10,000 flags and 10,000 segments: `NAME MILLISECONDS PEAK HELD`, a line each, the memory in kB.
//! `ours_change` is the next set with one flag changed, `ours_same` the next set of the same definitions.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use strata_config_bench_flags::CONTENDERS;
use strata_config_bench_flags::case::{Case, large};
use strata_config_bench_flags::contender::Contender;
use strata_config_bench_flags::counting::{Counting, counted};
use strata_config_bench_flags::ours::Ours;
use strata_config_flags::model::{Definitions, Flag};
use strata_config_flags::{FlagSet, Sources};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const TURNS: usize = 5;

fn main() {
    for contender in CONTENDERS {
        let document = (contender.document)(&large());
        measure(contender.name, || (contender.load)(&document));
    }
    let definitions: Definitions = serde_json::from_str(&Ours::document(&large())).expect("it was just written");
    let mut sources = Sources::from(definitions);
    let before = FlagSet::compile(sources.clone(), None).expect("all of it is right");
    measure("ours_same", || next(&sources, &before));
    let changed = sources.flags.get_mut(Case::Large.flag(1)).expect("the flag is there");
    assert!(**changed != Flag::Switch(true));
    *changed = Arc::new(Flag::Switch(true));
    measure("ours_change", || next(&sources, &before));
}

/// The next set. Who holds the definitions keeps them, so that a copy of the list is part of it.
fn next(sources: &Sources, before: &FlagSet) -> FlagSet {
    FlagSet::compile(sources.clone(), Some(before)).expect("all of it is right")
}

/// The least time of some turns, and the memory of another one, which counting would slow.
fn measure<T>(name: &str, mut run: impl FnMut() -> T) {
    let mut least = Duration::MAX;
    for _ in 0..TURNS {
        let start = Instant::now();
        let made = black_box(run());
        least = start.elapsed().min(least);
        drop(made);
    }
    let (made, taken) = counted(run);
    drop(made);
    println!("{name} {:.2} {} {}", least.as_secs_f64() * 1000.0, taken.peak / 1000, taken.held / 1000);
}
