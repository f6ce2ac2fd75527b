//! Charts as SVG: readable on light and dark pages, with a title and a description for those who do not see them.

mod bars;
mod lines;

use std::fmt::Write as _;

pub(super) use bars::Bars;
pub(super) use lines::{Line, Lines};

/// What a `write!` into a string expects.
const INFALLIBLE: &str = "a string takes everything";

const WIDTH: f64 = 760.0;

const STYLE: &str = "<style>
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px } .ours { font-weight: 600 } .tick { fill: #59636e; font-size: 12px }
  .grid { stroke: #d1d9e0 } .mark { stroke: #cf222e; stroke-dasharray: 4 3 } .bar { fill: #818b98 } .bar.ours { fill: #0969da }
  .line { fill: none; stroke-width: 2 } .line.hand { stroke-dasharray: 6 4 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .tick { fill: #9198a1 } .grid { stroke: #3d444d } .mark { stroke: #f85149 }
    .bar { fill: #656c76 } .bar.ours { fill: #4493f8 }
  }
</style>
";

/// A whole picture around what is drawn.
fn picture(title: &str, description: &str, height: f64, drawn: &str) -> String {
    let (title, description) = (escape(title), escape(description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">
<title id=\"title\">{title}</title>
<desc id=\"desc\">{description}</desc>
{STYLE}{drawn}</svg>\n"
    )
}

/// A text at a point, `anchor` of it: `start`, `middle` or `end`.
fn text(into: &mut String, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
    let text = escape(text);
    writeln!(into, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>")
        .expect(INFALLIBLE);
}

fn line(into: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (from, to);
    writeln!(into, "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>")
        .expect(INFALLIBLE);
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// How a number is told on an axis: `20`, `5,000`.
fn number(value: f64) -> String {
    let digits = if value < 1.0 { format!("{value}") } else { format!("{value:.0}") };
    let at = digits.len().saturating_sub(3);
    if value >= 1000.0 { format!("{},{}", &digits[..at], &digits[at..]) } else { digits }
}

/// Where values lie on an axis.
#[derive(Clone, Copy)]
pub(super) enum Scale {
    /// Equal steps, from zero.
    Linear,
    /// Equal ratios.
    Log,
}

impl Scale {
    /// The share of the axis between its ends at which a value lies.
    fn share(self, value: f64, (low, high): (f64, f64)) -> f64 {
        match self {
            Self::Linear => (value - low) / (high - low),
            Self::Log => (value / low).ln() / (high / low).ln(),
        }
    }

    /// Round values from `low` to the first at or above `high`.
    fn ticks(self, low: f64, high: f64) -> Vec<f64> {
        match self {
            Self::Linear => {
                let step = round_up(high / 6.0);
                let steps = (high / step).ceil() as u32;
                (0..=steps).map(|at| f64::from(at) * step).collect()
            }
            Self::Log => {
                let steps: &[f64] = if high / low > 1e3 { &[1.0] } else { &[1.0, 2.0, 5.0] };
                let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
                let round: Vec<f64> =
                    decades.flat_map(|decade| steps.iter().map(move |step| step * 10f64.powi(decade))).collect();
                let first = round.iter().rposition(|tick| *tick <= low * 1.0001).unwrap_or(0);
                let last = round.iter().position(|tick| *tick >= high * 0.9999).unwrap_or(round.len() - 1);
                round[first..=last].to_vec()
            }
        }
    }
}

/// The next of 1, 2 and 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps.iter().map(|step| step * power).find(|round| *round >= value).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_hold_all_values() {
        assert_eq!(Scale::Linear.ticks(0.0, 340.0), [0.0, 100.0, 200.0, 300.0, 400.0]);
        assert_eq!(Scale::Log.ticks(0.7, 40.0), [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
        assert_eq!(Scale::Log.ticks(10.0, 16_000.0), [10.0, 100.0, 1_000.0, 10_000.0, 100_000.0]);
    }

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!([0.5, 20.0, 5_000.0, 100_000.0].map(number), ["0.5", "20", "5,000", "100,000"]);
    }

    #[test]
    fn a_name_may_hold_what_svg_reserves() {
        assert_eq!(escape("a < b & c"), "a &lt; b &amp; c");
    }
}
