// Generated from the schema; do not edit.

/** The master configuration of the Phase 2A optimisations. */
export interface Phase2aConfig {
  /**
   * The master switch. Off, no component runs optimised, whatever else is set.
   * @default false
   */
  phase_2a_enabled: boolean;
  /**
   * The rollout of every component that does not set a strategy of its own.
   * @default "disabled"
   */
  global_rollout_strategy: RolloutStrategy;
  /** The pools of HTTP and database connections. */
  connection_pool: ConnectionPoolConfig;
  /** Caching, batching and deduplication of requests. */
  request_pipeline: RequestPipelineConfig;
  /**
   * Memory that all optimisations may use together, in MB. The board has 512; at least 112 are the system's.
   * Limits: 1 to 400.
   * @default 256
   */
  max_memory_usage_mb: number;
  /**
   * Measures the components while they run.
   * @default true
   */
  performance_monitoring_enabled: boolean;
  /**
   * Permits the emergency shutdown of all optimisations at once.
   * @default true
   */
  emergency_shutdown_enabled: boolean;
  /**
   * The share of requests under the strategy `custom`, in per cent.
   * Limits: 0.0 to 100.0.
   * @default 0.0
   */
  rollout_percentage: number;
  /**
   * The load at which a rollout proves anything, in requests a minute; its statistics say whether a component has it.
   * Limits: at least 1.
   * @default 100
   */
  rollout_target_requests_per_minute: number;
  /**
   * User agents that are admitted beyond the share: exact, or with `*` for any text.
   * Limits: each not empty.
   * @default []
   */
  rollout_user_agent_whitelist: string[];
  /**
   * Clients that are admitted beyond the share: addresses, or networks such as `10.0.0.0/8`.
   * @default []
   */
  rollout_ip_whitelist: string[];
  /**
   * A component that keeps failing falls back to the unoptimised path by itself.
   * @default true
   */
  enable_automatic_fallback: boolean;
  /**
   * Failures in a row after which a component falls back.
   * Limits: at least 1.
   * @default 5
   */
  fallback_failure_threshold: number;
  /**
   * Time before a component that fell back is tried again, in minutes.
   * @default 5
   */
  fallback_recovery_time_minutes: number;
  /** How changed files are noticed. */
  hot_reload: HotReloadConfig;
  /**
   * Makes every warning an error: an unknown variable, a deprecated key, a value that is only advised against.
   * @default false
   */
  validation_strict: boolean;
  /**
   * Age at which a copy of remote feature flags counts as stale, in seconds.
   * Limits: at least 1.
   * @default 3600
   */
  feature_flag_cache_ttl: number;
  /** When operators are alerted. */
  alerts: AlertConfig;
  /**
   * The least severe message that the components log.
   * @default "INFO"
   */
  log_level: LogLevel;
  /**
   * Time between two exports of metrics, in seconds.
   * Limits: at least 1.
   * @default 60
   */
  metrics_export_interval: number;
  /** Flags besides those of the components, segments, and the components that fell back. */
  flags: FlagSettings;
  /**
   * The version of this document's layout.
   * Limits: not empty.
   * @default "1.0.0"
   */
  config_version: string;
  /** When the newest file that was read was last written (RFC 3339). None where no file was read. */
  readonly last_updated?: string | null;
  /** What was read: the files, then `environment` where a variable set something. None where all is default. */
  readonly loaded_from?: string | null;
}

/**
 * Flags by any name, for a field `#[config(nested)] flags: FlagSettings`; flags that the program knows may as well be
 * fields of their own, of type [`Flag`].
 */
export interface FlagSettings {
  /**
   * Turns every flag off, also those that stand elsewhere in the configuration.
   * @default false
   */
  kill_switch: boolean;
  /**
   * Groups of units by name, for the conditions of all flags.
   * @default {}
   */
  segments: Record<string, Record<string, unknown>>;
  /**
   * Flags by key.
   * @default {}
   */
  flags: Record<string, unknown>;
  /**
   * The guards that have tripped, by their flag's key; guards write it.
   * @default {}
   */
  trips: Record<string, Record<string, unknown>>;
}

export type LogLevel =
  /** Everything, for developers. */
  | "DEBUG"
  /** The normal course of things. */
  | "INFO"
  /** What may become a problem. */
  | "WARNING"
  /** What failed. */
  | "ERROR"
  /** What stops the system. */
  | "CRITICAL";

/** When operators are alerted. The thresholds of single components stand beside their other settings. */
export interface AlertConfig {
  /**
   * Raises alerts.
   * @default true
   */
  enabled: boolean;
  /**
   * Memory in use above which an alert is raised, in MB.
   * Limits: at least 1.
   * @default 200
   */
  memory_threshold_mb: number;
}

/** How changed files are noticed. */
export interface HotReloadConfig {
  /**
   * Loads files again when they change.
   * @default true
   */
  enabled: boolean;
  /**
   * Time after which a change is seen even where the file system announces none, in seconds.
   * Limits: at least 1.
   * @default 30
   */
  check_interval: number;
}

