//! The hub: gives each message a number, keeps the newest, and hands them to whoever listens, waiting for nobody.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use strata_config_flags::Listening;
use strata_config_store::Hash;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use strata_config_core::FieldPath;

use super::message::{Draft, Message};
use super::position::Position;

/// The most memory that kept messages take.
const MOST_BYTES: usize = 4 << 20;

/// How much listening is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamLimits {
    /// Streams in all; more are answered with 503.
    pub in_all: usize,
    /// Streams of one token; more are answered with 429.
    pub per_token: usize,
    /// Messages that wait for one client; who is slower is dropped.
    pub waiting: usize,
    /// Messages that are kept for clients that come back; of large ones fewer, 4 MiB in all.
    pub kept: usize,
}

impl Default for StreamLimits {
    fn default() -> Self {
        Self { in_all: 4096, per_token: 2048, waiting: 256, kept: 1024 }
    }
}

/// By what way somebody listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Server-sent events.
    Sse,
    /// WebSocket.
    WebSocket,
    /// A part of the interface itself.
    Inside,
}

/// Why somebody may not listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    InAll,
    Token,
}

/// Gives each message a number, keeps the newest, and hands them out.
#[derive(Debug)]
pub(crate) struct Hub {
    process: String,
    limits: StreamLimits,
    state: Mutex<State>,
    /// Takes what happens around the flags.
    pub(super) flags: OnceLock<Listening>,
}

/// What is in effect as messages tell it.
#[derive(Debug, Clone)]
pub(crate) struct Stand {
    pub(crate) revision: u64,
    pub(crate) generation: u64,
    pub(crate) etag: Option<String>,
    pub(crate) head: Hash,
}

#[derive(Debug)]
struct State {
    stand: Stand,
    number: u64,
    kept: VecDeque<Arc<Message>>,
    kept_bytes: usize,
    /// The newest that is kept no more and that no history has.
    lost: u64,
    listeners: BTreeMap<u64, Entry>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    way: Way,
    token: String,
    section: Option<FieldPath>,
    queue: Sender<Arc<Message>>,
}

/// A place in the hub; who drops it leaves.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(super) hub: Arc<Hub>,
    id: u64,
    pub(crate) queue: Receiver<Arc<Message>>,
}

