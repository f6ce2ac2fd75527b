//! The time that a load takes, by contender.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use strata_config_bench::case::{JSON, OVERRIDES, TOML, environment};
use strata_config_bench::{by_hand, figment};

fn load(criterion: &mut Criterion) {
    let env = environment();
    let mut group = criterion.benchmark_group("load");
    group.bench_function("by_hand", |bencher| {
        bencher.iter(|| by_hand::load(black_box(JSON), black_box(TOML), &env, &OVERRIDES).unwrap());
    });
    group.bench_function("figment", |bencher| {
        bencher.iter(|| figment::load(black_box(JSON), black_box(TOML), &env, &OVERRIDES).unwrap());
    });
    group.finish();
}

criterion_group!(benches, load);
criterion_main!(benches);
