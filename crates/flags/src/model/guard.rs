//! What watches over a flag, and what it does where things go wrong.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Moment, Share};

/// Watches the failures and the latency of what a flag turned on, and acts where they pass a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guard {
    /// The share of failures, 0.0 to 1.0, above which it trips.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_rate: Option<f64>,
    /// Failures one after another that trip it, however few reports there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consecutive_failures: Option<u32>,
    /// The latency in milliseconds that counts as normal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// How many times the normal latency the mean may be before it trips.
    pub latency_multiplier: f64,
    /// Reports within the window below which no rate and no mean trips it.
    pub min_samples: u32,
    /// How far back reports count.
    #[serde(with = "super::guard::seconds")]
    pub window: Duration,
    /// How long it stays open before it lets a few units try again.
    #[serde(with = "super::guard::seconds")]
    pub recovery: Duration,
    /// Good reports in a row, while it is half open, that close it.
    pub half_open_probes: u32,
    /// What it does when it trips.
    pub action: GuardAction,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            error_rate: None,
            consecutive_failures: None,
            latency_ms: None,
            latency_multiplier: 1.0,
            min_samples: 20,
            window: Duration::from_secs(60),
            recovery: Duration::from_secs(30),
            half_open_probes: 5,
            action: GuardAction::Off,
        }
    }
}

/// What a tripped guard does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GuardAction {
    /// A ramp stays where it is, until somebody closes the guard.
    Pause,
    /// Splits and ramps serve nobody; targets and rules with a fixed variant go on.
    Rollback,
    /// The flag is off.
    #[default]
    Off,
}

impl GuardAction {
    /// The action's name in a definition.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Rollback => "rollback",
            Self::Off => "off",
        }
    }
}

/// That a flag's guard has tripped: state beside the definitions, so that evaluation stays a function of what it is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trip {
    /// When.
    pub at: Moment,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because: String,
    /// The coverage that the flag's ramp had; what a paused ramp keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Share>,
}

/// Durations as `"30s"`, or as a number of seconds.
pub(super) mod seconds {
    use std::fmt;
    use std::time::Duration;

    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    pub(in crate::model) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        match duration.subsec_millis() {
            0 => serializer.serialize_str(&format!("{}s", duration.as_secs())),
            _ => serializer.serialize_str(&format!("{}ms", duration.as_millis())),
        }
    }

    pub(in crate::model) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        struct DurationVisitor;

        impl Visitor<'_> for DurationVisitor {
            type Value = Duration;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as `\"30s\"`, `\"500ms\"`, `\"5m\"` or `\"2h\"`, or a number of seconds")
            }

            fn visit_u64<E: Error>(self, seconds: u64) -> Result<Duration, E> {
                Ok(Duration::from_secs(seconds))
            }

            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Duration, E> {
                u64::try_from(seconds).map(Duration::from_secs).map_err(|_| E::custom("a duration is not negative"))
            }

            fn visit_f64<E: Error>(self, seconds: f64) -> Result<Duration, E> {
                Duration::try_from_secs_f64(seconds).map_err(E::custom)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
                read(text.trim()).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }
        }

        deserializer.deserialize_any(DurationVisitor)
    }

    fn read(text: &str) -> Option<Duration> {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let count: u64 = digits.trim_end().parse().ok()?;
        let millis = match &text[digits.len()..] {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        count.checked_mul(millis).map(Duration::from_millis)
    }
}
