//! The steps of the move from WebSocket to Realtime, and ways back.

use strata_config_reload::Preset;

pub(super) fn all() -> Vec<Preset> {
    vec![
        Preset::new("compare", "Every category goes to both transports, a tenth of its events")
            .set("global_override", None::<&str>)
            .set("categories.critical.enabled", true)
            .set("categories.critical.percentage", 10)
            .set("categories.critical.adapters", ["websocket", "realtime"])
            .set("categories.performance.enabled", true)
            .set("categories.performance.percentage", 10)
            .set("categories.performance.adapters", ["websocket", "realtime"])
            .set("categories.user_activity.enabled", true)
            .set("categories.user_activity.percentage", 10)
            .set("categories.user_activity.adapters", ["websocket", "realtime"])
            .set("categories.system.enabled", true)
            .set("categories.system.percentage", 10)
            .set("categories.system.adapters", ["websocket", "realtime"])
            .set("categories.debug.enabled", true)
            .set("categories.debug.percentage", 10)
            .set("categories.debug.adapters", ["websocket", "realtime"]),
        Preset::new("websocket-only", "Everything goes to WebSocket alone: the way back")
            .set("global_override", "websocket_only"),
        Preset::new("realtime-only", "Everything goes to Realtime alone: the move is done")
            .set("global_override", "realtime_only"),
        Preset::new("cautious", "The breaker opens early and stays open for long")
            .set("circuit_breaker_enabled", true)
            .set("circuit_breaker_failure_threshold", 0.01)
            .set("circuit_breaker_latency_multiplier", 1.5)
            .set("circuit_breaker_recovery_time_s", 120),
    ]
}
