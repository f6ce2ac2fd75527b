//! The alerts of this system: which figure is held against which threshold.

use std::time::Duration;

use strata_config::FieldPath;
use strata_config_admin::AlertRule;

/// The setting that turns all of them on.
const ENABLED: FieldPath = FieldPath::new("alerts.enabled");

/// For how long a figure counts: some intervals at which figures are exported.
const FRESH: Duration = Duration::from_secs(300);

/// The alerts, which `alerts.enabled` turns on: `memory_usage_mb` above its threshold, `failed_connections` once they
/// have reached theirs, and `cache_hit_rate` (0.0-1.0) below its.
#[must_use]
pub fn alert_rules() -> [AlertRule; 3] {
    let memory = FieldPath::new("alerts.memory_threshold_mb");
    let connections = FieldPath::new("connection_pool.alert_threshold_failed_connections");
    let cache = FieldPath::new("request_pipeline.cache_hit_rate_alert_threshold");
    [
        AlertRule::above("memory_usage_mb", memory),
        AlertRule::at_least("failed_connections", connections),
        AlertRule::below("cache_hit_rate", cache),
    ]
    .map(|rule| rule.enabled_by(ENABLED).stale_after(FRESH))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};
    use strata_config::{LayeredConfig as _, Value};
    use strata_config_admin::{Reports, router};
    use strata_config_reload::Live;

    use super::super::Phase2aConfig;
    use super::*;

    fn site() -> (Live<Phase2aConfig>, Reports) {
        let live = Live::of(Phase2aConfig::loader().env_from(Vec::<(&str, &str)>::new())).open().unwrap();
        let reports = alert_rules().into_iter().fold(router(&live), strata_config_admin::Admin::alert).reports();
        (live, reports)
    }

    fn set(live: &Live<Phase2aConfig>, path: [&str; 2], value: Json) {
        let patch = json!({path[0]: {path[1]: value}});
        live.update(&Value::from_serialize(&patch), "test").unwrap();
    }

    /// Figures that are all worse than the defaults allow.
    const BAD: [(&str, f64); 3] = [("memory_usage_mb", 300.0), ("failed_connections", 10.0), ("cache_hit_rate", 0.5)];

    #[test]
    fn each_figure_raises_its_own_alert() {
        for (name, value) in BAD {
            let (_live, reports) = site();
            assert_eq!(reports.report([(name, value)]), Vec::<String>::new());
            assert_eq!(reports.active(), [name]);
        }
        let (_live, reports) = site();
        reports.report([("memory_usage_mb", 200.0), ("failed_connections", 9.0), ("cache_hit_rate", 0.7)]);
        assert_eq!(reports.active(), Vec::<String>::new());
    }

    #[test]
    fn each_threshold_steers_its_own_alert() {
        let moved = [
            (["alerts", "memory_threshold_mb"], json!(400), "memory_usage_mb"),
            (["connection_pool", "alert_threshold_failed_connections"], json!(11), "failed_connections"),
            (["request_pipeline", "cache_hit_rate_alert_threshold"], json!(0.4), "cache_hit_rate"),
        ];
        for (path, value, name) in moved {
            let (live, reports) = site();
            reports.report(BAD);
            assert_eq!(reports.active().len(), 3);
            set(&live, path, value);
            let left: Vec<&str> = BAD.map(|(name, _)| name).into_iter().filter(|other| *other != name).collect();
            assert_eq!(reports.active(), left);
        }
    }

    #[test]
    fn alerts_that_are_turned_off_are_silent_and_come_back() {
        let (live, reports) = site();
        reports.report(BAD);
        set(&live, ["alerts", "enabled"], json!(false));
        assert_eq!(reports.active(), Vec::<String>::new());
        reports.report(BAD);
        assert_eq!(reports.active(), Vec::<String>::new());
        set(&live, ["alerts", "enabled"], json!(true));
        assert_eq!(reports.active().len(), 3);
    }
}
