//! Templates for services that are short of memory, that must answer fast, that are developed, or that are to stay as they are.

use strata_config_reload::Preset;

pub(super) fn all() -> Vec<Preset> {
    vec![
        Preset::new("low-memory", "Unloads early and much, keeps little")
            .set("lazy_loading_unloading_enabled", true)
            .set("lazy_loading_unloading_strategy", "AGGRESSIVE")
            .set("lazy_loading_unloading_aggressive_timeout", 120.0)
            .set("lazy_loading_unloading_check_interval", 15.0)
            .set("lazy_loading_unloading_max_unloads_per_cycle", 20)
            .set("memory_pressure_threshold", 0.6)
            .set("cache_size_limit", 16_777_216)
            .set("max_concurrent_loads", 2),
        Preset::new("low-latency", "Unloads late, keeps much, loads in parallel")
            .set("lazy_loading_unloading_strategy", "CONSERVATIVE")
            .set("lazy_loading_unloading_conservative_timeout", 7200.0)
            .set("lazy_loading_unloading_max_unloads_per_cycle", 1)
            .set("cache_size_limit", 1_073_741_824)
            .set("max_concurrent_loads", 50)
            .set("load_timeout", 10.0),
        Preset::new("development", "Changed packages are loaded again at once")
            .set("package_reloading_enabled", true)
            .set("smart_reloading_enabled", false)
            .set("reloading_check_interval", 1.0)
            .set("max_reloads_per_cycle", 50)
            .set("reloading_performance_threshold", 0.0),
        Preset::new("frozen", "Nothing is unloaded or loaded again by itself")
            .set("lazy_loading_unloading_enabled", false)
            .set("package_reloading_enabled", false),
    ]
}
