//! A flag's breaker within a program, and what its sink has yet to be told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Breaker, Limits, NotStored, TripSink};
use crate::model::{Moment, Trip};

/// How long after a sink's error it is tried again, at the earliest.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A flag's breaker, and what its sink has yet to be told.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) breaker: Breaker,
    delivery: Mutex<Delivery>,
}

#[derive(Debug, Default)]
struct Delivery {
    /// The last wish that the sink has not fulfilled; an older one does not matter any more.
    wish: Option<Wish>,
    /// Whether a thread is telling the sink: it will find a new wish, too.
    is_running: bool,
    not_before: Option<Moment>,
}

/// What a sink is asked to store.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wish {
    Trip(Trip),
    /// Of the trip at this moment.
    Close(Moment),
}

impl Watched {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { breaker: Breaker::new(limits), delivery: Mutex::default() }
    }

    fn delivery(&self) -> MutexGuard<'_, Delivery> {
        self.delivery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what the sink is to be told.
    pub(crate) fn wish(&self, wish: Wish) {
        let mut delivery = self.delivery();
        delivery.wish = Some(wish);
        delivery.not_before = None;
    }

    /// Tells the sink what is to be told; no lock is held meanwhile. Of every error, somebody is told.
    pub(crate) fn deliver(&self, key: &str, sink: &dyn TripSink, now: Moment, mut failed: impl FnMut(NotStored)) {
        while let Some(wish) = self.begin(now) {
            let error = catch_unwind(AssertUnwindSafe(|| match &wish {
                Wish::Trip(trip) => sink.trip(key, trip),
                Wish::Close(at) => sink.close(key, *at),
            }));
            let error = error
                .unwrap_or_else(|_| Err(NotStored { message: "what stores trips panicked".to_owned(), retry: false }));
            let mut delivery = self.delivery();
            delivery.is_running = false;
            if let Err(error) = error {
                if error.retry && delivery.wish.is_none() {
                    delivery.wish = Some(wish);
                    delivery.not_before = Some(now.after(RETRY_AFTER));
                }
                drop(delivery);
                failed(error);
            }
        }
    }

    fn begin(&self, now: Moment) -> Option<Wish> {
        let mut delivery = self.delivery();
        if delivery.is_running || delivery.not_before.is_some_and(|moment| now < moment) {
            return None;
        }
        let wish = delivery.wish.take()?;
        delivery.is_running = true;
        Some(wish)
    }
}
