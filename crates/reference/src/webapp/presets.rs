//! Settings for a search for faults, for a rush, and for a partner that is slow.

use strata_config_reload::Preset;

pub(super) fn all() -> Vec<Preset> {
    vec![
        Preset::new("troubleshooting", "Everything is logged, each statement too; not for long in production")
            .set("log_level", "DEBUG")
            .set("database.echo", true),
        Preset::new("quiet", "Only what may become a problem is logged")
            .set("debug", false)
            .set("log_level", "WARNING")
            .set("database.echo", false),
        Preset::new("high-traffic", "More connections, less patience")
            .set("database.pool_size", 50)
            .set("database.timeout", 10)
            .set("redis.max_connections", 100)
            .set("redis.timeout", 2)
            .set("api.timeout", 10)
            .set("api.retry_count", 1),
        Preset::new("slow-partner", "Patience with an API that is slow or fails now and then")
            .set("api.timeout", 120)
            .set("api.retry_count", 5),
    ]
}
