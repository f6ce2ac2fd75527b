//! What waits for one receiver, when it is tried again, and what has become of the rest.

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

/// The most memory that waiting messages take.
const MOST_BYTES: usize = 8 << 20;

/// What waits for one receiver, oldest first.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: VecDeque<Arc<Message>>,
    bytes: usize,
    most: usize,
    /// How often one message is tried.
    tries: u32,
    /// Messages that were dropped since the last that was begun.
    gap: u64,
    /// What is being sent: the same bytes at each try, as its id says.
    sending: Option<Parcel>,
    /// Tries of what is being sent.
    tried: u32,
    /// Failures since the last success.
    failures: u32,
    pub(super) figures: Figures,
}

/// What has become of messages so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Figures {
    pub(super) delivered: u64,
    /// Tries that failed.
    pub(super) failed: u64,
    /// Messages that nobody will get.
    pub(super) dropped: u64,
    pub(super) last_error: Option<String>,
    /// The receiver wants no more.
    pub(super) is_disabled: bool,
}

/// One message as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Parcel {
    pub(super) id: String,
    pub(super) body: String,
    gap: u64,
}

impl Queue {
    pub(super) fn new(most: usize, tries: u32) -> Self {
        Self {
            waiting: VecDeque::new(),
            bytes: 0,
            most: most.max(1),
            tries: tries.max(1),
            gap: 0,
            sending: None,
            tried: 0,
            failures: 0,
            figures: Figures::default(),
        }
    }

    /// Adds a message; where there are too many, the oldest is dropped, and the next tells so.
    pub(super) fn push(&mut self, message: Arc<Message>) {
        if self.figures.is_disabled {
            self.figures.dropped += 1;
            return;
        }
        self.bytes += message.size();
        self.waiting.push_back(message);
        while self.waiting.len() > self.most || (self.bytes > MOST_BYTES && self.waiting.len() > 1) {
            let Some(oldest) = self.waiting.pop_front() else { break };
            self.bytes -= oldest.size();
            self.lose(1);
        }
    }

    /// Messages were lost before they came here, or are dropped.
    pub(super) fn lose(&mut self, count: u64) {
        self.gap += count;
        self.figures.dropped += count;
    }

    /// What is to be sent now.
    pub(super) fn parcel(&mut self) -> Option<Parcel> {
        if self.sending.is_none() {
            let message = self.waiting.pop_front()?;
            self.bytes -= message.size();
            let gap = std::mem::take(&mut self.gap);
            (self.sending, self.tried) = (Some(Parcel::of(&message, gap)), 0);
        }
        self.sending.clone()
    }

    /// It has arrived.
    pub(super) fn delivered(&mut self) {
        (self.sending, self.failures) = (None, 0);
        self.figures.delivered += 1;
    }

    /// It has not arrived: how long to wait, where `chance` is from 0 to 1. A receiver that says when to come back is
    /// heard, within reason. What was tried often enough is dropped, so that one message does not hold up all others.
    pub(super) fn failed(&mut self, why: String, asked: Option<Duration>, chance: f64) -> Duration {
        self.figures.failed += 1;
        self.figures.last_error = Some(why);
        self.tried += 1;
        if self.tried >= self.tries
            && let Some(parcel) = self.sending.take()
        {
            // What it should have told of is not told either.
            self.gap += parcel.gap;
            self.lose(1);
        }
        let end = FIRST_WAIT.saturating_mul(1 << self.failures.min(16)).min(LONGEST_WAIT);
        self.failures = self.failures.saturating_add(1);
        let by_chance = end.mul_f64(chance.clamp(0.0, 1.0));
        asked.map_or(by_chance, |asked| asked.min(LONGEST_ASKED).max(by_chance))
    }

    /// The receiver wants no more.
    pub(super) fn disable(&mut self, why: String) {
        self.figures.failed += 1;
        self.figures.last_error = Some(why);
        self.figures.dropped += self.pending() as u64;
        self.figures.is_disabled = true;
        self.waiting.clear();
        (self.bytes, self.sending) = (0, None);
    }

