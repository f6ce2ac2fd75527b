//! Alerts: figures that an application reports, against thresholds that its configuration has.

mod rule;
mod state;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use serde_json::Value as Json;
use strata_config_reload::DynLive;

use crate::current::json;
use crate::events::{Draft, Hub};
pub use rule::AlertRule;
pub(crate) use state::AlertView;
use state::{State, Thresholds};

/// Figures of an application, for the alerts of its configuration. Clones are the same one.
///
/// From [`Admin::reports`](crate::Admin::reports). Over HTTP, `POST /reports` does the same.
#[derive(Clone)]
pub struct Reports(Arc<Inner>);

struct Inner {
    live: Arc<dyn DynLive>,
    states: Mutex<Vec<State>>,
    /// Who is told of what begins and ends, once there is an interface.
    hub: OnceLock<Arc<Hub>>,
}

impl Reports {
    pub(crate) fn new(live: Arc<dyn DynLive>) -> Self {
        Self(Arc::new(Inner { live, states: Mutex::new(Vec::new()), hub: OnceLock::new() }))
    }

    pub(crate) fn add(&self, rule: AlertRule) {
        self.states().push(State::new(rule));
    }

    pub(crate) fn tell(&self, hub: Arc<Hub>) {
        self.0.hub.get_or_init(|| hub);
    }

    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.0.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reports figures. Those that no rule watches are returned, as are those that are no finite number: an alert is
    /// not told by them.
    pub fn report<'a>(&self, figures: impl IntoIterator<Item = (&'a str, f64)>) -> Vec<String> {
        let now = Instant::now();
        let mut unknown = Vec::new();
        let mut states = self.states();
        for (name, value) in figures {
            let mut is_known = false;
            for state in states.iter_mut().filter(|state| state.rule.figure == name && value.is_finite()) {
                state.take(value, now);
                is_known = true;
            }
            if !is_known {
                unknown.push(name.to_owned());
            }
        }
        drop(states);
        self.look();
        unknown
    }

    /// The names of the alerts that are active.
    #[must_use]
    pub fn active(&self) -> Vec<String> {
        self.views().into_iter().filter(|view| view.active).map(|view| view.name).collect()
    }

    /// Compares what was reported last with what the configuration says now, and tells what begins or ends.
    pub(crate) fn look(&self) {
        let mut states = self.states();
        if states.is_empty() {
            return;
        }
        // Under the lock, so that an older configuration is never compared after a newer one.
        let running = running(&*self.0.live);
        let now = Instant::now();
        for state in states.iter_mut() {
            let thresholds = Thresholds::of(&state.rule, &running);
            if state.look(&thresholds, now) {
                let view = state.view(&thresholds);
                log(&view);
                if let Some(hub) = self.0.hub.get() {
                    let mut draft = Draft::new("alert");
                    draft.view.alert = Some(json(&view));
                    hub.publish(draft.about(state.rule.threshold.clone()));
                }
            }
        }
    }

    /// How every rule stands.
    pub(crate) fn views(&self) -> Vec<AlertView> {
        self.look();
        let running = running(&*self.0.live);
        self.states().iter().map(|state| state.view(&Thresholds::of(&state.rule, &running))).collect()
    }
}

/// The values that the program runs with.
fn running(live: &dyn DynLive) -> Json {
    json(&live.current().running())
}

fn log(view: &AlertView) {
    let AlertView { name, figure, value, threshold, direction, .. } = view;
    if view.active {
        tracing::warn!(%name, %figure, ?value, ?threshold, %direction, "an alert begins");
    } else {
        tracing::info!(%name, %figure, ?value, ?threshold, %direction, "an alert ends");
    }
}

impl fmt::Debug for Reports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reports").field("rules", &self.states().len()).finish_non_exhaustive()
    }
}
