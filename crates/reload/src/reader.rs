//! Reading the running configuration: no lock, no wait.

use std::ops::Deref;
use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};

/// The configuration at one moment; it stays what it is while this is held.
#[derive(Debug)]
pub struct Guard<C>(pub(crate) arc_swap::Guard<Arc<C>>);

impl<C> Guard<C> {
    /// The configuration to keep for longer.
    #[must_use]
    pub fn into_arc(self) -> Arc<C> {
        arc_swap::Guard::into_inner(self.0)
    }
}

impl<C> Deref for Guard<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

/// A reader for hot loops: it looks whether there is something new, and else gives what it has.
#[derive(Debug, Clone)]
pub struct Reader<C> {
    cache: Cache<Arc<ArcSwap<C>>, Arc<C>>,
}

impl<C> Reader<C> {
    pub(crate) fn new(current: Arc<ArcSwap<C>>) -> Self {
        Self { cache: Cache::new(current) }
    }

    /// The configuration as it is now.
    #[inline]
    pub fn get(&mut self) -> &C {
        self.cache.load()
    }
}

/// One part of a configuration, read as the whole is: for a component that need not know the rest.
#[derive(Debug)]
pub struct Projection<C, T: ?Sized> {
    pub(crate) current: Arc<ArcSwap<C>>,
    pub(crate) part: fn(&C) -> &T,
}

impl<C, T: ?Sized> Projection<C, T> {
    /// The part as it is now.
    #[must_use]
    pub fn get(&self) -> Projected<C, T> {
        Projected { whole: self.current.load(), part: self.part }
    }
}

impl<C, T: ?Sized> Clone for Projection<C, T> {
    fn clone(&self) -> Self {
        Self { current: Arc::clone(&self.current), part: self.part }
    }
}

/// A part of the configuration at one moment.
#[derive(Debug)]
pub struct Projected<C, T: ?Sized> {
    whole: arc_swap::Guard<Arc<C>>,
    part: fn(&C) -> &T,
}

impl<C, T: ?Sized> Deref for Projected<C, T> {
    type Target = T;

    fn deref(&self) -> &T {
        (self.part)(&self.whole)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Instant;

    use strata_config::LayeredConfig;

    use crate::live::Live;
    use crate::version::Version;

    #[derive(LayeredConfig, Debug)]
    #[config(crate = strata_config)]
    struct Pair {
        #[config(default = 0)]
        one: u64,
        #[config(default = 0)]
        other: u64,
    }

    /// As fast as versions can be made, which is far faster than they can be stored: some hundred thousand a second.
    #[test]
    fn no_swap_is_seen_torn_or_out_of_order() {
        const SWAPS: u64 = 200_000;
        let live = Live::of(Pair::loader()).open().unwrap();
        let done = AtomicBool::new(false);
        let read = |mut one: Box<dyn FnMut() -> (u64, u64)>| {
            let (mut last, mut reads) = (0, 0_u64);
            while !done.load(Ordering::Relaxed) {
                let (left, right) = one();
                assert_eq!(left, right, "torn");
                assert!(left >= last, "{left} after {last}");
                (last, reads) = (left, reads + 1);
            }
            reads
        };
        thread::scope(|scope| {
            let (by_get, mut reader, by_version) = (live.clone(), live.reader(), live.clone());
            let project = live.project(|pair| pair);
            let readers: Vec<Box<dyn FnMut() -> (u64, u64) + Send>> = vec![
                Box::new(move || {
                    let pair = by_get.get();
                    (pair.one, pair.other)
                }),
                Box::new(move || {
                    let pair = reader.get();
                    (pair.one, pair.other)
                }),
                Box::new(move || {
                    let pair = project.get();
                    (pair.one, pair.other)
                }),
                Box::new(move || {
                    let version = by_version.version();
                    (version.running().one, version.revision())
                }),
            ];
            let threads: Vec<_> = readers.into_iter().map(|one| scope.spawn(move || read(one))).collect();
            let start = Instant::now();
            let first = live.version();
            for number in 1..=SWAPS {
                let running = Arc::new(Pair { one: number, other: number });
                let desired = Arc::clone(&running);
                live.show(Arc::new(Version { running, desired, revision: number, ..Version::clone(&first) }));
            }
            let rate = SWAPS as f64 / start.elapsed().as_secs_f64();
            done.store(true, Ordering::Relaxed);
            let reads: u64 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
            println!("{rate:.0} swaps a second, {reads} reads");
        });
        assert_eq!(live.get().one, SWAPS);
    }
}
