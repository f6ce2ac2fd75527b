//! The same with usage-config, which keeps the file or the variable of every value.
//!
//! It opens files itself, so that it reads from disk what the others read from memory. Its derive comes with the whole
//! of usage; here the table that it would write is written by hand.

use std::error::Error;
use std::path::Path;

use usage_config::ty::TypeError;
use usage_config::{CliLayer, Const, EnvLayer, FileLayer, FileScope, Fold, FromValue, Layers};
use usage_config::{PropId, PropMeta, Registry, Ty, Value, resolve};

use crate::case;
use crate::phase2a::{ComponentStatus, Phase2a, RolloutStrategy};

/// Loads the configuration, each source over the one before.
///
/// # Errors
/// Says everything that is wrong in one layer.
pub fn load() -> Result<Phase2a, Box<dyn Error>> {
    let data = Path::new(case::DIRECTORY);
    let json = FileLayer::at(data.join("site.json"), FileScope::System);
    let toml = FileLayer::at(data.join("site.toml"), FileScope::Project);
    let env = EnvLayer::from_process();
    let overrides = CliLayer::new(case::overrides());
    let resolved = resolve(REGISTRY, Layers::new().then(&overrides).then(&env).then(&toml).then(&json))?;
    if let Some(warning) = resolved.warnings.first() {
        return Err(warning.message.clone().into());
    }
    let mut fold = resolved.fold();
    let mut config = Phase2a::default();
    fill(&mut fold, &mut config);
    fold.finish()?;
    Ok(config.check()?)
}

