//! Counts what a load allocates, by contender: `NAME ALLOCATIONS BYTES`, a line each.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use strata_config_bench::{CONTENDERS, case, compare};

static COUNT: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counting. A reallocation counts as one more, with the bytes that it adds.
struct Counting;

// SAFETY: every call is the system allocator's, with the caller's own arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.saturating_sub(layout.size()));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(bytes: usize) {
    COUNT.fetch_add(1, Ordering::Relaxed);
    BYTES.fetch_add(bytes, Ordering::Relaxed);
}

/// The second load counts: the first fills what a library keeps for the whole program.
fn main() {
    case::enter_environment();
    compare();
    for contender in CONTENDERS {
        (contender.load)();
        let before = (COUNT.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
        (contender.load)();
        let after = (COUNT.load(Ordering::Relaxed), BYTES.load(Ordering::Relaxed));
        println!("{} {} {}", contender.name, after.0 - before.0, after.1 - before.1);
    }
}
