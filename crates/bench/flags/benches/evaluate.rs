//! The time that an evaluation takes, by contender.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, criterion_group};
use strata_config_bench_flags::case::Case;
use strata_config_bench_flags::{CONTENDERS, compare};

fn evaluate(criterion: &mut Criterion) {
    for case in Case::SMALL {
        let mut group = criterion.benchmark_group(format!("evaluate, {}", case.name()));
        for contender in CONTENDERS {
            let ready = (contender.ready)(&(contender.document)(&case.set()));
            group.bench_function(contender.name, |bencher| {
                bencher.iter_custom(|times| {
                    let start = Instant::now();
                    black_box(ready.evaluate(case, times as usize));
                    start.elapsed()
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, evaluate);

fn main() {
    compare();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