/// A setting that a field can be filled with.
trait Leaf: Sized {
    fn take(fold: &mut Fold<'_>, id: PropId) -> Option<Self>;
}

macro_rules! settings {
    ($($key:literal => $($field:ident).+: $ty:expr, $default:expr, $envs:expr;)*) => {
        static PROPS: &[PropMeta] = &[$(PropMeta { default: $default, envs: &$envs, ..PropMeta::new($key, $ty) },)*];
        const REGISTRY: Registry = Registry::new(PROPS);

        /// Fills every field; the fold keeps what is wrong.
        fn fill(fold: &mut Fold<'_>, config: &mut Phase2a) {
            let mut ids = REGISTRY.ids();
            $(if let Some(value) = ids.next().and_then(|id| Leaf::take(fold, id)) {
                config.$($field).+ = value;
            })*
        }
    };
}

settings! {
    "phase_2a_enabled" => phase_2a_enabled: Ty::Bool, Some(Const::Bool(false)), ["PHASE_2A_ENABLED"];
    "global_rollout_strategy" => global_rollout_strategy: Ty::String, Some(Const::Str("disabled")), ["PHASE_2A_ROLLOUT"];
    "max_memory_usage_mb" => max_memory_usage_mb: Ty::Uint, Some(Const::Int(256)), ["PHASE_2A_MAX_MEMORY_MB"];
    "performance_monitoring_enabled" => performance_monitoring_enabled: Ty::Bool, Some(Const::Bool(true)), ["PHASE_2A_MONITORING"];
    "emergency_shutdown_enabled" => emergency_shutdown_enabled: Ty::Bool, Some(Const::Bool(true)), [];
    "rollout_percentage" => rollout_percentage: Ty::Float, Some(Const::Float(0.0)), ["PHASE_2A_ROLLOUT_PERCENTAGE"];
    "rollout_target_requests_per_minute" => rollout_target_requests_per_minute: Ty::Uint, Some(Const::Int(100)), [];
    "rollout_user_agent_whitelist" => rollout_user_agent_whitelist: Ty::List(&Ty::String), Some(Const::List(&[])), [];
    "rollout_ip_whitelist" => rollout_ip_whitelist: Ty::List(&Ty::String), Some(Const::List(&[])), [];
    "enable_automatic_fallback" => enable_automatic_fallback: Ty::Bool, Some(Const::Bool(true)), ["ENABLE_AUTOMATIC_FALLBACK"];
    "fallback_failure_threshold" => fallback_failure_threshold: Ty::Uint, Some(Const::Int(5)), ["FALLBACK_FAILURE_THRESHOLD"];
    "fallback_recovery_time_minutes" => fallback_recovery_time_minutes: Ty::Uint, Some(Const::Int(5)), ["FALLBACK_RECOVERY_TIME_MINUTES"];
    "config_version" => config_version: Ty::String, Some(Const::Str("1.0.0")), [];
    "last_updated" => last_updated: Ty::Option(&Ty::String), None, [];
    "loaded_from" => loaded_from: Ty::Option(&Ty::String), None, [];
    "connection_pool.enabled" => connection_pool.enabled: Ty::Bool, Some(Const::Bool(true)), ["CONNECTION_POOL_ENABLED"];
    "connection_pool.status" => connection_pool.status: Ty::String, Some(Const::Str("enabled")), [];
    "connection_pool.rollout_strategy" => connection_pool.rollout_strategy: Ty::String, Some(Const::Str("disabled")), ["CONNECTION_POOL_ROLLOUT"];
    "connection_pool.http_total_pool_size" => connection_pool.http_total_pool_size: Ty::Uint, Some(Const::Int(100)), ["HTTP_POOL_SIZE"];
    "connection_pool.http_connections_per_host" => connection_pool.http_connections_per_host: Ty::Uint, Some(Const::Int(30)), ["HTTP_CONNECTIONS_PER_HOST"];
    "connection_pool.http_connection_timeout" => connection_pool.http_connection_timeout: Ty::Float, Some(Const::Float(10.0)), ["HTTP_CONNECTION_TIMEOUT"];
    "connection_pool.http_pool_cleanup_interval" => connection_pool.http_pool_cleanup_interval: Ty::Uint, Some(Const::Int(300)), [];
    "connection_pool.db_pool_size" => connection_pool.db_pool_size: Ty::Uint, Some(Const::Int(10)), ["DB_POOL_SIZE"];
    "connection_pool.db_connection_timeout" => connection_pool.db_connection_timeout: Ty::Float, Some(Const::Float(5.0)), ["DB_CONNECTION_TIMEOUT"];
    "connection_pool.db_pool_overflow" => connection_pool.db_pool_overflow: Ty::Uint, Some(Const::Int(20)), [];
    "connection_pool.db_pool_recycle" => connection_pool.db_pool_recycle: Ty::Uint, Some(Const::Int(3600)), [];
    "connection_pool.max_concurrent_connections" => connection_pool.max_concurrent_connections: Ty::Uint, Some(Const::Int(150)), [];
    "connection_pool.connection_retry_attempts" => connection_pool.connection_retry_attempts: Ty::Uint, Some(Const::Int(3)), [];
    "connection_pool.connection_retry_delay" => connection_pool.connection_retry_delay: Ty::Float, Some(Const::Float(1.0)), [];
    "connection_pool.enable_metrics" => connection_pool.enable_metrics: Ty::Bool, Some(Const::Bool(true)), ["CONNECTION_POOL_METRICS"];
    "connection_pool.health_check_interval" => connection_pool.health_check_interval: Ty::Uint, Some(Const::Int(60)), [];
    "connection_pool.alert_threshold_failed_connections" => connection_pool.alert_threshold_failed_connections: Ty::Uint, Some(Const::Int(10)), ["CONNECTION_FAILURE_ALERT_THRESHOLD"];
    "request_pipeline.enabled" => request_pipeline.enabled: Ty::Bool, Some(Const::Bool(true)), ["REQUEST_PIPELINE_ENABLED"];
    "request_pipeline.status" => request_pipeline.status: Ty::String, Some(Const::Str("enabled")), [];
    "request_pipeline.rollout_strategy" => request_pipeline.rollout_strategy: Ty::String, Some(Const::Str("disabled")), ["REQUEST_PIPELINE_ROLLOUT"];
    "request_pipeline.enable_caching" => request_pipeline.enable_caching: Ty::Bool, Some(Const::Bool(true)), ["REQUEST_PIPELINE_CACHING"];
    "request_pipeline.cache_ttl_seconds" => request_pipeline.cache_ttl_seconds: Ty::Uint, Some(Const::Int(300)), ["CACHE_TTL_SECONDS"];
    "request_pipeline.cache_max_size" => request_pipeline.cache_max_size: Ty::Uint, Some(Const::Int(1000)), ["CACHE_MAX_SIZE"];
    "request_pipeline.cache_memory_limit_mb" => request_pipeline.cache_memory_limit_mb: Ty::Uint, Some(Const::Int(50)), ["CACHE_MEMORY_LIMIT_MB"];
    "request_pipeline.cache_cleanup_interval" => request_pipeline.cache_cleanup_interval: Ty::Uint, Some(Const::Int(600)), [];
    "request_pipeline.enable_batching" => request_pipeline.enable_batching: Ty::Bool, Some(Const::Bool(true)), ["REQUEST_BATCHING"];
    "request_pipeline.batch_size" => request_pipeline.batch_size: Ty::Uint, Some(Const::Int(10)), ["BATCH_SIZE"];
    "request_pipeline.batch_timeout_ms" => request_pipeline.batch_timeout_ms: Ty::Uint, Some(Const::Int(50)), ["BATCH_TIMEOUT_MS"];
    "request_pipeline.max_batch_wait_time_ms" => request_pipeline.max_batch_wait_time_ms: Ty::Uint, Some(Const::Int(100)), [];
    "request_pipeline.enable_deduplication" => request_pipeline.enable_deduplication: Ty::Bool, Some(Const::Bool(true)), [];
    "request_pipeline.deduplication_window_ms" => request_pipeline.deduplication_window_ms: Ty::Uint, Some(Const::Int(1000)), [];
    "request_pipeline.max_concurrent_requests" => request_pipeline.max_concurrent_requests: Ty::Uint, Some(Const::Int(100)), [];
    "request_pipeline.request_timeout_seconds" => request_pipeline.request_timeout_seconds: Ty::Float, Some(Const::Float(30.0)), [];
    "request_pipeline.enable_metrics" => request_pipeline.enable_metrics: Ty::Bool, Some(Const::Bool(true)), ["REQUEST_PIPELINE_METRICS"];
    "request_pipeline.enable_request_tracing" => request_pipeline.enable_request_tracing: Ty::Bool, Some(Const::Bool(false)), ["ENABLE_REQUEST_TRACING"];
    "request_pipeline.cache_hit_rate_alert_threshold" => request_pipeline.cache_hit_rate_alert_threshold: Ty::Float, Some(Const::Float(0.7)), ["CACHE_HIT_RATE_ALERT_THRESHOLD"];
}

macro_rules! leaf {
    ($($type:ty),*) => {
        $(impl Leaf for $type {
            fn take(fold: &mut Fold<'_>, id: PropId) -> Option<Self> {
                fold.required(id)
            }
        })*
    };
}

leaf!(bool, f64, String, Vec<String>, RolloutStrategy, ComponentStatus);

impl Leaf for u32 {
    fn take(fold: &mut Fold<'_>, id: PropId) -> Option<Self> {
        fold.required::<Narrow>(id).map(|Narrow(number)| number)
    }
}

impl Leaf for Option<String> {
    fn take(fold: &mut Fold<'_>, id: PropId) -> Option<Self> {
        Some(fold.optional(id))
    }
}

struct Narrow(u32);

impl FromValue for Narrow {
    fn from_value(value: &Value) -> Result<Self, TypeError> {
        let wide = u64::from_value(value)?;
        let narrow = u32::try_from(wide).map(Self);
        narrow.map_err(|_| TypeError { expected: "a number of 32 bits", found: wide.to_string() })
    }
}

impl FromValue for RolloutStrategy {
    fn from_value(value: &Value) -> Result<Self, TypeError> {
        let text = String::from_value(value)?;
        text.parse().map_err(|_| TypeError { expected: "a rollout strategy", found: text })
    }
}

impl FromValue for ComponentStatus {
    fn from_value(value: &Value) -> Result<Self, TypeError> {
        let text = String::from_value(value)?;
        text.parse().map_err(|_| TypeError { expected: "a status", found: text })
    }
}
