// Generated from the schema; do not edit.

/** A value that is never shown: read as the mark, written as itself. The mark leaves it as it is. */
export type Secret<T> = T | { readonly $secret: true };

/** The web application's configuration. */
export interface WebappConfig {
  /**
   * Shows errors in full to users; for developers alone.
   * @default false
   */
  debug: boolean;
  /**
   * The least severe message that is logged.
   * @default "INFO"
   */
  log_level: LogLevel;
  /**
   * The stage that the application runs at. It chooses the files that are read.
   * @default "development"
   */
  environment: Environment;
  /**
   * Signs sessions; at least 32 characters.
   * Limits: at least 32 characters.
   */
  secret_key: Secret<string>;
  /** Signs tokens. */
  jwt_secret?: Secret<string> | null;
  /** Signs tokens: a Fernet token, in base64 once more, that `encryption_key` opens. */
  jwt_secret_encrypted?: Secret<string> | null;
  /** The Fernet keys that open encrypted secrets, the newest first; the process's own variable counts. */
  encryption_key?: Secret<string> | null;
  /** The database. */
  database: DatabaseConfig;
  /** The cache, and the home of feature flags. */
  redis: RedisConfig;
  /** The external API. */
  api: ApiConfig;
  /** The feature flags. */
  features: FeatureFlags;
  /** Flags by any name, segments, and the switch that turns all flags off. */
  flags: FlagSettings;
  /** The services that watch over the application. */
  monitoring: MonitoringConfig;
}

/** The services that watch over the application. */
export interface MonitoringConfig {
  /**
   * Where Sentry receives errors; a secret, as it carries a key.
   * Limits: a URL of the scheme `http`, `https`.
   */
  sentry_dsn?: Secret<string> | null;
  /** The key of Datadog's API. */
  datadog_api_key?: Secret<string> | null;
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

/** The feature flags. All are off until somebody turns them on: `true`, `25%`, `canary`, or a definition. */
export interface FeatureFlags {
  /**
   * The new dashboard.
   * @default false
   */
  new_dashboard: unknown;
  /**
   * The API that is not stable yet.
   * @default false
   */
  beta_api: unknown;
  /**
   * Analyses beyond the basic ones.
   * @default false
   */
  advanced_analytics: unknown;
  /**
   * The second version of payments.
   * @default false
   */
  payment_v2: unknown;
  /**
   * Dark pages.
   * @default false
   */
  dark_mode: unknown;
}

/** The external API. */
export interface ApiConfig {
  /**
   * Where the API is.
   * Limits: a URL of the scheme `http`, `https`.
   * @default "https://api.example.com"
   */
  base_url: string;
  /**
   * Time that a request may take, in seconds.
   * Limits: at least 1.
   * @default 30
   */
  timeout: number;
  /**
   * Further attempts after a request failed.
   * Limits: at most 10.
   * @default 3
   */
  retry_count: number;
  /** Authenticates requests. */
  api_key?: Secret<string> | null;
}

/** The cache, and the home of feature flags. */
export interface RedisConfig {
  /**
   * Where Redis is. A secret, as it may carry a password.
   * Limits: a URL of the scheme `redis`.
   */
  url: Secret<string>;
  /**
   * Time that a command may take, in seconds.
   * Limits: at least 1.
   * @default 5
   */
  timeout: number;
  /**
   * Connections that may be open at once.
   * Limits: at least 1.
   * @default 10
   */
  max_connections: number;
  /**
   * Age at which the flags that were read from Redis count as stale, in seconds.
   * Limits: at least 1.
   * @default 300
   */
  flag_cache_ttl: number;
  /** The file in which those flags are kept for a start while Redis is away. */
  flag_file?: string | null;
}

/** The database. */
export interface DatabaseConfig {
  /**
   * Where the database is: a URL of PostgreSQL, MySQL or SQLite. A secret, as it may carry a password.
   * Limits: a URL of the scheme `postgresql`, `mysql`, `sqlite`.
   */
  url: Secret<string>;
  /** The password, where the URL has none. */
  password?: Secret<string> | null;
  /**
   * Connections that stay open.
   * Limits: 1 to 100.
   * @default 5
   */
  pool_size: number;
  /**
   * Time that a query may take, in seconds.
   * Limits: at least 1.
   * @default 30
   */
  timeout: number;
  /**
   * Logs every statement.
   * @default false
   */
  echo: boolean;
}

export type Environment =
  /** A developer's machine. */
  | "development"
  /** A rehearsal of production. */
  | "staging"
  /** The real thing. */
  | "production";

export type LogLevel =
  /** Everything, for developers. */
  | "DEBUG"
  /** The normal course of things. */
  | "INFO"
  /** What may become a problem. */
  | "WARNING"
  /** What failed. */
  | "ERROR";

/** Any part of a configuration: lists are whole, null unsets. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | null }
    : T;

/** What a file or a patch may say of WebappConfig. */
export type PartialWebappConfig = DeepPartial<WebappConfig>;
