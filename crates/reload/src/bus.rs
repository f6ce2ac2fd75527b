//! Takes events to listeners: to each in order, and from none a wait.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use strata_config_core::FieldPath;

use crate::event::Event;
use crate::sync::{Arc, AtomicU64, Condvar, Mutex, Ordering, PoisonError, Weak, locked};

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
        let mut queues = locked(&self.queues);
        // A console that comes and goes leaves its place here, and weeks may pass before the next event.
        queues.retain(|queue| queue.strong_count() > 0);
        queues.push(Arc::downgrade(&queue));
        drop(queues);
        queue
    }

    /// Gives an event to every queue. Who publishes holds the writer's lock, so that all see one order.
    pub(crate) fn publish(&self, event: &Arc<Event<C>>) {
        self.queues().iter().for_each(|queue| queue.push(event));
    }

    /// Ends every queue: listeners get what waits for them, and then the end.
    pub(crate) fn close(&self) {
        self.queues().iter().for_each(|queue| queue.close());
    }

    /// The queues that somebody holds. What is done with them calls wakers and destructors, which may come back here, so
    /// that the lock is not held meanwhile.
    fn queues(&self) -> Vec<Arc<Queue<C>>> {
        let mut held = Vec::new();
        locked(&self.queues).retain(|queue| queue.upgrade().map(|queue| held.push(queue)).is_some());
        held
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
        let mut lost = None;
        if waiting.events.len() >= MOST_WAITING {
            lost = waiting.events.pop_front();
            self.missed.fetch_add(1, Ordering::Relaxed);
        }
        waiting.events.push_back(Arc::clone(event));
        let waker = waiting.waker.take();
        drop(waiting);
        self.more.notify_one();
        foreign(|| drop(lost));
        foreign(|| waker.into_iter().for_each(std::task::Waker::wake));
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
        self.end(|_| VecDeque::new());
    }

    /// Ends the queue at once.
    pub(crate) fn abandon(&self) {
        self.end(std::mem::take);
    }

    /// Ends the queue; what nobody shall have any more is taken out in the same moment, as nothing may come between.
    fn end(&self, unwanted: impl FnOnce(&mut VecDeque<Arc<Event<C>>>) -> VecDeque<Arc<Event<C>>>) {
        let mut waiting = locked(&self.waiting);
        waiting.closed = true;
        let unwanted = unwanted(&mut waiting.events);
        let waker = waiting.waker.take();
        drop(waiting);
        self.more.notify_all();
        foreign(|| drop(unwanted));
        foreign(|| waker.into_iter().for_each(std::task::Waker::wake));
    }

    /// Events that were dropped since the listener was too slow.
    pub(crate) fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

/// Runs what is not ours: a waker, a destructor of the configuration's. Where it panics, the next listener must not
/// notice.
pub(crate) fn foreign(run: impl FnOnce()) {
    drop(catch_unwind(AssertUnwindSafe(run)));
}
