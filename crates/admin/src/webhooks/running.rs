//! All receivers while the interface runs: a thread of their own, so that they hold up nobody and need no runtime.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::hook::Hook;
use super::webhook::Webhook;
use crate::events::{Draft, Hub, Listener, Message, Missed, Position, Way};
use crate::wire::WebhookView;

/// How long what waits at the end may take to arrive.
const GRACE: Duration = Duration::from_secs(3);

/// At the end, messages may still come for as long as none has come for this.
const QUIET: Duration = Duration::from_millis(200);

/// The receivers. Where it is dropped, they end.
pub(crate) struct Webhooks {
    hooks: Vec<Arc<Hook>>,
    stop: CancellationToken,
    ended: CancellationToken,
}

impl Webhooks {
    /// Begins to send. What happens from now on is heard.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn begin(webhooks: Vec<Webhook>, hub: &Arc<Hub>) -> io::Result<Self> {
        let hooks: Vec<_> = webhooks.into_iter().map(|webhook| Arc::new(Hook::new(webhook))).collect();
        let (stop, ended) = (CancellationToken::new(), CancellationToken::new());
        let ear = Ear::open(hub, &hooks).ok_or_else(|| io::Error::other("the hub takes no listener"))?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (guard, stopped, senders) = (ended.clone().drop_guard(), stop.clone(), hooks.clone());
        thread::Builder::new().name("strata-webhooks".to_owned()).spawn(move || {
            let _ended = guard;
            run(runtime, ear, senders, &stopped);
        })?;
        Ok(Self { hooks, stop, ended })
    }

    /// How every receiver stands.
    pub(crate) fn views(&self) -> Vec<WebhookView> {
        self.hooks.iter().map(|hook| hook.view()).collect()
    }

    /// Sends what still waits, for a short time, and ends.
    pub(crate) async fn finish(&self) {
        self.stop.cancel();
        self.ended.cancelled().await;
    }
}

impl Drop for Webhooks {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn run(runtime: Runtime, ear: Ear, hooks: Vec<Arc<Hook>>, stop: &CancellationToken) {
    runtime.block_on(async {
        let last = CancellationToken::new();
        let mut sending = JoinSet::new();
        for hook in hooks {
            let last = last.clone();
            sending.spawn(async move { hook.run(&last).await });
        }
        let all = async {
            ear.hear(stop).await;
            last.cancel();
            while sending.join_next().await.is_some() {}
        };
        tokio::select! {
            () = all => {}
            () = async { stop.cancelled().await; sleep(GRACE).await } => {
                tracing::warn!("webhooks were not all delivered before the end");
            }
        }
    });
    // The system may still look for a name, and nobody waits for that.
    runtime.shutdown_background();
}

/// Hears everything, and hands it to every receiver.
struct Ear {
    hub: Arc<Hub>,
    listener: Listener,
    here: Position,
    hooks: Vec<Arc<Hook>>,
}

impl Ear {
    fn open(hub: &Arc<Hub>, hooks: &[Arc<Hook>]) -> Option<Self> {
        let (listener, here, _) = hub.listen(Way::Inside, "", None, None).ok()?;
        // What the process before this one had not delivered, or another one has changed meanwhile, nobody knows.
        let reset = Draft::new("reset").reason("the program has started: read everything again");
        let ear = Self { hub: Arc::clone(hub), listener, hooks: hooks.to_vec(), here };
        ear.hand(&Arc::new(hub.aside(reset, Some(&ear.here))));
        Some(ear)
    }

    fn hand(&self, message: &Arc<Message>) {
        self.hooks.iter().for_each(|hook| hook.offer(message));
    }

    /// Hears what happens until it is told to stop, and what still comes then.
    async fn hear(mut self, stop: &CancellationToken) {
        let mut is_last = false;
        loop {
            tokio::select! {
                biased;
                message = self.listener.queue.recv() => match message {
                    Some(message) => {
                        self.here.number = message.number;
                        self.hand(&message);
                    }
                    None if self.listen_again() => {}
                    None => return,
                },
                () = stop.cancelled(), if !is_last => is_last = true,
                () = sleep(QUIET), if is_last => return,
            }
        }
    }

    /// The hub drops whoever is too slow; what was missed is asked for.
    fn listen_again(&mut self) -> bool {
        let Ok((listener, here, missed)) = self.hub.listen(Way::Inside, "", None, Some(&self.here)) else {
            return false;
        };
        match missed {
            Missed::Messages(messages) => messages.iter().for_each(|message| self.hand(message)),
            Missed::Commits { .. } | Missed::Unknown(_) => self.hooks.iter().for_each(|hook| hook.lose()),
        }
        (self.listener, self.here) = (listener, here);
        true
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks").field("hooks", &self.hooks.len()).finish_non_exhaustive()
    }
}
