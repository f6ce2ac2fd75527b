// Generated from the schema; do not edit.

/** Text such as `256MB` or `1GiB`; or a number, in bytes unless the setting has a unit. */
export type ByteSize = string | number;

/** The run-time configuration of lazy loading. */
export interface LazyLoadingConfig {
  /**
   * Unloads packages that have not been used for a while.
   * @default true
   */
  lazy_loading_unloading_enabled: boolean;
  /**
   * Time between two checks for packages to unload, in seconds.
   * Limits: at least 0.001.
   * @default 60.0
   */
  lazy_loading_unloading_check_interval: number;
  /**
   * Which of the timeouts counts.
   * @default "BALANCED"
   */
  lazy_loading_unloading_strategy: UnloadingStrategy;
  /**
   * Time without use after which the strategy `AGGRESSIVE` unloads a package, in seconds.
   * Limits: at least 0.001.
   * @default 300.0
   */
  lazy_loading_unloading_aggressive_timeout: number;
  /**
   * Time without use after which the strategy `BALANCED` unloads a package, in seconds.
   * Limits: at least 0.001.
   * @default 600.0
   */
  lazy_loading_unloading_balanced_timeout: number;
  /**
   * Time without use after which the strategy `CONSERVATIVE` unloads a package, in seconds.
   * Limits: at least 0.001.
   * @default 1200.0
   */
  lazy_loading_unloading_conservative_timeout: number;
  /**
   * Share of the memory in use (0.0-1.0) above which the memory pressure timeout counts.
   * Limits: 0.0 to 1.0.
   * @default 0.8
   */
  lazy_loading_unloading_memory_pressure_threshold: number;
  /**
   * Time without use after which a package is unloaded under memory pressure, in seconds.
   * Limits: at least 0.001.
   * @default 60.0
   */
  lazy_loading_unloading_memory_pressure_timeout: number;
  /**
   * Packages that one check unloads at most.
   * Limits: at least 1.
   * @default 5
   */
  lazy_loading_unloading_max_unloads_per_cycle: number;
  /**
   * Memory that unloading a package must free, in bytes or as a size (`1MiB`).
   * Limits: at least 1.
   * @default 1048576
   */
  lazy_loading_unloading_min_memory_savings_threshold: ByteSize;
  /**
   * Loads packages again whose files changed.
   * @default true
   */
  package_reloading_enabled: boolean;
  /**
   * Loads a package again only where that pays.
   * @default true
   */
  smart_reloading_enabled: boolean;
  /**
   * Time between two checks for packages to load again, in seconds.
   * Limits: at least 0.001.
   * @default 30.0
   */
  reloading_check_interval: number;
  /**
   * Packages that one check loads again at most.
   * Limits: at least 1.
   * @default 3
   */
  max_reloads_per_cycle: number;
  /**
   * Gain in performance (0.0-1.0) that loading a package again must bring.
   * Limits: 0.0 to 1.0.
   * @default 0.1
   */
  reloading_performance_threshold: number;
  /**
   * Share of the memory in use (0.0-1.0) above which the whole service saves memory.
   * Limits: 0.0 to 1.0.
   * @default 0.8
   */
  memory_pressure_threshold: number;
  /**
   * Saves memory under pressure.
   * @default true
   */
  memory_optimization_enabled: boolean;
  /**
   * Time between two clean-ups of memory, in seconds.
   * Limits: at least 0.001.
   * @default 300.0
   */
  memory_cleanup_interval: number;
  /**
   * Packages that are loaded at the same time at most.
   * Limits: 1 to 1000.
   * @default 10
   */
  max_concurrent_loads: number;
  /**
   * Time that loading a package may take, in seconds.
   * Limits: at least 0.001.
   * @default 30.0
   */
  load_timeout: number;
  /**
   * Keeps loaded packages.
   * @default true
   */
  cache_enabled: boolean;
  /**
   * Memory of the kept packages, in bytes or as a size (`100MiB`).
   * Limits: at least 1.
   * @default 104857600
   */
  cache_size_limit: ByteSize;
  /**
   * Records which packages are used.
   * @default true
   */
  analytics_enabled: boolean;
  /**
   * Measures how long packages take to load.
   * @default true
   */
  performance_monitoring_enabled: boolean;
  /**
   * Time between two collections of figures, in seconds.
   * Limits: at least 0.001.
   * @default 60.0
   */
  metrics_collection_interval: number;
}

export type UnloadingStrategy =
  /** Soon: memory is short. */
  | "AGGRESSIVE"
  /** After a fair time. */
  | "BALANCED"
  /** Late: loading takes long. */
  | "CONSERVATIVE";

/** Any part of a configuration: lists are whole, null unsets. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | null }
    : T;

/** What a file or a patch may say of LazyLoadingConfig. */
export type PartialLazyLoadingConfig = DeepPartial<LazyLoadingConfig>;
