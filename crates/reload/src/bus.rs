//! Takes events to listeners: to each in order, and from none a wait.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use strata_config_core::FieldPath;

use crate::event::Event;

/// The most events that wait for one listener. Whoever is slower loses the oldest, and sees it by their numbers.
pub(crate) const MOST_WAITING: usize = 4096;

/// The listeners of a live configuration.
pub(crate) struct Bus<C> {
    queues: Mutex<Vec<Weak<Queue<C>>>>,
}

/// Which events a listener wants.
#[derive(Debug, Clone)]
pub(crate) enum Interest {
    /// Those that change something at this path.
    Changes(FieldPath),
    /// All, failures too.
    Everything,
}

impl Interest {
    fn wants<C>(&self, event: &Event<C>) -> bool {
        match self {
            Self::Changes(path) => event.touches(path),
            Self::Everything => true,
        }
    }
}

impl<C> Bus<C> {
    pub(crate) fn new() -> Self {
        Self { queues: Mutex::new(Vec::new()) }
    }

    /// A new queue, which gets every event from now on that it wants.
    pub(crate) fn open(&self, interest: Interest) -> Arc<Queue<C>> {
        let queue = Arc::new(Queue {
            interest,
            waiting: Mutex::new(Waiting { events: VecDeque::new(), closed: false, waker: None }),
            more: Condvar::new(),
            missed: AtomicU64::new(0),
        });
        locked(&self.queues).push(Arc::downgrade(&queue));
        queue
    }

    /// Gives an event to every queue. Who publishes holds the writer's lock, so that all see one order.
    pub(crate) fn publish(&self, event: &Arc<Event<C>>) {
        locked(&self.queues).retain(|queue| match queue.upgrade() {
            Some(queue) => {
                queue.push(event);
                true
            }
            None => false,
        });
    }

    /// Ends every queue: listeners get what waits for them, and then the end.
    pub(crate) fn close(&self) {
        locked(&self.queues).drain(..).filter_map(|queue| queue.upgrade()).for_each(|queue| queue.close());
    }
}

/// The events that wait for one listener.
pub(crate) struct Queue<C> {
    interest: Interest,
    waiting: Mutex<Waiting<C>>,
    more: Condvar,
    missed: AtomicU64,
}

struct Waiting<C> {
    events: VecDeque<Arc<Event<C>>>,
    closed: bool,
    /// An asynchronous listener that waits.
    waker: Option<std::task::Waker>,
}

/// What a queue has.
pub(crate) enum Next<C> {
    /// The oldest event that waits.
    Event(Arc<Event<C>>),
    /// Nothing yet.
    Nothing,
    /// Nothing any more.
    End,
}

impl<C> Queue<C> {
    fn push(&self, event: &Arc<Event<C>>) {
        if !self.interest.wants(event) {
            return;
        }
        let mut waiting = locked(&self.waiting);
        if waiting.closed {
            return;
        }
        if waiting.events.len() >= MOST_WAITING {
            waiting.events.pop_front();
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
        waiting.events.push_back(Arc::clone(event));
        let waker = waiting.waker.take();
        drop(waiting);
        self.more.notify_one();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The next event; waits for one, at most until the deadline.
    pub(crate) fn next(&self, deadline: Option<Instant>) -> Next<C> {
        let mut waiting = locked(&self.waiting);
        loop {
            if let Some(event) = waiting.events.pop_front() {
                return Next::Event(event);
            }
            if waiting.closed {
                return Next::End;
            }
            waiting = match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
                Some(Duration::ZERO) => return Next::Nothing,
                Some(left) => self.more.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0,
                None => self.more.wait(waiting).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// The next event; where there is none, whoever asks is woken by the next one.
    #[cfg(feature = "stream")]
    pub(crate) fn poll(&self, waker: &std::task::Waker) -> Next<C> {
        let mut waiting = locked(&self.waiting);
        match waiting.events.pop_front() {
            Some(event) => Next::Event(event),
            None if waiting.closed => Next::End,
            None => {
                waiting.waker = Some(waker.clone());
                Next::Nothing
            }
        }
    }

    /// Ends the queue; what waits can still be taken.
    pub(crate) fn close(&self) {
        let mut waiting = locked(&self.waiting);
        waiting.closed = true;
        let waker = waiting.waker.take();
        drop(waiting);
        self.more.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Ends the queue at once.
    pub(crate) fn abandon(&self) {
        locked(&self.waiting).events.clear();
        self.close();
    }

    /// Events that were dropped since the listener was too slow.
    pub(crate) fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

/// What a lock guards. Nothing that runs under these locks can panic half-way, so a poisoned one is as good.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
