//! What happens around the flags, told to whoever subscribes: bounded queues that never hold up who tells.

use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::model::{Moment, Trip};

/// Something that happened to the flags of a program.
#[derive(Debug, Clone, PartialEq)]
pub enum FlagEvent {
    /// Another set is in use.
    Replaced {
        /// The revision of the configuration that it belongs to.
        revision: u64,
        /// How many sets this program has used.
        generation: u64,
    },
    /// A flag's guard has tripped.
    Tripped {
        /// The flag.
        key: String,
        /// When and why.
        trip: Trip,
    },
    /// A flag's guard lets a few units try again.
    HalfOpen {
        /// The flag.
        key: String,
        /// When this was noticed.
        at: Moment,
    },
    /// A flag's guard is closed again.
    Closed {
        /// The flag.
        key: String,
        /// When.
        at: Moment,
    },
    /// A trip, or its end, could not be stored; in this program it holds all the same.
    NotStored {
        /// The flag.
        key: String,
        /// What the store said.
        message: String,
        /// Whether it will be tried again.
        retried: bool,
    },
}

/// Sends things to subscribers. Who sends never waits: a queue that is full loses what comes, and counts it.
pub(crate) struct Bus<T> {
    subscribers: ArcSwap<Vec<Subscriber<T>>>,
    /// How many listen: all that a sender looks at where nobody does.
    heard: Arc<AtomicUsize>,
}

struct Subscriber<T> {
    queue: SyncSender<Arc<T>>,
    state: Arc<QueueState>,
}

#[derive(Debug, Default)]
struct QueueState {
    dropped: AtomicU64,
    is_ended: AtomicBool,
}

impl<T> Clone for Subscriber<T> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), state: Arc::clone(&self.state) }
    }
}

impl<T> Default for Bus<T> {
    fn default() -> Self {
        Self { subscribers: ArcSwap::default(), heard: Arc::default() }
    }
}

impl<T> Bus<T> {
    #[inline]
    pub(crate) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn subscribe(&self, capacity: usize) -> Subscription<T> {
        let (queue, receiver) = mpsc::sync_channel(capacity.max(1));
        let subscriber = Subscriber { queue, state: Arc::default() };
        self.subscribers.rcu(|before| {
            let alive = before.iter().filter(|one| !one.state.is_ended.load(Ordering::Relaxed));
            alive.chain([&subscriber]).cloned().collect::<Vec<_>>()
        });
        self.heard.fetch_add(1, Ordering::Relaxed);
        Subscription { receiver, state: subscriber.state, heard: Arc::clone(&self.heard) }
    }

    /// Sends one thing to everybody.
    pub(crate) fn send(&self, make: impl FnOnce() -> T) {
        if !self.is_heard() {
            return;
        }
        let thing = Arc::new(make());
        for subscriber in self.subscribers.load().iter() {
            if let Err(TrySendError::Full(_)) = subscriber.queue.try_send(Arc::clone(&thing)) {
                subscriber.state.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// What subscribers have lost.
    pub(crate) fn dropped(&self) -> u64 {
        self.subscribers.load().iter().map(|subscriber| subscriber.state.dropped.load(Ordering::Relaxed)).sum()
    }
}

/// A queue of what happens. Dropping it ends the subscription.
pub struct Subscription<T> {
    receiver: Receiver<Arc<T>>,
    state: Arc<QueueState>,
    heard: Arc<AtomicUsize>,
}

impl<T> Drop for Subscription<T> {
    fn drop(&mut self) {
        self.state.is_ended.store(true, Ordering::Relaxed);
        self.heard.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<T> Subscription<T> {
    /// The next thing, where there is one already.
    #[must_use]
    pub fn try_next(&self) -> Option<Arc<T>> {
        self.receiver.try_recv().ok()
    }

    /// The next thing, as soon as it comes; `None` where none came in this time, or the sender is gone.
    #[must_use]
    pub fn next_within(&self, time: Duration) -> Option<Arc<T>> {
        self.receiver.recv_timeout(time).ok()
    }

    /// How many were lost, as the queue was full.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.state.dropped.load(Ordering::Relaxed)
    }

    /// Calls a function with each, on a thread of its own, until the sender or the [`Listening`] is gone. A call that
    /// panics is counted, and the next is made.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn listen(self, mut with: impl FnMut(&T) + Send + 'static) -> io::Result<Listening>
    where
        T: Send + Sync + 'static,
    {
        let state = Arc::new(ListenState::default());
        let shared = Arc::clone(&state);
        std::thread::Builder::new().name("strata-flags-listener".to_owned()).spawn(move || {
            while !shared.is_ended.load(Ordering::Relaxed) {
                match self.receiver.recv_timeout(LOOK_AROUND) {
                    Ok(thing) if catch_unwind(AssertUnwindSafe(|| with(&thing))).is_err() => {
                        shared.panics.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(_) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        })?;
        Ok(Listening(state))
    }
}

/// How often a thread that waits for things looks whether it is still wanted.
const LOOK_AROUND: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
struct ListenState {
    is_ended: AtomicBool,
    panics: AtomicU64,
}

/// A function that is called with what happens, until this is dropped.
#[derive(Debug)]
#[must_use = "the function is called until this is dropped"]
pub struct Listening(Arc<ListenState>);

impl Listening {
    /// How many calls panicked.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.0.panics.load(Ordering::Relaxed)
    }

    /// Leaves the function being called for as long as the flags live.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.is_ended.store(true, Ordering::Relaxed);
    }
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("dropped", &self.dropped()).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Bus<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("is_heard", &self.is_heard()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_loses_the_newest_and_counts_them() {
        let bus = Bus::default();
        let subscription = bus.subscribe(2);
        (0..5).for_each(|number| bus.send(|| number));
        assert_eq!(
            [subscription.try_next(), subscription.try_next(), subscription.try_next()].map(|n| n.map(|n| *n)),
            [Some(0), Some(1), None]
        );
        assert_eq!((subscription.dropped(), bus.dropped()), (3, 3));
    }

    #[test]
    fn nothing_is_made_where_nobody_listens() {
        let bus = Bus::<u8>::default();
        drop(bus.subscribe(1));
        bus.send(|| 1);
        bus.send(|| unreachable!("the subscriber is gone"));
    }

    #[test]
    fn a_listener_that_panics_gets_the_next_and_harms_nobody() {
        let bus = Bus::default();
        let (sender, receiver) = mpsc::channel();
        let other = bus.subscribe(8);
        let listening = bus.subscribe(8).listen(move |number: &u32| {
            assert!(*number != 1, "one is refused");
            sender.send(*number).unwrap();
        });
        let listening = listening.unwrap();
        (0..3).for_each(|number| bus.send(|| number));
        let heard: Vec<u32> = (0..2).map(|_| receiver.recv_timeout(Duration::from_secs(10)).unwrap()).collect();
        assert_eq!((heard, listening.panics()), (vec![0, 2], 1));
        assert_eq!(std::iter::from_fn(|| other.try_next()).count(), 3);
    }
}
