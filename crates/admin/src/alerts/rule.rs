//! A rule: which figure is compared with which setting.

use std::time::Duration;

use strata_config_core::FieldPath;

/// How long a figure counts where nothing is said.
const FRESH: Duration = Duration::from_secs(300);

/// How far a figure has to come back where nothing is said, as a share of the threshold.
const MARGIN: f64 = 0.05;

/// A figure that must not cross a threshold of the configuration.
///
/// The threshold is read from the running configuration at each comparison, so that a changed one counts at once.
#[derive(Debug, Clone)]
pub struct AlertRule {
    pub(crate) name: String,
    pub(crate) figure: String,
    pub(crate) threshold: FieldPath,
    pub(crate) direction: Direction,
    pub(crate) enabled_by: Option<FieldPath>,
    pub(crate) lasting: Duration,
    pub(crate) fresh: Duration,
    pub(crate) margin: f64,
}

/// On which side of the threshold the alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Above,
    AtLeast,
    Below,
}

impl AlertRule {
    fn new(figure: &str, threshold: FieldPath, direction: Direction) -> Self {
        Self {
            name: figure.to_owned(),
            figure: figure.to_owned(),
            threshold,
            direction,
            enabled_by: None,
            lasting: Duration::ZERO,
            fresh: FRESH,
            margin: MARGIN,
        }
    }

    /// An alert while a figure is above the setting at this path.
    #[must_use]
    pub fn above(figure: &str, threshold: FieldPath) -> Self {
        Self::new(figure, threshold, Direction::Above)
    }

    /// An alert while a figure has reached the setting at this path: for counts.
    #[must_use]
    pub fn at_least(figure: &str, threshold: FieldPath) -> Self {
        Self::new(figure, threshold, Direction::AtLeast)
    }

    /// An alert while a figure is below the setting at this path.
    #[must_use]
    pub fn below(figure: &str, threshold: FieldPath) -> Self {
        Self::new(figure, threshold, Direction::Below)
    }

    /// What the alert is called; its figure's name where nothing is said.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The setting that turns it on; where it is `false`, there is no alert, and one that was there ends.
    #[must_use]
    pub fn enabled_by(mut self, path: FieldPath) -> Self {
        self.enabled_by = Some(path);
        self
    }

    /// It begins only when the figure has been beyond the threshold for so long.
    #[must_use]
    pub fn for_duration(mut self, time: Duration) -> Self {
        self.lasting = time;
        self
    }

    /// For how long a figure counts that is not reported again: five minutes where nothing is said.
    #[must_use]
    pub fn stale_after(mut self, time: Duration) -> Self {
        self.fresh = time;
        self
    }

    /// How far the figure has to come back before the alert ends, as a share of the threshold: a twentieth where nothing
    /// is said. So a figure that wavers around the threshold is one alert. Where the threshold itself was changed
    /// meanwhile, the new one counts as it stands.
    #[must_use]
    pub fn margin(mut self, share: f64) -> Self {
        self.margin = if share.is_finite() { share.clamp(0.0, 1.0) } else { MARGIN };
        self
    }
}

impl Direction {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::AtLeast => "at_least",
            Self::Below => "below",
        }
    }

    /// Whether a value is on the side of the alert.
    pub(crate) fn is_beyond(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Above => value > threshold,
            Self::AtLeast => value >= threshold,
            Self::Below => value < threshold,
        }
    }

    /// The value that a figure has to come back to.
    pub(crate) fn back(self, threshold: f64, margin: f64) -> f64 {
        let distance = threshold.abs() * margin;
        match self {
            Self::Above | Self::AtLeast => threshold - distance,
            Self::Below => threshold + distance,
        }
    }
}