    pub(super) fn pending(&self) -> usize {
        self.waiting.len() + usize::from(self.sending.is_some())
    }
}

impl Parcel {
    fn of(message: &Message, gap: u64) -> Self {
        let mut body: Json = serde_json::from_str(&message.data).unwrap_or_default();
        let id = body.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        if gap > 0
            && let Json::Object(members) = &mut body
        {
            members.insert("gap".to_owned(), gap.into());
        }
        Self { id: format!("msg_{id}"), body: body.to_string(), gap }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::Draft;

    fn message(reason: &str) -> Arc<Message> {
        Arc::new(Draft::new("alert").reason(reason).seal(None))
    }

    fn fail(queue: &mut Queue) -> u64 {
        queue.failed("refused".to_owned(), None, 1.0).as_secs()
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
        let mut queue = Queue::new(2, 9);
        ["a", "b", "c", "d"].into_iter().for_each(|reason| queue.push(message(reason)));
        assert_eq!((queue.pending(), queue.figures.dropped), (2, 2));
        assert_eq!(reasons(&mut queue), [("c".to_owned(), Some(2)), ("d".to_owned(), None)]);
        assert_eq!(queue.bytes, 0);
    }

    #[test]
    fn large_messages_are_dropped_sooner_but_one_always_stays() {
        let mut queue = Queue::new(100, 9);
        let large = "x".repeat(MOST_BYTES / 4);
        (0..4).for_each(|_| queue.push(message(&large)));
        assert_eq!((queue.pending(), queue.figures.dropped), (1, 3));
        queue.push(message("small"));
        assert_eq!(queue.pending(), 2);
    }

    #[test]
    fn each_try_has_the_same_bytes_whatever_comes_meanwhile() {
        let mut queue = Queue::new(1, 9);
        queue.push(message("a"));
        let first = queue.parcel().unwrap().body;
        fail(&mut queue);
        ["b", "c"].into_iter().for_each(|reason| queue.push(message(reason)));
        assert_eq!(queue.parcel().unwrap().body, first);
        queue.delivered();
        assert_eq!(reasons(&mut queue), [("c".to_owned(), Some(1))]);
    }

    #[test]
    fn what_was_tried_often_enough_is_dropped_with_what_it_should_have_told() {
        let mut queue = Queue::new(2, 2);
        ["a", "b", "c"].into_iter().for_each(|reason| queue.push(message(reason)));
        for _ in 0..2 {
            assert!(queue.parcel().unwrap().body.contains("\"b\""));
            fail(&mut queue);
        }
        assert_eq!(reasons(&mut queue), [("c".to_owned(), Some(2))]);
        assert_eq!((queue.figures.delivered, queue.figures.failed, queue.figures.dropped), (1, 2, 2));
    }

    #[test]
    fn a_receiver_that_wants_no_more_gets_no_more() {
        let mut queue = Queue::new(2, 2);
        queue.push(message("a"));
        queue.parcel();
        queue.push(message("b"));
        queue.disable("410 Gone".to_owned());
        queue.push(message("c"));
        assert!(queue.parcel().is_none());
        assert_eq!((queue.pending(), queue.figures.dropped), (0, 3));
    }

    #[test]
    fn waits_double_up_to_an_end_and_a_receiver_may_ask_for_more() {
        let mut queue = Queue::new(1, 9);
        let waits: Vec<u64> = (0..10).map(|_| fail(&mut queue)).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        let mut wait = |asked, chance| queue.failed(String::new(), asked, chance).as_secs();
        assert_eq!(wait(None, 0.0), 0);
        assert_eq!(wait(Some(Duration::from_secs(400)), 1.0), 400);
        assert_eq!(wait(Some(Duration::from_secs(1 << 40)), 1.0), 3600);
        queue.delivered();
        assert_eq!(fail(&mut queue), 1);
    }
}
