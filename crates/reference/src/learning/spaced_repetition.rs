//! When cards come back.

use strata_config::{ConfigEnum, LayeredConfig};

/// When cards come back.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub struct SpacedRepetitionConfig {
    /// The algorithm of learners who did not choose one; one of `available_algorithms`.
    #[config(default = "sm2")]
    pub default_algorithm: Algorithm,

    /// The algorithms that learners may choose.
    #[config(default = ["sm2", "leitner"], validate(non_empty))]
    pub available_algorithms: Vec<Algorithm>,

    /// SM-2: the factor by which the interval of a new card grows.
    #[config(default = 2.5, validate(range(min = 1.0)))]
    pub sm2_initial_ease_factor: f64,

    /// SM-2: the factor that no card falls below.
    #[config(default = 1.3, validate(range(min = 1.0)))]
    pub sm2_minimum_ease_factor: f64,

    /// Leitner: the number of boxes.
    #[config(default = 5, validate(range(min = 2)))]
    pub leitner_box_count: u32,

    /// The longest time before a card comes back, in days.
    #[config(default = 365, validate(range(min = 1)))]
    pub max_interval_days: u32,

    /// Cards that are scheduled at once.
    #[config(
        default = 100,
        validate(range(min = 1, max = 10_000)),
        warn(range(max = 1000), "scheduling more than 1000 cards at once delays answers to learners")
    )]
    pub batch_size: u32,

    /// Time that a schedule is kept, in seconds.
    #[config(
        default = 300,
        validate(range(min = 1)),
        warn(range(min = 10), "schedules kept for less than 10 s are computed again on nearly every request")
    )]
    pub cache_ttl_seconds: u64,
}

/// How the time before a card comes back is found.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// SuperMemo 2: the interval grows by a factor that each card has.
    Sm2,
    /// Leitner: a card moves from box to box.
    Leitner,
}
