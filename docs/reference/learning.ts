// Generated from the schema; do not edit.

/** A value that is never shown: read as the mark, written as itself. The mark leaves it as it is. */
export type Secret<T> = T | { readonly $secret: true };

/** The whole configuration of the learning application. */
export interface LearningConfig {
  /**
   * The stage that the application runs at. It chooses the overrides that the program carries with it.
   * @default "development"
   */
  environment: Environment;
  /**
   * Shows errors in full to users; for developers alone.
   * @default false
   */
  debug_mode: boolean;
  /**
   * The least severe message that is logged.
   * @default "INFO"
   */
  log_level: LogLevel;
  /** When cards come back. */
  spaced_repetition: SpacedRepetitionConfig;
  /** How sessions are mixed. */
  interleaving: InterleavingConfig;
  /** How learners are assessed. */
  diagnostic: DiagnosticConfig;
  /** Which AI provider helps. */
  ai_provider: AiProviderConfig;
  /** Which features are on, and for whom. */
  feature_flags: FeatureFlagsConfig;
  /** Flags by any name, segments beside `admin` and `beta`, and the switch that turns all flags off. */
  flags: FlagSettings;
  /** The cache of the configuration itself. */
  cache: CacheConfig;
  /** What protects the application. */
  security: SecurityConfig;
  /**
   * The version of this document's layout. Older documents are migrated.
   * Limits: not empty.
   * @default "1.3.0"
   */
  version: string;
  /** When a migration last changed this document (RFC 3339). */
  last_migrated?: string | null;
}

/** What protects the application. Since version 1.3.0. */
export interface SecurityConfig {
  /**
   * Records who changed which setting.
   * @default true
   */
  audit_logging: boolean;
  /**
   * Requests of one user that are answered, per minute.
   * Limits: at least 1.
   * @default 60
   */
  rate_limit_per_minute: number;
  /**
   * Age at which the key of an AI provider is to be replaced, in days.
   * Limits: at least 1; better at most 365 (a key that is more than a year old is often known to others).
   * @default 90
   */
  api_key_rotation_days: number;
}

