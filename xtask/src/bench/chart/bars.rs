//! Horizontal bars, one a contender, the shortest first.

use std::fmt::Write as _;

use super::{INFALLIBLE, Scale, WIDTH, line, number, picture, text};

const LEFT: f64 = 130.0;
const RIGHT: f64 = 80.0;
const TOP: f64 = 40.0;
const ROW: f64 = 26.0;

/// Bars of one quantity.
pub(in super::super) struct Bars {
    /// The file that it is written to, without `.svg`.
    pub(in super::super) name: &'static str,
    pub(in super::super) title: &'static str,
    /// Below the axis: the unit, and the scale where it is not the usual one.
    pub(in super::super) axis: &'static str,
    pub(in super::super) scale: Scale,
    /// What the budget allows.
    pub(in super::super) target: f64,
    /// A contender, its value, and how that is written.
    pub(in super::super) rows: Vec<(&'static str, f64, String)>,
}

impl Bars {
    pub(in super::super) fn svg(&self) -> String {
        let mut rows: Vec<_> = self.rows.iter().collect();
        rows.sort_by(|a, b| a.1.total_cmp(&b.1));
        let values = || rows.iter().map(|row| row.1).chain([self.target]);
        let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
        // A bar on a logarithmic axis has no zero to start from; below the least there is room to see it.
        let ticks = self.scale.ticks(least / 1.5, most);
        let ends = (ticks[0], ticks[ticks.len() - 1]);
        let x = |value: f64| LEFT + self.scale.share(value, ends) * (WIDTH - LEFT - RIGHT);
        let bottom = TOP + ROW * rows.len() as f64;
        let mut drawn = String::new();
        text(&mut drawn, 12.0, 22.0, "start", "title", self.title);
        for tick in &ticks {
            line(&mut drawn, "grid", (x(*tick), TOP - 4.0), (x(*tick), bottom));
            text(&mut drawn, x(*tick), bottom + 16.0, "middle", "tick", &number(*tick));
        }
        for (at, (contender, value, label)) in rows.iter().enumerate() {
            let y = TOP + ROW * at as f64;
            let class = if *contender == super::super::OURS { "ours" } else { "" };
            text(&mut drawn, LEFT - 8.0, y + 17.0, "end", class, contender);
            let width = x(*value) - x(ends.0);
            writeln!(
                drawn,
                "<rect class=\"bar {class}\" x=\"{LEFT}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{:.1}\" rx=\"2\"/>",
                y + 3.0,
                ROW - 6.0
            )
            .expect(INFALLIBLE);
            text(&mut drawn, x(*value) + 6.0, y + 17.0, "start", class, label);
        }
        line(&mut drawn, "mark", (x(self.target), TOP - 4.0), (x(self.target), bottom));
        let axis = format!("{}; the dashed line is the budget", self.axis);
        text(&mut drawn, (LEFT + WIDTH - RIGHT) / 2.0, bottom + 36.0, "middle", "tick", &axis);
        let told: Vec<_> = rows.iter().map(|(contender, _, label)| format!("{contender} {label}")).collect();
        picture(self.title, &format!("{}: {}.", self.axis, told.join(", ")), bottom + 48.0, &drawn)
    }
}
