//! The thread that follows the flags in Redis: it reads them, waits for a hint or its time, and reads them again.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::{Client, Connection, Msg, PubSub, RedisResult, Value, cmd};

use super::error::{RedisError, describe};
use super::read::{self, Raw};
use super::settings::RedisSettings;
use super::status::State;
use super::{file, stored, write};
use crate::flags::Flags;
use crate::model::Flag;

/// The first pause after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// How often the thread looks whether it is still wanted.
const LOOK_AROUND: Duration = Duration::from_secs(1);

/// How long hints are collected that come together, so that a storm of them is one reading.
const COLLECT: Duration = Duration::from_millis(2);

/// The most hints that one reading answers.
const MOST_HINTS: usize = 1_000;

/// Starts the thread.
pub(super) fn start(
    flags: Flags,
    client: Client,
    settings: Arc<RedisSettings>,
    state: Arc<State>,
) -> Result<(), RedisError> {
    let mut follower = Follower { flags, client, settings, state, good: BTreeMap::new(), raw: None };
    // Flags of the file are in use before the first question is asked.
    follower.load();
    let thread = std::thread::Builder::new().name("strata-flags-redis".to_owned());
    thread.spawn(move || follower.run()).map(drop).map_err(|error| RedisError::thread(&error))
}

struct Follower {
    flags: Flags,
    client: Client,
    settings: Arc<RedisSettings>,
    state: Arc<State>,
    /// What each flag said when it was last read without a mistake.
    good: BTreeMap<String, Arc<Flag>>,
    /// What was read last, if anything was.
    raw: Option<Raw>,
}

