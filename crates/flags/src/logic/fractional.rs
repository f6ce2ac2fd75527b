//! flagd's `fractional`: a unit's text, and the weights that it falls on.

use std::io::Write;

use super::value::{Halt, Value};
use crate::bucket::{Algorithm, BUCKETS, Shares, Splitter, Unit};

/// The highest sum of weights: what flagd's arithmetic takes.
pub(crate) const HEAVIEST: u64 = i32::MAX as u64;

/// Weights, ready to place units; `None` where they weigh nothing or too much.
pub(super) fn splitter(algorithm: Algorithm, weights: &[u32]) -> Option<Splitter> {
    let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
    let weights: Vec<(u32, u32)> = (0..).zip(weights.iter().copied()).collect();
    let shares = Shares { algorithm, salt: "", choice_salt: None, coverage: BUCKETS, weights: &weights, ranges: None };
    (1..=HEAVIEST).contains(&sum).then(|| Splitter::new(shares))
}

/// Values whose texts, with nothing between them, are the unit.
#[derive(Debug)]
pub(super) struct Concatenated<'v>(pub(super) &'v [Value<'v>]);

impl Concatenated<'_> {
    /// # Errors
    /// [`Halt::Unsure`] where one is a list, a map or a fraction, whose text takes more than a few bytes.
    pub(super) fn check(&self) -> Result<(), Halt> {
        let is_long = |value: &Value<'_>| matches!(value, Value::Composite { .. } | Value::Float(_));
        if self.0.iter().any(is_long) { Err(Halt::Unsure) } else { Ok(()) }
    }
}

impl Unit for Concatenated<'_> {
    fn feed<S>(&self, state: S, step: impl Fn(S, &[u8]) -> S) -> S {
        self.0.iter().fold(state, |state, value| match value {
            Value::Null | Value::Composite { .. } | Value::Float(_) => state,
            Value::Bool(true) => step(state, b"true"),
            Value::Bool(false) => step(state, b"false"),
            Value::Text(text) => step(state, text.as_bytes()),
            Value::Int(number) => {
                // The longest has twenty characters.
                let mut buffer = [0; 24];
                let mut rest = &mut buffer[..];
                let length = match write!(rest, "{number}") {
                    Ok(()) => 24 - rest.len(),
                    Err(_) => 0,
                };
                step(state, &buffer[..length])
            }
        })
    }
}
