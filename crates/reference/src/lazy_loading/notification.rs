//! Who changed what and when: notifications, as they come and as the history keeps them.

use serde::Serialize;
use strata_config::Value;
use strata_config_reload::{Event, EventKind, Subscription};
use strata_config_store::{Entry, HistoryQuery, Json, StoreError, Timestamp};

use super::{ConfigurationEngine, LazyLoadingConfig};

/// A change of one key.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Notification {
    /// When.
    pub timestamp: Timestamp,
    /// The key.
    pub key: String,
    /// Its value before; none where there was none.
    pub old_value: Option<Value>,
    /// Its value after; none where there is none any more.
    pub new_value: Option<Value>,
    /// Who changed it; the source's name where a file or a variable did.
    pub user: String,
    /// By what way: `program`, `api`, `service`, …; `reload` where a source was read again.
    pub source: String,
    /// Why, where somebody said so: the seed's description.
    pub description: Option<String>,
}

impl ConfigurationEngine {
    /// The newest changes that were stored, the newest first.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub fn notifications(&self, limit: usize) -> Result<Vec<Notification>, StoreError> {
        let mut newest = self.find(&HistoryQuery::newest(limit))?;
        newest.truncate(limit);
        Ok(newest)
    }

    /// The stored changes of one key, the newest first.
    ///
    /// # Errors
    /// Where the store can't be read.
    pub fn change_history(&self, key: &str) -> Result<Vec<Notification>, StoreError> {
        let mut found = self.find(&HistoryQuery { path: Some(key.to_owned()), ..HistoryQuery::default() })?;
        found.retain(|notification| notification.key == key);
        Ok(found)
    }

    /// Calls a function with every change of a key from now on, those by files and variables too, for as long as what it
    /// returns is held. One that fails or takes its time stops nobody else.
    pub fn on_change(&self, mut listener: impl FnMut(&Notification) + Send + 'static) -> Subscription {
        let subscription = self.live().subscribe("", move |event| of_event(event).iter().for_each(&mut listener));
        subscription.expect("the path of the whole configuration names something")
    }

    fn find(&self, query: &HistoryQuery) -> Result<Vec<Notification>, StoreError> {
        Ok(self.live().history(query)?.iter().flat_map(of_entry).collect())
    }
}

fn of_entry(entry: &Entry) -> Vec<Notification> {
    let value = |json: &Option<Json>| {
        let json: serde_json::Value = json.as_ref()?.to().ok()?;
        Some(Value::from_serialize(&json))
    };
    let changes = entry.changes.iter().map(|change| Notification {
        timestamp: entry.at,
        key: change.path.clone(),
        old_value: value(&change.old),
        new_value: value(&change.new),
        user: entry.actor.clone(),
        source: entry.source.clone(),
        description: entry.reason.clone(),
    });
    changes.collect()
}

fn of_event(event: &Event<LazyLoadingConfig>) -> Vec<Notification> {
    let user = match &event.kind {
        EventKind::Committed(entry) => return of_entry(entry),
        EventKind::Reloaded { source } | EventKind::Failed { source, .. } | EventKind::Recovered { source } => source,
    };
    let changes = event.changes.iter().map(|change| Notification {
        timestamp: event.at,
        key: change.path.to_string(),
        old_value: change.before(),
        new_value: change.after(),
        user: user.clone(),
        source: "reload".to_owned(),
        description: None,
    });
    changes.collect()
}