impl Follower {
    fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        while !self.state.is_over() {
            let reads = self.state.known().reads;
            let problem = match catch_unwind(AssertUnwindSafe(|| self.follow())) {
                Ok(Ok(())) => return,
                Ok(Err(error)) => describe(&error),
                Err(_) => "the thread that follows Redis panicked, and begins anew".to_owned(),
            };
            let mut known = self.state.known();
            (known.connected, known.hinted, known.problem) = (false, false, Some(problem));
            if known.reads > reads {
                pause = FIRST_PAUSE;
            }
            drop(known);
            if !self.pause(jittered(pause)) {
                return;
            }
            pause = (pause * 2).min(self.settings.longest_pause.max(FIRST_PAUSE));
        }
    }

    /// Follows until it is over, or Redis is away.
    fn follow(&mut self) -> RedisResult<()> {
        let mut connection = write::connect(&self.client, &self.settings)?;
        let mut listening = write::connect(&self.client, &self.settings)?;
        // Subscribed before the first reading, so that nothing falls between the two.
        let mut hints = self.subscribe(&mut listening)?;
        loop {
            self.read(&mut connection)?;
            if !self.wait(hints.as_mut())? {
                return Ok(());
            }
        }
    }

    /// Asks for hints; nothing where the server lets nobody, or this user, subscribe.
    fn subscribe<'c>(&self, listening: &'c mut Connection) -> RedisResult<Option<PubSub<'c>>> {
        let database = self.client.get_connection_info().redis_settings().db();
        let pattern = format!("__keyspace@{database}__:{}*", read::literal(&self.settings.prefix));
        for (command, what) in [("SUBSCRIBE", &self.settings.channel()), ("PSUBSCRIBE", &pattern)] {
            if !subscribe(listening, command, what)? {
                return Ok(None);
            }
        }
        self.state.known().hinted = true;
        Ok(Some(listening.as_pubsub()))
    }

    /// Waits for a hint, or until it is time to read again; whether it goes on.
    fn wait(&self, hints: Option<&mut PubSub<'_>>) -> RedisResult<bool> {
        let end = Instant::now() + self.settings.period();
        let Some(hints) = hints else { return Ok(self.state.pause(self.settings.period())) };
        while !self.state.is_over() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(true);
            }
            if hint(hints, left.min(LOOK_AROUND))? {
                for _ in 0..MOST_HINTS {
                    if !hint(hints, COLLECT)? {
                        break;
                    }
                }
                return Ok(!self.state.is_over());
            }
        }
        Ok(false)
    }

    fn read(&mut self, connection: &mut Connection) -> RedisResult<()> {
        let number = self.state.begin_read();
        let raw = read::read(connection, &self.settings)?;
        if self.raw.as_ref() != Some(&raw) {
            self.take(&raw);
            self.raw = Some(raw.clone());
        }
        self.flags.overlay_is_stale(false);
        self.state.end_read(number, raw, self.flags.clock().now());
        Ok(())
    }

    /// Puts what was read into use; of a flag that can't be, what it said before.
    fn take(&mut self, raw: &Raw) {
        let mut good = BTreeMap::new();
        let mut refused = BTreeMap::new();
        for (name, value) in raw {
            let before = self.good.get(name);
            match value.as_ref().map_err(Clone::clone).and_then(|value| stored::read(value)) {
                Ok(flag) => {
                    let known = before.filter(|before| ***before == flag);
                    good.insert(name.clone(), known.map_or_else(|| Arc::new(flag), Arc::clone));
                }
                Err(because) => {
                    refused.insert(name.clone(), because);
                    good.extend(before.map(|before| (name.clone(), Arc::clone(before))));
                }
            }
        }
        self.flags.overlay(good.clone());
        let saved = match &self.settings.file {
            Some(path) if good != self.good || self.raw.is_none() => file::save(path, &good, self.flags.clock().now()),
            _ => Ok(()),
        };
        self.good = good;
        let mut known = self.state.known();
        known.refused = refused;
        known.file_problem = saved.err();
    }

    /// Puts the flags of the file into use.
    fn load(&mut self) {
        let Some(path) = &self.settings.file else { return };
        match file::load(path) {
            Ok(None) => {}
            Ok(Some(saved)) => {
                let flags = saved.flags.into_iter().filter(|(name, _)| self.settings.which.has(name));
                self.good = flags.map(|(name, flag)| (name, Arc::new(flag))).collect();
                self.flags.overlay(self.good.clone());
                self.flags.overlay_is_stale(true);
                let mut known = self.state.known();
                (known.from_file, known.saved, known.flags) = (true, Some(saved.written_at), self.good.len());
            }
            Err(problem) => self.state.known().file_problem = Some(problem),
        }
    }

    /// Pauses while Redis is away, and says when what was read becomes stale; whether it goes on.
    fn pause(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            let (is_stale, fresh_for) = {
                let known = self.state.known();
                (known.is_stale(self.settings.stale_after), known.fresh_for(self.settings.stale_after))
            };
            self.flags.overlay_is_stale(is_stale);
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return !self.state.is_over();
            }
            // A moment later than it becomes stale, so that it is.
            let next = fresh_for.map_or(left, |fresh| left.min(fresh + Duration::from_millis(1)));
            if !self.state.pause(next) {
                return false;
            }
        }
    }
}

/// Subscribes; whether the server lets us. The crate's own `subscribe` takes a refusal for a yes.
fn subscribe(listening: &mut Connection, command: &str, what: &str) -> RedisResult<bool> {
    listening.send_packed_command(&cmd(command).arg(what).get_packed_command())?;
    loop {
        let answer = listening.recv_response().and_then(Value::extract_error);
        match answer {
            // A hint of what is subscribed already; the reading that follows needs none.
            Ok(answer) if Msg::from_value(&answer).is_some() => {}
            Ok(_) => return Ok(true),
            Err(error) if error.code().is_some() => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}

/// Waits for a hint; whether one came.
fn hint(hints: &mut PubSub<'_>, time: Duration) -> RedisResult<bool> {
    hints.set_read_timeout(Some(time.max(Duration::from_millis(1))))?;
    match hints.get_message() {
        Ok(_) => Ok(true),
        Err(error) if error.is_timeout() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Between half of a time and the whole, so that processes that failed together do not come back together.
fn jittered(time: Duration) -> Duration {
    // A new hasher's keys are as random as this needs.
    let random = RandomState::new().build_hasher().finish() % 1_000;
    time / 2 + time * u32::try_from(random).unwrap_or(0) / 2_000
}
