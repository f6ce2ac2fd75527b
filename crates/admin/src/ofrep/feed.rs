//! When the flags have become others: by a change, by a guard, or by time alone; and which ETags are still good.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};
use strata_config_flags::model::Moment;
use strata_config_flags::{FlagEvent, FlagSet, Flags, Subscription};
use tokio::sync::watch;

use crate::etag::ETag;

/// How often it is looked whether time has changed something.
const LOOK: Duration = Duration::from_millis(500);

/// Tickets that were used after their time are known until so many others were.
const MOST_LAPSED: usize = 4096;

/// The most streams at a time.
const MOST_STREAMS: usize = 4096;

/// The flags as OFREP's clients see them.
pub(crate) struct Remote {
    pub(super) flags: Flags,
    /// What tells this process from others: tickets of others are none here, so their answers are not to be kept either.
    pub(super) process: [u8; 16],
    stand: OnceLock<watch::Sender<Stand>>,
    lapsed: Mutex<VecDeque<u64>>,
    streams: Arc<AtomicUsize>,
}

/// How the flags stand.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    /// What tells it from others.
    pub(super) etag: String,
    /// Since when, in seconds since 1970.
    pub(super) since: i64,
}

/// A place among the streams; who drops it leaves.
pub(super) struct Place(Arc<AtomicUsize>);

impl Remote {
    pub(crate) fn new(flags: Option<Flags>) -> Self {
        let mut process = [0; 16];
        // Where the system gives no random bytes, the interface has not come this far.
        let _ = getrandom::fill(&mut process);
        let (flags, streams) = (flags.unwrap_or_default(), Arc::default());
        Self { flags, process, stand: OnceLock::new(), lapsed: Mutex::default(), streams }
    }

    /// How the flags stand now.
    pub(super) fn stand(self: &Arc<Self>) -> Stand {
        self.sender().borrow().clone()
    }

    /// How the flags stand from now on.
    pub(super) fn follow(self: &Arc<Self>) -> watch::Receiver<Stand> {
        self.sender().subscribe()
    }

    /// A place among the streams, where there is one.
    pub(super) fn place(&self) -> Option<Place> {
        let place = Place(Arc::clone(&self.streams));
        (self.streams.fetch_add(1, Ordering::Relaxed) < MOST_STREAMS).then_some(place)
    }

    /// Whoever shows this ticket will ask for another one: its `If-None-Match` must not be answered by 304, since that has
    /// no body, and so no ticket.
    pub(super) fn has_lapsed(&self, ticket: &str) {
        let mut lapsed = self.lapsed.lock().unwrap_or_else(PoisonError::into_inner);
        let number = number(ticket);
        if !lapsed.contains(&number) {
            lapsed.push_back(number);
        }
        if lapsed.len() > MOST_LAPSED {
            lapsed.pop_front();
        }
    }

