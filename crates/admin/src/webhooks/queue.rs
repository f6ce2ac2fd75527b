//! What waits for one receiver, and when it is tried again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;

use crate::events::Message;

/// The first wait after a failure is a chance between nothing and this; each further one doubles the end of it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait by chance.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// The longest that a receiver may make us wait.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

/// What waits for one receiver, oldest first.
#[derive(Debug)]
pub(crate) struct Queue {
    waiting: VecDeque<Arc<Message>>,
    most: usize,
    /// Messages that were dropped before the first that waits.
    gap: u64,
    /// What is being sent: the same bytes at each try, as its signature and id say.
    sending: Option<Parcel>,
    failures: u32,
}

/// One message as it is sent.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    pub(crate) id: String,
    pub(crate) body: String,
}

impl Queue {
    pub(crate) fn new(most: usize) -> Self {
        Self { waiting: VecDeque::new(), most: most.max(1), gap: 0, sending: None, failures: 0 }
    }

    /// Adds a message; where there are too many, the oldest is dropped, and the next tells so.
    pub(crate) fn push(&mut self, message: Arc<Message>) {
        if self.waiting.len() >= self.most {
            self.waiting.pop_front();
            self.gap += 1;
        }
        self.waiting.push_back(message);
    }

    /// What is to be sent now.
    pub(crate) fn parcel(&mut self) -> Option<Parcel> {
        if self.sending.is_none() {
            let message = self.waiting.pop_front()?;
            let gap = std::mem::take(&mut self.gap);
            self.sending = Some(Parcel::of(&message, gap));
        }
        self.sending.clone()
    }

    /// It has arrived.
    pub(crate) fn delivered(&mut self) {
        (self.sending, self.failures) = (None, 0);
    }

    /// It has not arrived: how long to wait, where `chance` is from 0 to 1. A receiver that says when to come back is
    /// heard, within reason.
    pub(crate) fn failed(&mut self, asked: Option<Duration>, chance: f64) -> Duration {
        let end = FIRST_WAIT.saturating_mul(1 << self.failures.min(16)).min(LONGEST_WAIT);
        self.failures = self.failures.saturating_add(1);
        let by_chance = end.mul_f64(chance.clamp(0.0, 1.0));
        asked.map_or(by_chance, |asked| asked.min(LONGEST_ASKED).max(by_chance))
    }

    pub(crate) fn pending(&self) -> usize {
        self.waiting.len() + usize::from(self.sending.is_some())
    }
}

impl Parcel {
    fn of(message: &Message, gap: u64) -> Self {
        let mut body: Json = serde_json::from_str(&message.data).unwrap_or_default();
        let id = body.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        if gap > 0 && let Json::Object(members) = &mut body {
            members.insert("gap".to_owned(), gap.into());
        }
        Self { id: format!("msg_{id}"), body: body.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::Draft;

    fn message(reason: &str) -> Arc<Message> {
        Arc::new(Draft::new("alert").reason(reason).seal(None))
    }

    fn reasons(queue: &mut Queue) -> Vec<(String, Option<u64>)> {
        std::iter::from_fn(|| {
            let parcel = queue.parcel()?;
            queue.delivered();
            let body: Json = serde_json::from_str(&parcel.body).unwrap();
            Some((body["reason"].as_str().unwrap().to_owned(), body["gap"].as_u64()))
        })
        .collect()
    }

    #[test]
    fn what_does_not_fit_is_told_by_the_next() {
        let mut queue = Queue::new(2);
        ["a", "b", "c", "d"].into_iter().for_each(|reason| queue.push(message(reason)));
        assert_eq!(queue.pending(), 2);
        assert_eq!(reasons(&mut queue), [("c".to_owned(), Some(2)), ("d".to_owned(), None)]);
    }

    #[test]
    fn each_try_has_the_same_bytes_whatever_comes_meanwhile() {
        let mut queue = Queue::new(1);
        queue.push(message("a"));
        let first = queue.parcel().unwrap().body;
        queue.failed(None, 1.0);
        ["b", "c"].into_iter().for_each(|reason| queue.push(message(reason)));
        assert_eq!(queue.parcel().unwrap().body, first);
        queue.delivered();
        assert_eq!(reasons(&mut queue), [("c".to_owned(), Some(1))]);
    }

    #[test]
    fn waits_double_up_to_an_end_and_a_receiver_may_ask_for_more() {
        let mut queue = Queue::new(1);
        let waits: Vec<u64> = (0..10).map(|_| queue.failed(None, 1.0).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert_eq!(queue.failed(None, 0.0), Duration::ZERO);
        assert_eq!(queue.failed(Some(Duration::from_secs(400)), 1.0).as_secs(), 400);
        assert_eq!(queue.failed(Some(Duration::from_secs(1 << 40)), 1.0).as_secs(), 3600);
        queue.delivered();
        assert_eq!(queue.failed(None, 1.0).as_secs(), 1);
    }
}
