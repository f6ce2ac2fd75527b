//! Caching, batching and deduplication of requests.

use strata_config::LayeredConfig;

use super::{ComponentStatus, RolloutStrategy};

/// Caching, batching and deduplication of requests.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct RequestPipelineConfig {
    /// Uses the optimised pipeline.
    #[config(default = true, env = "REQUEST_PIPELINE_ENABLED")]
    pub enabled: bool,

    /// Whether the pipeline may run optimised.
    #[config(default = "enabled")]
    pub status: ComponentStatus,

    /// The share of requests that use the pipeline. Where no source sets it, `global_rollout_strategy` counts.
    #[config(default = "disabled", env = "REQUEST_PIPELINE_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,

    /// Keeps answers for requests to come.
    #[config(default = true, env = "REQUEST_PIPELINE_CACHING")]
    pub enable_caching: bool,

    /// Time that an answer is kept, in seconds.
    #[config(default = 300, env = "CACHE_TTL_SECONDS", validate(range(min = 1)))]
    pub cache_ttl_seconds: u64,

    /// Answers that are kept at most.
    #[config(default = 1000, env = "CACHE_MAX_SIZE", validate(range(min = 1)), resource = "cache_entries")]
    pub cache_max_size: u32,

    /// Memory of the kept answers, in MB; at most `max_memory_usage_mb`.
    #[config(
        default = 50,
        env = "CACHE_MEMORY_LIMIT_MB",
        validate(range(min = 1)),
        fallback = 25,
        resource = "memory_mb",
        cost = "1MB"
    )]
    pub cache_memory_limit_mb: u32,

    /// Time between two sweeps of answers that are too old, in seconds.
    #[config(default = 600, validate(range(min = 1)))]
    pub cache_cleanup_interval: u64,

    /// Sends several requests as one.
    #[config(default = true, env = "REQUEST_BATCHING")]
    pub enable_batching: bool,

    /// Requests in a batch at most. A larger batch does not fit into the board's memory, so there is no fallback.
    #[config(default = 10, env = "BATCH_SIZE", validate(range(min = 1, max = 50)))]
    pub batch_size: u32,

    /// Time that a batch waits for its next request, in milliseconds.
    #[config(default = 50, env = "BATCH_TIMEOUT_MS")]
    pub batch_timeout_ms: u64,

    /// Time that the first request of a batch waits at most, in milliseconds.
    #[config(default = 100)]
    pub max_batch_wait_time_ms: u64,

    /// Answers equal requests once.
    #[config(default = true)]
    pub enable_deduplication: bool,

    /// Time within which equal requests count as one, in milliseconds.
    #[config(default = 1000)]
    pub deduplication_window_ms: u64,

    /// Requests that may be under way at once.
    // Each takes the request, and the answer as it comes.
    #[config(default = 100, validate(range(min = 1)), cost = "64KiB")]
    pub max_concurrent_requests: u32,

    /// Time that a request may take, in seconds.
    #[config(default = 30.0, validate(range(min = 0.001)))]
    pub request_timeout_seconds: f64,

    /// Counts requests, hits, batches and failures.
    #[config(default = true, env = "REQUEST_PIPELINE_METRICS")]
    pub enable_metrics: bool,

    /// Traces single requests. Off, as tracing slows the board down.
    #[config(default = false, env = "ENABLE_REQUEST_TRACING")]
    pub enable_request_tracing: bool,

    /// Share of requests answered from the cache (0.0-1.0) below which an alert is raised.
    #[config(default = 0.7, env = "CACHE_HIT_RATE_ALERT_THRESHOLD", validate(range(min = 0.0, max = 1.0)))]
    pub cache_hit_rate_alert_threshold: f64,
}
