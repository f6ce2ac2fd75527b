//! What a change costs: `NAME LEAVES MICROSECONDS ALLOCATIONS BYTES`, a line each.

use std::alloc::{GlobalAlloc, Layout, System};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use strata_config::{LayeredConfig, diff};
use strata_config_bench::ours::Phase2a;
use strata_config_reload::Live;

static COUNT: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counting.
struct Counting;

// SAFETY: every call is the system allocator's, with the caller's own arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
struct Wide {
    #[config(default = [])]
    entries: BTreeMap<String, u64>,
    #[config(default = 0)]
    one: u64,
}

fn main() {
    let live = Live::of(Phase2a::loader()).open().expect("the defaults are right");
    let mut next = 0_u64;
    measure("set", 51, 2_000, || {
        next += 1;
        live.set("max_memory_usage_mb", next % 300 + 100, "bench").expect("within the limits");
    });
    for leaves in [100, 1_000, 10_000] {
        let entries = |from: u64| (from..from + leaves).map(|key| (format!("k{key:06}"), key)).collect();
        let old = Wide { entries: entries(0), one: 0 };
        let moved = Wide { entries: entries(leaves / 2), one: 1 };
        let one = Wide { one: 1, ..old.clone() };
        let rounds = (100_000 / leaves).min(200) as usize;
        measure("diff of one", leaves, rounds, || drop(black_box(diff(&old, &one))));
        measure("diff of all", leaves, rounds, || drop(black_box(diff(&old, &moved))));
        let live = Live::of(Wide::loader().text("wide.json", json(&old.entries))).open().expect("it is right");
        let mut next = 0_u64;
        measure("set one", leaves, rounds, || {
            next += 1;
            live.set("one", next, "bench").expect("it is right");
        });
    }
}

fn json(entries: &BTreeMap<String, u64>) -> String {
    let entries: Vec<String> = entries.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
    format!("{{\"entries\": {{{}}}}}", entries.join(", "))
}

fn measure(name: &str, leaves: u64, rounds: usize, mut run: impl FnMut()) {
    (0..rounds / 10 + 1).for_each(|_| run());
    let before = (COUNT.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    let begin = Instant::now();
    (0..rounds).for_each(|_| run());
    let time = begin.elapsed().as_secs_f64() * 1e6 / rounds as f64;
    let after = (COUNT.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
    let (count, bytes) = ((after.0 - before.0) / rounds, (after.1 - before.1) / rounds);
    println!("{name} {leaves} {time:.1} {count} {bytes}");
}
