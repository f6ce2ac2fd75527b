//! The steps of a rollout, and settings for a board that is short of memory.

use strata_config_reload::Preset;

pub(super) fn all() -> Vec<Preset> {
    vec![
        Preset::new("canary", "5 % of the requests run optimised")
            .set("phase_2a_enabled", true)
            .set("global_rollout_strategy", "canary"),
        Preset::new("gradual", "25 % of the requests run optimised")
            .set("phase_2a_enabled", true)
            .set("global_rollout_strategy", "gradual"),
        Preset::new("majority", "75 % of the requests run optimised")
            .set("phase_2a_enabled", true)
            .set("global_rollout_strategy", "majority"),
        Preset::new("full", "Every request runs optimised")
            .set("phase_2a_enabled", true)
            .set("global_rollout_strategy", "full"),
        Preset::new("off", "No request runs optimised")
            .set("phase_2a_enabled", false)
            .set("global_rollout_strategy", "disabled"),
        Preset::new("low-memory", "Small pools and caches, for a board that does more than this")
            .set("max_memory_usage_mb", 128)
            .set("connection_pool.http_total_pool_size", 40)
            .set("connection_pool.http_connections_per_host", 10)
            .set("connection_pool.db_pool_size", 4)
            .set("connection_pool.db_pool_overflow", 4)
            .set("request_pipeline.cache_memory_limit_mb", 16)
            .set("request_pipeline.cache_max_size", 250)
            .set("alerts.memory_threshold_mb", 120),
    ]
}
