//! The time that a read of one value takes: ours beside what others would do, alone and while a writer swaps all the time.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};
use std::thread;

use arc_swap::{ArcSwap, Cache};
use criterion::{BenchmarkGroup, Criterion, criterion_group, measurement::WallTime};
use strata_config::LayeredConfig;
use strata_config_bench::ours::Phase2a;
use strata_config_reload::Live;
use tokio::sync::watch;

static FIXED: OnceLock<Phase2a> = OnceLock::new();

fn config() -> Phase2a {
    Phase2a::loader().load().expect("the defaults are right").into_config()
}

/// Every way to read, next to each other; `swap` is told what to replace meanwhile.
fn reads(group: &mut BenchmarkGroup<'_, WallTime>, live: &Live<Phase2a>, others: &Others) {
    let fixed: &'static Phase2a = FIXED.get_or_init(config);
    group.bench_function("static", |bencher| bencher.iter(|| black_box(fixed).max_memory_usage_mb));
    group.bench_function("OnceLock", |bencher| bencher.iter(|| FIXED.get().unwrap().max_memory_usage_mb));
    let mut reader = live.reader();
    group.bench_function("ours: reader", |bencher| bencher.iter(|| reader.get().max_memory_usage_mb));
    let mut cache = Cache::new(Arc::clone(&others.swap));
    group.bench_function("arc-swap Cache", |bencher| bencher.iter(|| cache.load().max_memory_usage_mb));
    group.bench_function("ours: get", |bencher| bencher.iter(|| live.get().max_memory_usage_mb));
    let part = live.project(|config| &config.connection_pool);
    group.bench_function("ours: project", |bencher| bencher.iter(|| part.get().db_pool_size));
    group.bench_function("arc-swap load", |bencher| bencher.iter(|| others.swap.load().max_memory_usage_mb));
    group.bench_function("RwLock", |bencher| bencher.iter(|| others.lock.read().unwrap().max_memory_usage_mb));
    let receiver = others.watch.subscribe();
    group.bench_function("tokio watch", |bencher| bencher.iter(|| receiver.borrow().max_memory_usage_mb));
}

struct Others {
    swap: Arc<ArcSwap<Phase2a>>,
    lock: RwLock<Arc<Phase2a>>,
    watch: watch::Sender<Arc<Phase2a>>,
}

fn read(criterion: &mut Criterion) {
    let live = Live::of(Phase2a::loader()).open().expect("the defaults are right");
    let first = Arc::new(config());
    let others = Others {
        swap: Arc::new(ArcSwap::new(Arc::clone(&first))),
        lock: RwLock::new(Arc::clone(&first)),
        watch: watch::Sender::new(first),
    };
    let mut group = criterion.benchmark_group("read");
    reads(&mut group, &live, &others);
    group.finish();

    // The same while another thread changes everything as fast as it can.
    let (stop, swaps) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let next = Arc::new(config());
            while !stop.load(Ordering::Relaxed) {
                let count = swaps.fetch_add(1, Ordering::Relaxed);
                live.set("max_memory_usage_mb", count % 300 + 100, "bench").expect("within the limits");
                others.swap.store(Arc::clone(&next));
                *others.lock.write().unwrap() = Arc::clone(&next);
                others.watch.send_replace(Arc::clone(&next));
            }
        });
        let mut group = criterion.benchmark_group("read while written");
        reads(&mut group, &live, &others);
        group.finish();
        stop.store(true, Ordering::Relaxed);
    });
    println!("{} changes meanwhile", swaps.load(Ordering::Relaxed));
}

criterion_group!(benches, read);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}
