//! How sessions are mixed.

use std::collections::BTreeMap;

use strata_config::{LayeredConfig, Report};

/// How sessions are mixed.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub struct InterleavingConfig {
    /// The shares of the kinds of cards.
    #[config(nested)]
    pub default_weights: Weights,

    /// Cards in a session at least.
    #[config(default = 5, validate(range(min = 1)))]
    pub min_session_size: u32,

    /// Cards in a session at most.
    #[config(
        default = 50,
        validate(range(min = 1)),
        warn(range(max = 200), "learners seldom finish sessions of more than 200 cards")
    )]
    pub max_session_size: u32,

    /// The factor of a card's difficulty, by the learner's level.
    #[config(
        default = [("beginner", 0.8), ("intermediate", 1.0), ("advanced", 1.2), ("expert", 1.5)],
        validate(non_empty, each(range(min = 0.1, max = 10.0)))
    )]
    pub difficulty_multipliers: BTreeMap<String, f64>,
}

/// The shares of the kinds of cards in a session. They sum to 1.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(validate = Self::check)]
pub struct Weights {
    /// Cards whose time has come.
    #[config(default = 0.6, validate(range(min = 0.0, max = 1.0)))]
    pub due: f64,

    /// Cards of other topics, mixed in.
    #[config(default = 0.25, validate(range(min = 0.0, max = 1.0)))]
    pub interleave: f64,

    /// Cards that the learner has not seen.
    #[config(default = 0.15, validate(range(min = 0.0, max = 1.0)))]
    pub new: f64,
}

impl InterleavingConfig {
    fn check(&self, report: &mut Report) {
        if self.min_session_size > self.max_session_size {
            report.error(
                [Self::MIN_SESSION_SIZE, Self::MAX_SESSION_SIZE],
                "the smallest session may not be larger than the largest",
            );
        }
    }
}

impl Weights {
    /// Shares written with two digits sum to 1 within this.
    const TOLERANCE: f64 = 0.001;

    fn check(&self, report: &mut Report) {
        let sum = self.due + self.interleave + self.new;
        if (sum - 1.0).abs() > Self::TOLERANCE {
            report.error([Self::DUE, Self::INTERLEAVE, Self::NEW], format!("the weights must sum to 1, not {sum:.3}"));
        }
    }
}