/** The cache of the configuration itself. */
export interface CacheConfig {
  /**
   * Age at which a copy of the database's settings counts as stale, in seconds.
   * Limits: at least 1.
   * @default 300
   */
  ttl_seconds: number;
  /**
   * Follows the hints that the statistics give.
   * @default true
   */
  auto_optimize: boolean;
  /**
   * Share of hits (0.0-1.0) below which the cache counts as critical.
   * Limits: 0.0 to 1.0.
   * @default 0.1
   */
  optimize_threshold: number;
  /**
   * Reads all settings when the application starts, so that the first request does not wait for them.
   * @default true
   */
  warm_on_start: boolean;
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

/**
 * Which features are on, and for whom. A feature that is enabled is open to `admin_users` and `beta_users`, and to the
 * share of all others that `feature_rollouts` says.
 */
export interface FeatureFlagsConfig {
  /**
   * Schedules that follow the learner's progress.
   * @default false
   */
  adaptive_learning_enabled: boolean;
  /**
   * Questions that an AI writes.
   * @default false
   */
  ai_generation_enabled: boolean;
  /**
   * Sessions that mix topics.
   * @default true
   */
  interleaved_practice_enabled: boolean;
  /**
   * The assessments of new learners.
   * @default true
   */
  diagnostics_enabled: boolean;
  /**
   * Users, by their id, for whom every enabled feature is on.
   * Limits: each not empty.
   * @default []
   */
  admin_users: string[];
  /**
   * Users, by their id, for whom every enabled feature is on before it is on for all.
   * Limits: each not empty.
   * @default []
   */
  beta_users: string[];
  /**
   * The share of the other users (0.0-1.0) for whom a feature is on; 0.0 where it is not named.
   * Limits: each 0.0 to 1.0.
   * @default {"diagnostics": 1.0, "interleaved_practice": 1.0}
   */
  feature_rollouts: Record<string, number>;
  /**
   * The environments in which a feature may be on; in all where it is not named.
   * @default {}
   */
  feature_environments: Record<string, Environment[]>;
}

/** Which AI provider helps, and what happens when it does not answer. */
export interface AiProviderConfig {
  /**
   * The provider that is asked first.
   * @default "gemini"
   */
  primary_provider: AiProvider;
  /**
   * The providers that are asked when the first one fails, in this order.
   * @default ["openai", "mock"]
   */
  fallback_providers: AiProvider[];
  /** The keys of the providers. */
  api_keys: ApiKeys;
  /**
   * Time that a request may take, in seconds.
   * Limits: 1 to 600; better at most 120 (learners wait for the answer).
   * @default 30
   */
  request_timeout_seconds: number;
  /**
   * Further attempts after a request failed.
   * Limits: at most 10.
   * @default 3
   */
  max_retries: number;
  /**
   * Connections to a provider that stay open.
   * Limits: 1 to 1000.
   * @default 10
   */
  connection_pool_size: number;
  /**
   * Leaves out a provider that keeps failing.
   * @default true
   */
  circuit_breaker_enabled: boolean;
  /**
   * Failures in a row after which a provider is left out.
   * Limits: at least 1.
   * @default 5
   */
  circuit_breaker_failure_threshold: number;
  /**
   * Time before a provider that was left out is tried again, in seconds.
   * Limits: at least 1.
   * @default 60
   */
  circuit_breaker_recovery_seconds: number;
}

/** The keys of AI providers. */
export interface ApiKeys {
  /** Google's Gemini. */
  gemini?: Secret<string> | null;
  /** `OpenAI`. */
  openai?: Secret<string> | null;
}

export type AiProvider =
  /** Google's Gemini. */
  | "gemini"
  /** `OpenAI`. */
  | "openai"
  /** Canned answers, for tests. */
  | "mock";

/** How learners are assessed. */
export interface DiagnosticConfig {
  /**
   * Offers assessments.
   * @default true
   */
  enabled: boolean;
  /**
   * Questions of an assessment at least.
   * Limits: at least 1.
   * @default 5
   */
  min_questions: number;
  /**
   * Questions of an assessment at most.
   * Limits: 1 to 200.
   * @default 20
   */
  max_questions: number;
  /**
   * Time of an assessment, in minutes.
   * Limits: 1 to 480.
   * @default 30
   */
  time_limit_minutes: number;
  /**
   * Share of right answers (0.0-1.0) that passes.
   * Limits: 0.0 to 1.0.
   * @default 0.7
   */
  passing_score: number;
  /**
   * How the next question is found.
   * @default "adaptive"
   */
  question_selection: QuestionSelection;
  /**
   * The difficulty of the first question.
   * @default "intermediate"
   */
  initial_difficulty: Difficulty;
  /**
   * Confidence in the result (0.0-1.0) at which an adaptive assessment ends early.
   * Limits: 0.5 to 1.0.
   * @default 0.9
   */
  confidence_threshold: number;
  /**
   * When learners see whether they were right.
   * @default "after_session"
   */
  feedback: Feedback;
  /**
   * Explains the right answer with the feedback.
   * @default true
   */
  show_explanations: boolean;
}

export type Feedback =
  /** After each question. */
  | "immediate"
  /** When the assessment is over. */
  | "after_session"
  /** Never. */
  | "none";

export type Difficulty =
  /** For those who begin. */
  | "beginner"
  /** For those who know the basics. */
  | "intermediate"
  /** For those who know more. */
  | "advanced"
  /** For those who know it all. */
  | "expert";

export type QuestionSelection =
  /** By the answers so far. */
  | "adaptive"
  /** By chance. */
  | "random"
  /** In the order of the catalogue. */
  | "sequential";

/** How sessions are mixed. */
export interface InterleavingConfig {
  /** The shares of the kinds of cards. */
  default_weights: Weights;
  /**
   * Cards in a session at least.
   * Limits: at least 1.
   * @default 5
   */
  min_session_size: number;
  /**
   * Cards in a session at most.
   * Limits: at least 1; better at most 200 (learners seldom finish sessions of more than 200 cards).
   * @default 50
   */
  max_session_size: number;
  /**
   * The factor of a card's difficulty, by the learner's level.
   * Limits: not empty; each 0.1 to 10.0.
   * @default {"advanced": 1.2, "beginner": 0.8, "expert": 1.5, "intermediate": 1.0}
   */
  difficulty_multipliers: Record<string, number>;
}

/** The shares of the kinds of cards in a session. They sum to 1. */
export interface Weights {
  /**
   * Cards whose time has come.
   * Limits: 0.0 to 1.0.
   * @default 0.6
   */
  due: number;
  /**
   * Cards of other topics, mixed in.
   * Limits: 0.0 to 1.0.
   * @default 0.25
   */
  interleave: number;
  /**
   * Cards that the learner has not seen.
   * Limits: 0.0 to 1.0.
   * @default 0.15
   */
  new: number;
}

/** When cards come back. */
export interface SpacedRepetitionConfig {
  /**
   * The algorithm of learners who did not choose one; one of `available_algorithms`.
   * @default "sm2"
   */
  default_algorithm: Algorithm;
  /**
   * The algorithms that learners may choose.
   * Limits: not empty.
   * @default ["sm2", "leitner"]
   */
  available_algorithms: Algorithm[];
  /**
   * SM-2: the factor by which the interval of a new card grows.
   * Limits: at least 1.0.
   * @default 2.5
   */
  sm2_initial_ease_factor: number;
  /**
   * SM-2: the factor that no card falls below.
   * Limits: at least 1.0.
   * @default 1.3
   */
  sm2_minimum_ease_factor: number;
  /**
   * Leitner: the number of boxes.
   * Limits: at least 2.
   * @default 5
   */
  leitner_box_count: number;
  /**
   * The longest time before a card comes back, in days.
   * Limits: at least 1.
   * @default 365
   */
  max_interval_days: number;
  /**
   * Cards that are scheduled at once.
   * Limits: 1 to 10000; better at most 1000 (scheduling more than 1000 cards at once delays answers to learners).
   * @default 100
   */
  batch_size: number;
  /**
   * Time that a schedule is kept, in seconds.
   * Limits: at least 1; better at least 10 (schedules kept for less than 10 s are computed again on nearly every request).
   * @default 300
   */
  cache_ttl_seconds: number;
}

export type Algorithm =
  /** SuperMemo 2: the interval grows by a factor that each card has. */
  | "sm2"
  /** Leitner: a card moves from box to box. */
  | "leitner";

export type LogLevel =
  /** Everything, for developers. */
  | "DEBUG"
  /** The normal course of things. */
  | "INFO"
  /** What may become a problem. */
  | "WARNING"
  /** What failed. */
  | "ERROR";

export type Environment =
  /** A developer's machine. */
  | "development"
  /** A rehearsal of production. */
  | "staging"
  /** The real thing. */
  | "production";

/** Any part of a configuration: lists are whole, null unsets. */
export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | null }
    : T;

/** What a file or a patch may say of LearningConfig. */
export type PartialLearningConfig = DeepPartial<LearningConfig>;
