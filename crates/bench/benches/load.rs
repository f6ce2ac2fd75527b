//! The time that a load takes, by contender.

use criterion::{Criterion, criterion_group};
use strata_config_bench::{CONTENDERS, case, compare};

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    for contender in CONTENDERS {
        group.bench_function(contender.name, |bencher| bencher.iter(contender.load));
    }
    group.finish();
}

criterion_group!(benches, load);

fn main() {
    case::enter_environment();
    compare();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
