//! The groups of operations.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

const KNOWN: [(&str, &str); 16] = [
    ("configuration", "The whole configuration: read, patched, tried, exported and imported."),
    ("values", "Single values: where they came from, whom they hide, and how they are set."),
    ("history", "What was changed, when, by whom and why; and the way back."),
    ("snapshots", "States of the configuration that are kept under a name."),
    ("events", "What happens, as it happens: server-sent events, WebSocket, notifications."),
    ("flags", "Feature flags: their definitions, rollouts, evaluations and exposures."),
    ("rollout", "The rollout of the system's components, and its emergency brake."),
    ("presets", "Named sets of values that are applied as one change."),
    ("experiments", "Presets served by share, with exposures counted."),
    ("alerts", "Figures that the application reports, and the alerts that they cause."),
    ("status", "How everything is doing."),
    ("audit", "Every change that was asked for, the refused ones too."),
    ("maintenance", "Backup, restore, verification and reloading."),
    ("schema", "What there is to set."),
    ("ofrep", "The OpenFeature remote evaluation protocol."),
    ("operation", "Health, readiness, figures, and this description."),
];

/// The tags of these paths, with their descriptions, in the order in which people look for them.
pub(super) fn used_by(paths: &Json) -> Json {
    let items = paths.as_object().into_iter().flat_map(|paths| paths.values());
    let operations = items.filter_map(Json::as_object).flat_map(|item| item.values());
    let tags = operations.filter_map(|operation| operation["tags"].as_array()).flatten();
    let mut used: BTreeSet<&str> = tags.filter_map(Json::as_str).collect();
    let known = KNOWN.iter().filter(|(name, _)| used.remove(name));
    let mut told: Vec<Json> = known.map(|(name, about)| json!({"name": name, "description": about})).collect();
    // A dialect may have groups of its own.
    told.extend(used.iter().map(|name| json!({"name": name})));
    Json::Array(told)
}