/** Caching, batching and deduplication of requests. */
export interface RequestPipelineConfig {
  /**
   * Uses the optimised pipeline.
   * @default true
   */
  enabled: boolean;
  /**
   * Whether the pipeline may run optimised.
   * @default "enabled"
   */
  status: ComponentStatus;
  /**
   * The share of requests that use the pipeline. Where no source sets it, `global_rollout_strategy` counts.
   * @default "disabled"
   */
  rollout_strategy: RolloutStrategy;
  /**
   * Keeps answers for requests to come.
   * @default true
   */
  enable_caching: boolean;
  /**
   * Time that an answer is kept, in seconds.
   * Limits: at least 1.
   * @default 300
   */
  cache_ttl_seconds: number;
  /**
   * Answers that are kept at most.
   * Limits: at least 1.
   * @default 1000
   */
  cache_max_size: number;
  /**
   * Memory of the kept answers, in MB; at most `max_memory_usage_mb`.
   * Limits: at least 1.
   * @default 50
   */
  cache_memory_limit_mb: number;
  /**
   * Time between two sweeps of answers that are too old, in seconds.
   * Limits: at least 1.
   * @default 600
   */
  cache_cleanup_interval: number;
  /**
   * Sends several requests as one.
   * @default true
   */
  enable_batching: boolean;
  /**
   * Requests in a batch at most. A larger batch does not fit into the board's memory, so there is no fallback.
   * Limits: 1 to 50.
   * @default 10
   */
  batch_size: number;
  /**
   * Time that a batch waits for its next request, in milliseconds.
   * @default 50
   */
  batch_timeout_ms: number;
  /**
   * Time that the first request of a batch waits at most, in milliseconds.
   * @default 100
   */
  max_batch_wait_time_ms: number;
  /**
   * Answers equal requests once.
   * @default true
   */
  enable_deduplication: boolean;
  /**
   * Time within which equal requests count as one, in milliseconds.
   * @default 1000
   */
  deduplication_window_ms: number;
  /**
   * Requests that may be under way at once.
   * Limits: at least 1.
   * @default 100
   */
  max_concurrent_requests: number;
  /**
   * Time that a request may take, in seconds.
   * Limits: at least 0.001.
   * @default 30.0
   */
  request_timeout_seconds: number;
  /**
   * Counts requests, hits, batches and failures.
   * @default true
   */
  enable_metrics: boolean;
  /**
   * Traces single requests. Off, as tracing slows the board down.
   * @default false
   */
  enable_request_tracing: boolean;
  /**
   * Share of requests answered from the cache (0.0-1.0) below which an alert is raised.
   * Limits: 0.0 to 1.0.
   * @default 0.7
   */
  cache_hit_rate_alert_threshold: number;
}

/** The pools of HTTP and database connections. Sizes and timeouts reach the pools while they run. */
export interface ConnectionPoolConfig {
  /**
   * Uses the optimised pools.
   * @default true
   */
  enabled: boolean;
  /**
   * Whether the pools may run optimised.
   * @default "enabled"
   */
  status: ComponentStatus;
  /**
   * The share of requests that use the pools. Where no source sets it, `global_rollout_strategy` counts.
   * @default "disabled"
   */
  rollout_strategy: RolloutStrategy;
  /**
   * HTTP connections to all hosts together.
   * Limits: 1 to 200.
   * @default 100
   */
  http_total_pool_size: number;
  /**
   * HTTP connections to one host.
   * Limits: at least 1.
   * @default 30
   */
  http_connections_per_host: number;
  /**
   * Time to establish an HTTP connection, in seconds.
   * Limits: at least 0.001.
   * @default 10.0
   */
  http_connection_timeout: number;
  /**
   * Time between two sweeps of idle HTTP connections, in seconds.
   * Limits: at least 1.
   * @default 300
   */
  http_pool_cleanup_interval: number;
  /**
   * Database connections that stay open.
   * Limits: 1 to 20.
   * @default 10
   */
  db_pool_size: number;
  /**
   * Time to establish a database connection, in seconds.
   * Limits: at least 0.001.
   * @default 5.0
   */
  db_connection_timeout: number;
  /**
   * Database connections beyond the pool at peaks.
   * @default 20
   */
  db_pool_overflow: number;
  /**
   * Age at which a database connection is replaced, in seconds.
   * Limits: at least 1.
   * @default 3600
   */
  db_pool_recycle: number;
  /**
   * Connections of every kind that may be open at once.
   * Limits: at least 1.
   * @default 150
   */
  max_concurrent_connections: number;
  /**
   * Further attempts after a connection failed.
   * @default 3
   */
  connection_retry_attempts: number;
  /**
   * Pause before a further attempt, in seconds.
   * Limits: at least 0.0.
   * @default 1.0
   */
  connection_retry_delay: number;
  /**
   * Counts connections, waits and failures.
   * @default true
   */
  enable_metrics: boolean;
  /**
   * Time between two health checks of the pools, in seconds.
   * Limits: at least 1.
   * @default 60
   */
  health_check_interval: number;
  /**
   * Failed connections that raise an alert.
   * Limits: at least 1.
   * @default 10
   */
  alert_threshold_failed_connections: number;
}

export type ComponentStatus =
  /** Turned off by an operator. */
  | "disabled"
  /** In use. */
  | "enabled"
  /** Out of use while somebody works on it. */
  | "maintenance"
  /** Out of use since it failed. */
  | "error";

export type RolloutStrategy =
  /** No request. */
  | "disabled"
  /** 5 % of the requests. */
  | "canary"
  /** 25 % of the requests. */
  | "gradual"
  /** 75 % of the requests. */
  | "majority"
  /** Every request. */
  | "full"
  /** The share that `rollout_percentage` says. */
  | "custom";

/** Any part of a configuration: lists are whole, null unsets. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | null }
    : T;

/** What a file or a patch may say of Phase2aConfig. */
export type PartialPhase2aConfig = DeepPartial<Phase2aConfig>;
