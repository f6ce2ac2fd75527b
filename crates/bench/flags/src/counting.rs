//! The system's allocator, counting where it is told to.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

static COUNTS: AtomicBool = AtomicBool::new(false);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);
static FREED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The system's allocator, counting. A reallocation counts as one more, with the bytes that it adds.
pub struct Counting;

// SAFETY: every call is the system allocator's, with the caller's own arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if COUNTS.load(Relaxed) {
            FREED.fetch_add(layout.size(), Relaxed);
        }
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.saturating_sub(layout.size()), layout.size().saturating_sub(size));
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn count(bytes: usize, freed: usize) {
    if !COUNTS.load(Relaxed) {
        return;
    }
    ALLOCATIONS.fetch_add(1, Relaxed);
    let freed = FREED.fetch_add(freed, Relaxed) + freed;
    let taken = BYTES.fetch_add(bytes, Relaxed) + bytes;
    PEAK.fetch_max(taken.saturating_sub(freed), Relaxed);
}

/// What something took of memory.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    pub allocations: usize,
    pub bytes: usize,
    /// The most that it held at one time.
    pub peak: usize,
    /// What it still held in the end.
    pub held: usize,
}

/// Counts what something takes. One thread counts at a time.
pub fn counted<T>(run: impl FnOnce() -> T) -> (T, Taken) {
    for counter in [&ALLOCATIONS, &BYTES, &FREED, &PEAK] {
        counter.store(0, Relaxed);
    }
    COUNTS.store(true, Relaxed);
    let result = run();
    COUNTS.store(false, Relaxed);
    let (bytes, freed) = (BYTES.load(Relaxed), FREED.load(Relaxed));
    let held = bytes.saturating_sub(freed);
    (result, Taken { allocations: ALLOCATIONS.load(Relaxed), bytes, peak: PEAK.load(Relaxed), held })
}