    /// The ETag that a request names, where its answer would have this content, and its ticket is not known to be over.
    pub(super) fn known(&self, headers: &HeaderMap, content: &ETag) -> Option<HeaderValue> {
        let content = content.as_str().trim_matches('"');
        let lines = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
        let mut tags = lines.flat_map(|line| line.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
        tags.find_map(|tag| {
            let (named, ticket) = tag.trim_matches('"').split_once('.')?;
            let ticket = u64::from_str_radix(ticket, 16).ok()?;
            let lapsed = self.lapsed.lock().unwrap_or_else(PoisonError::into_inner);
            (named == content && !lapsed.contains(&ticket)).then(|| HeaderValue::from_str(tag).ok())?
        })
    }

    fn sender(self: &Arc<Self>) -> &watch::Sender<Stand> {
        self.stand.get_or_init(|| {
            // Events first: what happens while the rest is read is told again.
            let events = self.flags.events(1024);
            let mut watched = Watched::default();
            let (sender, _) = watch::channel(watched.stand(&self.flags));
            let weak = Arc::downgrade(self);
            let run = move || run(&weak, &events, watched);
            // Without a thread, clients are told of nothing, and poll where they are made to.
            let _ = thread::Builder::new().name("strata-ofrep".to_owned()).spawn(run);
            sender
        })
    }
}

fn run(remote: &Weak<Remote>, events: &Subscription<FlagEvent>, mut watched: Watched) {
    loop {
        let mut event = events.next_within(LOOK);
        let Some(remote) = remote.upgrade() else { return };
        while let Some(happened) = event {
            watched.guards += u64::from(!matches!(*happened, FlagEvent::Replaced { .. } | FlagEvent::NotStored { .. }));
            event = events.try_next();
        }
        // It is made by whoever has begun this thread.
        let Some(sender) = remote.stand.get() else { continue };
        let stand = watched.stand(&remote.flags);
        sender.send_if_modified(|known| {
            let has_changed = known.etag != stand.etag;
            if has_changed {
                *known = stand;
            }
            has_changed
        });
    }
}

/// What was found out of a set of flags.
#[derive(Default)]
struct Watched {
    set: Option<Arc<FlagSet>>,
    /// A hash of its definitions.
    definitions: [u8; 32],
    moments: Vec<Moment>,
    /// How often guards have acted.
    guards: u64,
}

impl Watched {
    fn stand(&mut self, flags: &Flags) -> Stand {
        let snapshot = flags.snapshot();
        let set = snapshot.set();
        if !self.set.as_ref().is_some_and(|known| Arc::ptr_eq(known, set)) {
            self.definitions = Sha256::digest(crate::current::json(&set.definitions()).to_string()).into();
            self.moments = set.moments();
            self.set = Some(Arc::clone(set));
        }
        let now = flags.clock().now();
        let passed = self.moments.partition_point(|moment| *moment <= now) as u64;
        let tag = ETag::of(&[&self.definitions, &passed.to_be_bytes(), &self.guards.to_be_bytes()]);
        Stand { etag: tag.as_str().trim_matches('"').to_owned(), since: now.millis().max(0) / 1000 }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The ETag of an answer of this content with this ticket.
pub(super) fn tag(content: &ETag, ticket: &str) -> HeaderValue {
    let text = format!("\"{}.{:016x}\"", content.as_str().trim_matches('"'), number(ticket));
    HeaderValue::from_str(&text).expect("digits in quotes are a header's value")
}

/// Answers belong to who asked, and are asked for again each time.
pub(super) fn private() -> HeaderValue {
    HeaderValue::from_static("private, no-cache")
}

/// What tells a ticket from others, and does not give it away.
fn number(ticket: &str) -> u64 {
    let hash: [u8; 32] = Sha256::digest(ticket).into();
    hash.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unless(tag: &HeaderValue) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, tag.clone())])
    }

    #[test]
    fn who_came_with_a_ticket_that_was_over_gets_a_whole_answer_and_so_another_ticket() {
        let remote = Remote::new(None);
        let content = ETag::of(&[b"flags"]);
        let (ours, others) = (tag(&content, "a ticket"), tag(&content, "another"));
        assert_eq!(remote.known(&unless(&ours), &content), Some(ours.clone()));
        remote.has_lapsed("a ticket");
        assert_eq!(remote.known(&unless(&ours), &content), None);
        assert_eq!(remote.known(&unless(&others), &content), Some(others));
    }

    #[test]
    fn another_content_and_what_is_no_tag_of_ours_are_not_known() {
        let remote = Remote::new(None);
        let content = ETag::of(&[b"flags"]);
        for text in ["\"\"", "*", "\".\"", "\"x.1\"", "W/", &format!("{}.zz", content.as_str())] {
            let headers = unless(&HeaderValue::from_str(text).unwrap());
            assert_eq!(remote.known(&headers, &content), None, "{text}");
        }
        assert_eq!(remote.known(&unless(&tag(&ETag::of(&[b"others"]), "t")), &content), None);
        let weak = format!("\"x\", W/{}", tag(&content, "t").to_str().unwrap());
        assert!(remote.known(&unless(&HeaderValue::from_str(&weak).unwrap()), &content).is_some());
    }

    #[test]
    fn only_so_many_tickets_are_remembered() {
        let remote = Remote::new(None);
        (0..=MOST_LAPSED).for_each(|number| remote.has_lapsed(&number.to_string()));
        assert_eq!(remote.lapsed.lock().unwrap().len(), MOST_LAPSED);
    }
}
