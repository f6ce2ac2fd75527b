// Generated from the schema; do not edit.

/** The sampling of a monitor's events to two transports. */
export interface DualWriteConfig {
  /** The categories of events. */
  categories: CategoriesConfig;
  /**
   * Sends the events of every enabled category one way, whatever its adapters are. `null` for no override.
   * @default null
   */
  global_override?: GlobalOverride | null;
  /** When an adapter counts as unhealthy. */
  adapter_health: AdapterHealthConfig;
  /**
   * Leaves out an adapter that is unhealthy.
   * @default true
   */
  circuit_breaker_enabled: boolean;
  /**
   * Share of failed writes (0.0-1.0) above which the breaker opens.
   * Limits: 0.0 to 1.0.
   * @default 0.05
   */
  circuit_breaker_failure_threshold: number;
  /**
   * Time before an adapter that was left out is tried again, in seconds.
   * Limits: at least 1.
   * @default 30
   */
  circuit_breaker_recovery_time_s: number;
  /**
   * The breaker also opens when writes take longer than this many times the adapter's latency threshold.
   * Limits: at least 1.0.
   * @default 2.0
   */
  circuit_breaker_latency_multiplier: number;
  /** Flags besides those of categories and adapters, segments, and the breakers that are open. */
  flags: FlagSettings;
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

/** When an adapter counts as unhealthy. */
export interface AdapterHealthConfig {
  /** The WebSocket server. */
  websocket: WebsocketHealth;
  /** Supabase Realtime. */
  realtime: RealtimeHealth;
}

/** The health of Supabase Realtime. */
export interface RealtimeHealth {
  /**
   * Share of failed writes (0.0-1.0) above which the adapter is unhealthy, and its breaker opens.
   * Limits: 0.0 to 1.0.
   * @default 0.05
   */
  error_threshold: number;
  /**
   * Time of a write above which the adapter is unhealthy, in milliseconds.
   * Limits: at least 1.
   * @default 150
   */
  latency_threshold_ms: number;
}

/** The health of the WebSocket server. */
export interface WebsocketHealth {
  /**
   * Share of failed writes (0.0-1.0) above which the adapter is unhealthy, and its breaker opens.
   * Limits: 0.0 to 1.0.
   * @default 0.05
   */
  error_threshold: number;
  /**
   * Time of a write above which the adapter is unhealthy, in milliseconds.
   * Limits: at least 1.
   * @default 200
   */
  latency_threshold_ms: number;
}

export type GlobalOverride =
  /** WebSocket alone. */
  | "websocket_only"
  /** Realtime alone. */
  | "realtime_only";

/** The categories of events. In documents their names may also stand in capitals. */
export interface CategoriesConfig {
  /** Failures and alerts. */
  critical: CriticalCategory;
  /** Timings and throughput. */
  performance: PerformanceCategory;
  /** What users do. */
  user_activity: UserActivityCategory;
  /** What the system does. */
  system: SystemCategory;
  /** What developers look at. */
  debug: DebugCategory;
}

/** What developers look at: nothing, and nowhere. */
export interface DebugCategory {
  /**
   * Writes the category's events.
   * @default false
   */
  enabled: boolean;
  /**
   * Share of the category's events that is sampled, in per cent.
   * Limits: at most 100.
   * @default 0
   */
  percentage: number;
  /**
   * Where the category's events go; each adapter once.
   * Limits: passes `distinct`.
   * @default []
   */
  adapters: AdapterType[];
}

/** What the system does: everything, to both adapters. */
export interface SystemCategory {
  /**
   * Writes the category's events.
   * @default true
   */
  enabled: boolean;
  /**
   * Share of the category's events that is sampled, in per cent.
   * Limits: at most 100.
   * @default 100
   */
  percentage: number;
  /**
   * Where the category's events go; each adapter once.
   * Limits: passes `distinct`.
   * @default ["websocket", "realtime"]
   */
  adapters: AdapterType[];
}

/** What users do: none yet; by Realtime once it is enabled. */
export interface UserActivityCategory {
  /**
   * Writes the category's events.
   * @default false
   */
  enabled: boolean;
  /**
   * Share of the category's events that is sampled, in per cent.
   * Limits: at most 100.
   * @default 0
   */
  percentage: number;
  /**
   * Where the category's events go; each adapter once.
   * Limits: passes `distinct`.
   * @default ["realtime"]
   */
  adapters: AdapterType[];
}

/** Timings and throughput: every second one, by WebSocket. */
export interface PerformanceCategory {
  /**
   * Writes the category's events.
   * @default true
   */
  enabled: boolean;
  /**
   * Share of the category's events that is sampled, in per cent.
   * Limits: at most 100.
   * @default 50
   */
  percentage: number;
  /**
   * Where the category's events go; each adapter once.
   * Limits: passes `distinct`.
   * @default ["websocket"]
   */
  adapters: AdapterType[];
}

/** Failures and alerts: every one, to both adapters. */
export interface CriticalCategory {
  /**
   * Writes the category's events.
   * @default true
   */
  enabled: boolean;
  /**
   * Share of the category's events that is sampled, in per cent.
   * Limits: at most 100.
   * @default 100
   */
  percentage: number;
  /**
   * Where the category's events go; each adapter once.
   * Limits: passes `distinct`.
   * @default ["websocket", "realtime"]
   */
  adapters: AdapterType[];
}

export type AdapterType =
  /** The WebSocket server. */
  | "websocket"
  /** Supabase Realtime. */
  | "realtime";

/** Any part of a configuration: lists are whole, null unsets. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | null }
    : T;

/** What a file or a patch may say of DualWriteConfig. */
export type PartialDualWriteConfig = DeepPartial<DualWriteConfig>;
