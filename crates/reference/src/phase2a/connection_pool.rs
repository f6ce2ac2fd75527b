//! The pools of HTTP and database connections.

use strata_config::LayeredConfig;

use super::{ComponentStatus, RolloutStrategy};

/// The pools of HTTP and database connections. Sizes and timeouts reach the pools while they run.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct ConnectionPoolConfig {
    /// Uses the optimised pools.
    #[config(default = true, env = "CONNECTION_POOL_ENABLED")]
    pub enabled: bool,

    /// Whether the pools may run optimised.
    #[config(default = "enabled")]
    pub status: ComponentStatus,

    /// The share of requests that use the pools. Where no source sets it, `global_rollout_strategy` counts.
    #[config(default = "disabled", env = "CONNECTION_POOL_ROLLOUT")]
    pub rollout_strategy: RolloutStrategy,

    /// HTTP connections to all hosts together.
    // Each takes the buffers of both directions, and TLS.
    #[config(
        default = 100,
        env = "HTTP_POOL_SIZE",
        validate(range(min = 1, max = 200)),
        fallback = 50,
        resource = "connections",
        cost = "48KiB"
    )]
    pub http_total_pool_size: u32,

    /// HTTP connections to one host.
    #[config(default = 30, env = "HTTP_CONNECTIONS_PER_HOST", validate(range(min = 1)))]
    pub http_connections_per_host: u32,

    /// Time to establish an HTTP connection, in seconds.
    #[config(default = 10.0, env = "HTTP_CONNECTION_TIMEOUT", validate(range(min = 0.001)))]
    pub http_connection_timeout: f64,

    /// Time between two sweeps of idle HTTP connections, in seconds.
    #[config(default = 300, validate(range(min = 1)))]
    pub http_pool_cleanup_interval: u64,

    /// Database connections that stay open.
    // Each takes its buffers and its prepared statements.
    #[config(
        default = 10,
        env = "DB_POOL_SIZE",
        validate(range(min = 1, max = 20)),
        fallback = 5,
        resource = "connections",
        cost = "256KiB"
    )]
    pub db_pool_size: u32,

    /// Time to establish a database connection, in seconds.
    #[config(default = 5.0, env = "DB_CONNECTION_TIMEOUT", validate(range(min = 0.001)))]
    pub db_connection_timeout: f64,

    /// Database connections beyond the pool at peaks.
    #[config(default = 20)]
    pub db_pool_overflow: u32,

    /// Age at which a database connection is replaced, in seconds.
    #[config(default = 3600, validate(range(min = 1)))]
    pub db_pool_recycle: u64,

    /// Connections of every kind that may be open at once.
    #[config(default = 150, validate(range(min = 1)), resource = "connections")]
    pub max_concurrent_connections: u32,

    /// Further attempts after a connection failed.
    #[config(default = 3)]
    pub connection_retry_attempts: u32,

    /// Pause before a further attempt, in seconds.
    #[config(default = 1.0, validate(range(min = 0.0)))]
    pub connection_retry_delay: f64,

    /// Counts connections, waits and failures.
    #[config(default = true, env = "CONNECTION_POOL_METRICS")]
    pub enable_metrics: bool,

    /// Time between two health checks of the pools, in seconds.
    #[config(default = 60, validate(range(min = 1)))]
    pub health_check_interval: u64,

    /// Failed connections that raise an alert.
    #[config(default = 10, env = "CONNECTION_FAILURE_ALERT_THRESHOLD", validate(range(min = 1)))]
    pub alert_threshold_failed_connections: u32,
}
