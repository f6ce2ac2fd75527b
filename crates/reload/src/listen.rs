//! Listening to changes: by a function that is called, or by taking events one by one.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::bus::{Next, Queue, foreign};
use crate::event::Event;

/// A function that is told of changes, for as long as this is held.
#[must_use = "the subscription ends when this is dropped; `forever` keeps it"]
pub struct Subscription {
    handle: Option<Arc<dyn Ends>>,
    panics: Arc<AtomicU64>,
}

/// A queue, whatever its configuration's type.
trait Ends: Send + Sync {
    fn abandon(&self);
    fn missed(&self) -> u64;
}

impl<C: Send + Sync + 'static> Ends for Queue<C> {
    fn abandon(&self) {
        Self::abandon(self);
    }

    fn missed(&self) -> u64 {
        Self::missed(self)
    }
}

impl Subscription {
    /// Calls the function for every event of the queue, on a thread of its own.
    pub(crate) fn new<C: Send + Sync + 'static>(
        queue: Arc<Queue<C>>,
        mut listener: impl FnMut(&Event<C>) + Send + 'static,
    ) -> Self {
        let panics = Arc::new(AtomicU64::new(0));
        let (events, counted) = (Arc::clone(&queue), Arc::clone(&panics));
        let run = move || {
            while let Next::Event(event) = events.next(None) {
                // A listener that panics has had its say; the next event is another try.
                if catch_unwind(AssertUnwindSafe(|| listener(&event))).is_err() {
                    counted.fetch_add(1, Ordering::Relaxed);
                }
                // It may be the last to hold an old configuration, whose destructor is not ours.
                foreign(move || drop(event));
            }
        };
        thread::Builder::new().name("strata-listener".to_owned()).spawn(run).expect("the system has threads left");
        Self { handle: Some(queue), panics }
    }

    /// Keeps the subscription for as long as the configuration lives.
    pub fn forever(mut self) {
        // The queue lives as long as its thread holds it.
        self.handle = None;
    }

    /// How often the function panicked.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Events that were dropped since the function was too slow for so many.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.handle.as_ref().map_or(0, |handle| handle.missed())
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("panics", &self.panics()).field("missed", &self.missed()).finish()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            handle.abandon();
        }
    }
}

/// Events, one by one: an iterator that waits, or with the feature `stream` a stream.
pub struct Changes<C> {
    queue: Arc<Queue<C>>,
}

impl<C> Changes<C> {
    pub(crate) fn new(queue: Arc<Queue<C>>) -> Self {
        Self { queue }
    }

    /// The next event; `None` where none comes within the time, or none will come any more.
    pub fn next_within(&mut self, time: Duration) -> Option<Arc<Event<C>>> {
        // A time beyond the clock's reach is for ever.
        match self.queue.next(Instant::now().checked_add(time)) {
            Next::Event(event) => Some(event),
            Next::Nothing | Next::End => None,
        }
    }

    /// The same as a stream, for asynchronous programs.
    #[cfg(feature = "stream")]
    #[must_use]
    pub fn into_stream(self) -> ChangeStream<C> {
        ChangeStream(self)
    }

    /// Events that were dropped since they were not taken in time.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.queue.missed()
    }
}

/// Ends when the live configuration is dropped.
impl<C> Iterator for Changes<C> {
    type Item = Arc<Event<C>>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.queue.next(None) {
            Next::Event(event) => Some(event),
            Next::Nothing | Next::End => None,
        }
    }
}

/// Events as a stream, which ends with the configuration: from [`Changes::into_stream`].
///
/// It is no iterator as well, since then nobody could say which `next` is meant.
#[cfg(feature = "stream")]
#[derive(Debug)]
pub struct ChangeStream<C>(Changes<C>);

#[cfg(feature = "stream")]
impl<C> futures_core::Stream for ChangeStream<C> {
    type Item = Arc<Event<C>>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        match self.0.queue.poll(context.waker()) {
            Next::Event(event) => std::task::Poll::Ready(Some(event)),
            Next::Nothing => std::task::Poll::Pending,
            Next::End => std::task::Poll::Ready(None),
        }
    }
}

impl<C> fmt::Debug for Changes<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("missed", &self.missed()).finish_non_exhaustive()
    }
}

impl<C> Drop for Changes<C> {
    fn drop(&mut self) {
        self.queue.abandon();
    }
}
