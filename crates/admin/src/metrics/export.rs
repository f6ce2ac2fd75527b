//! Figures that are told without being asked for: to a log, or to a file that a collector reads.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::exposition;
use crate::context::App;

/// How often the interval is looked at, since it may be a setting that changes while this runs.
const LOOK: Duration = Duration::from_secs(1);

/// A wish to be told the figures now and then.
pub(crate) struct Export {
    every: Box<dyn Fn() -> Duration + Send>,
    to: Box<dyn FnMut(&str) + Send>,
}

/// While it is there, figures are told.
#[derive(Debug)]
pub(crate) struct Exporting(#[expect(dead_code, reason = "its end is told by being dropped")] Sender<()>);

impl Export {
    pub(crate) fn new(every: impl Fn() -> Duration + Send + 'static, to: impl FnMut(&str) + Send + 'static) -> Self {
        Self { every: Box::new(every), to: Box::new(to) }
    }

    /// Begins, on a thread that ends with the interface: a store that is asked how it is may take its time.
    pub(crate) fn begin(self, app: &Arc<App>) {
        let (until, ends) = channel();
        let app = {
            let weak = Arc::downgrade(app);
            app.exporting.get_or_init(|| Exporting(until));
            weak
        };
        let thread = thread::Builder::new().name("strata-metrics".to_owned());
        if let Err(error) = thread.spawn(move || self.run(&app, &ends)) {
            tracing::error!(%error, "the figures are not told: there is no thread for it");
        }
    }

    fn run(mut self, app: &Weak<App>, ends: &Receiver<()>) {
        let mut told = Instant::now();
        loop {
            let left = (self.every)().max(Duration::from_millis(1)).saturating_sub(told.elapsed());
            if left.is_zero() {
                let Some(app) = app.upgrade() else { return };
                let figures = exposition(&app);
                drop(app);
                (self.to)(&figures);
                told = Instant::now();
            } else if ends.recv_timeout(left.min(LOOK)) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
    }
}

/// Writes figures as an event of `tracing`, of the target `strata::metrics` and the level INFO.
pub fn to_event(figures: &str) {
    tracing::info!(target: "strata::metrics", figures, "the figures");
}

/// Writes figures to a file, which is replaced as a whole each time: what the text-file collector of Prometheus'
/// node exporter reads. A file that can't be written is told as an event of the level WARN.
pub fn to_file(path: impl Into<PathBuf>) -> impl FnMut(&str) + Send + 'static {
    let path = path.into();
    move |figures| {
        let write = || -> io::Result<()> {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(".new");
            let new = path.with_file_name(name);
            fs::write(&new, figures)?;
            fs::rename(&new, &path)
        };
        if let Err(error) = write() {
            tracing::warn!(path = %path.display(), %error, "the figures can't be written");
        }
    }
}