/// What somebody has missed who comes back.
#[derive(Debug)]
pub(crate) enum Missed {
    /// These messages.
    Messages(Vec<Arc<Message>>),
    /// The commits after one revision up to another, after an entry of this hash.
    Commits { after: u64, head: String, stand: Stand },
    /// Nobody can say.
    Unknown(&'static str),
}

impl Hub {
    pub(crate) fn new(limits: StreamLimits) -> Self {
        let stand = Stand { revision: 0, generation: 0, etag: None, head: Hash::ZERO };
        let state = State {
            stand,
            // 0 is the number of what the history tells; who is greeted before anything happens stands behind 1.
            number: 1,
            kept: VecDeque::new(),
            kept_bytes: 0,
            lost: 0,
            listeners: BTreeMap::new(),
            next: 0,
        };
        Self { process: Position::new_process(), limits, state: Mutex::new(state), flags: OnceLock::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what is in effect, before anything is told.
    pub(super) fn begin(&self, stand: Stand) {
        self.state().stand = stand;
    }

    /// Tells of something that changes nothing.
    pub(crate) fn publish(&self, draft: Draft) {
        self.tell(draft, |_| {});
    }

    /// Tells of something, after which this is in effect.
    pub(super) fn tell(&self, mut draft: Draft, change: impl FnOnce(&mut Stand)) {
        let mut state = self.state();
        change(&mut state.stand);
        state.number += 1;
        draft.view.number = state.number;
        let position = self.dress(&mut draft, &state);
        let message = Arc::new(draft.seal(Some(&position)));
        state.listeners.retain(|_, listener| listener.hand(&message));
        state.keep(message, self.limits.kept);
    }

    /// What is in effect is said of a message; and where it stands.
    fn dress(&self, draft: &mut Draft, state: &State) -> Position {
        draft.view.revision = state.stand.revision;
        draft.view.generation = Some(state.stand.generation);
        draft.view.etag.clone_from(&state.stand.etag);
        self.position(&state.stand, state.number)
    }

    fn position(&self, stand: &Stand, number: u64) -> Position {
        let head = Position::head_of(&stand.head);
        Position { revision: stand.revision, process: self.process.clone(), head, number }
    }

    /// The place of a commit that is told from the history.
    pub(super) fn past(&self, revision: u64, hash: &Hash) -> Position {
        Position { revision, process: self.process.clone(), head: Position::head_of(hash), number: 0 }
    }

    /// A message for one client that stands where the hub does now.
    pub(crate) fn aside(&self, mut draft: Draft, at: Option<&Position>) -> Message {
        let state = self.state();
        self.dress(&mut draft, &state);
        drop(state);
        draft.seal(at)
    }

    /// From now on, every message of a section; and what was missed since a place. Nothing falls between the two.
    pub(crate) fn listen(
        self: &Arc<Self>,
        way: Way,
        token: &str,
        section: Option<FieldPath>,
        since: Option<&Position>,
    ) -> Result<(Listener, Position, Missed), Full> {
        let mut state = self.state();
        if way != Way::Inside {
            let outside = || state.listeners.values().filter(|listener| listener.way != Way::Inside);
            if outside().count() >= self.limits.in_all {
                return Err(Full::InAll);
            }
            if outside().filter(|listener| listener.token == token).count() >= self.limits.per_token {
                return Err(Full::Token);
            }
        }
        let missed = since.map_or_else(|| Missed::Messages(Vec::new()), |since| state.missed(since, &self.process));
        let (sender, receiver) = channel(self.limits.waiting.max(1));
        state.next += 1;
        let id = state.next;
        state.listeners.insert(id, Entry { way, token: token.to_owned(), section, queue: sender });
        let here = self.position(&state.stand, state.number);
        Ok((Listener { hub: Arc::clone(self), id, queue: receiver }, here, missed))
    }

    /// How many listen by a way.
    pub(crate) fn listeners(&self, way: Way) -> usize {
        self.state().listeners.values().filter(|listener| listener.way == way).count()
    }
}

impl Entry {
    /// Whether the listener stays.
    fn hand(&self, message: &Arc<Message>) -> bool {
        if !message.about.touches(self.section.as_ref()) {
            return true;
        }
        match self.queue.try_send(Arc::clone(message)) {
            Ok(()) => true,
            // Its queue is cut here: what waits is still given, then it hears why there is no more.
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => false,
        }
    }
}

impl State {
    fn keep(&mut self, message: Arc<Message>, most: usize) {
        self.kept_bytes += message.size();
        self.kept.push_back(message);
        while self.kept.len() > most || self.kept_bytes > MOST_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.kept_bytes -= oldest.size();
            if !oldest.is_commit() {
                self.lost = oldest.number;
            }
        }
    }

    fn missed(&self, since: &Position, process: &str) -> Missed {
        let is_ours = since.process == process;
        if since.revision > self.stand.revision || (is_ours && since.number > self.number) {
            return Missed::Unknown("the id is from a later time than this process knows of");
        }
        if is_ours && since.number > 0 {
            let first = self.number + 1 - self.kept.len() as u64;
            if since.number + 1 >= first {
                let newer = self.kept.iter().filter(|message| message.number > since.number);
                return Missed::Messages(newer.cloned().collect());
            }
            if since.number < self.lost {
                return Missed::Unknown("the id is from so long ago that what happened since is not kept");
            }
        }
        Missed::Commits { after: since.revision, head: since.head.clone(), stand: self.stand.clone() }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.state().listeners.remove(&self.id);
    }
}
