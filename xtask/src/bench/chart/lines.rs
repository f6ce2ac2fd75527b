//! Lines over two logarithmic axes, each with its name at its end.

use std::fmt::Write as _;

use super::{INFALLIBLE, Scale, WIDTH, line, number, picture, text};

const LEFT: f64 = 70.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 400.0;

/// Readable on white as on black; by hand comes first, in grey.
const COLORS: [&str; 7] = ["#8a8f98", "#1f7ae0", "#2f9e44", "#d9480f", "#9c5fd6", "#c2255c", "#0c8599"];

/// Several lines of one quantity over another.
pub(in super::super) struct Lines {
    /// The file that it is written to, without `.svg`.
    pub(in super::super) name: &'static str,
    pub(in super::super) title: &'static str,
    /// What the axes show.
    pub(in super::super) axes: (&'static str, &'static str),
    pub(in super::super) lines: Vec<Line>,
}

/// One of them.
pub(in super::super) struct Line {
    pub(in super::super) contender: &'static str,
    pub(in super::super) points: Vec<(f64, f64)>,
}

impl Lines {
    pub(in super::super) fn svg(&self) -> String {
        let ends = |of: fn(&(f64, f64)) -> f64| {
            let values = || self.lines.iter().flat_map(|line| &line.points).map(of);
            (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max))
        };
        let (across, up) = (ends(|point| point.0), ends(|point| point.1));
        let (across, up) = (Scale::Log.ticks(across.0, across.1), Scale::Log.ticks(up.0, up.1));
        let last = |ticks: &[f64]| (ticks[0], ticks[ticks.len() - 1]);
        let x = |value: f64| LEFT + Scale::Log.share(value, last(&across)) * (WIDTH - LEFT - RIGHT);
        let y = |value: f64| BOTTOM - Scale::Log.share(value, last(&up)) * (BOTTOM - TOP);
        let mut drawn = String::new();
        text(&mut drawn, 12.0, 22.0, "start", "title", self.title);
        for tick in &across {
            line(&mut drawn, "grid", (x(*tick), TOP), (x(*tick), BOTTOM));
            text(&mut drawn, x(*tick), BOTTOM + 18.0, "middle", "tick", &number(*tick));
        }
        for tick in &up {
            line(&mut drawn, "grid", (LEFT, y(*tick)), (WIDTH - RIGHT, y(*tick)));
            text(&mut drawn, LEFT - 8.0, y(*tick) + 4.0, "end", "tick", &number(*tick));
        }
        let labels = self.label_heights(y);
        for (at, drawing) in self.lines.iter().enumerate() {
            let color = COLORS[at % COLORS.len()];
            let class = match drawing.contender {
                super::super::OURS => "ours",
                super::super::BY_HAND => "hand",
                _ => "",
            };
            let points: Vec<_> = drawing.points.iter().map(|(a, b)| format!("{:.1},{:.1}", x(*a), y(*b))).collect();
            writeln!(drawn, "<polyline class=\"line {class}\" stroke=\"{color}\" points=\"{}\"/>", points.join(" "))
                .expect(INFALLIBLE);
            let from = (WIDTH - RIGHT, y(drawing.points[drawing.points.len() - 1].1));
            writeln!(
                drawn,
                "<path d=\"M{:.1} {:.1} L{:.1} {:.1}\" stroke=\"{color}\" fill=\"none\"/>",
                from.0 + 2.0,
                from.1,
                from.0 + 16.0,
                labels[at]
            )
            .expect(INFALLIBLE);
            text(&mut drawn, from.0 + 20.0, labels[at] + 4.0, "start", class, drawing.contender);
        }
        let (across, up) = self.axes;
        text(&mut drawn, (LEFT + WIDTH - RIGHT) / 2.0, BOTTOM + 40.0, "middle", "tick", across);
        writeln!(drawn, "<g transform=\"translate(18 {}) rotate(-90)\">", (TOP + BOTTOM) / 2.0).expect(INFALLIBLE);
        text(&mut drawn, 0.0, 0.0, "middle", "tick", up);
        drawn.push_str("</g>\n");
        let told = self.lines.iter().map(|line| {
            let points: Vec<_> = line.points.iter().map(|(a, b)| format!("{b:.0} at {a:.0}")).collect();
            format!("{}: {}", line.contender, points.join(", "))
        });
        let description = format!("{up} over {across}. {}.", told.collect::<Vec<_>>().join("; "));
        picture(self.title, &description, BOTTOM + 54.0, &drawn)
    }

    /// Where each line's name stands: at its end, or as near as the others leave room.
    fn label_heights(&self, y: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut ends: Vec<_> =
            self.lines.iter().enumerate().map(|(at, line)| (at, y(line.points[line.points.len() - 1].1))).collect();
        ends.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut heights = vec![0.0; ends.len()];
        let mut ceiling = f64::INFINITY;
        for (at, height) in ends {
            heights[at] = height.min(ceiling);
            ceiling = heights[at] - 16.0;
        }
        heights
    }
}
