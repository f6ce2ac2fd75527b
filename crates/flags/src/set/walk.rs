//! Who asks whom: circles are refused, and who looks at the time only through others is found.

use super::FlagSet;
use super::invalid::{InvalidFlags, Part};
use crate::compile::Problem;

/// How many flags and segments may ask each other in a row: evaluation recurses.
const LONGEST: u32 = 64;

/// What is known of a flag or a segment.
#[derive(Clone, Copy)]
enum State {
    New,
    /// On the way that is being walked.
    Open,
    Done {
        height: u32,
        timed: bool,
    },
}

/// Makes sure that no flag and no segment asks itself. Which flags look at the time, by themselves or through others.
pub(super) fn order(set: &FlagSet) -> Result<Vec<bool>, InvalidFlags> {
    let count = set.flags.len() + set.segments.len();
    let mut walk = Walk { set, states: vec![State::New; count], way: Vec::new(), invalid: InvalidFlags::default() };
    (0..count).for_each(|node| {
        walk.visit(node);
    });
    if !walk.invalid.is_empty() {
        return Err(walk.invalid);
    }
    Ok(walk.states.iter().take(set.flags.len()).map(|state| matches!(state, State::Done { timed: true, .. })).collect())
}

struct Walk<'s> {
    set: &'s FlagSet,
    /// Of every flag, then of every segment.
    states: Vec<State>,
    way: Vec<usize>,
    invalid: InvalidFlags,
}

impl Walk<'_> {
    /// The height above those that ask nobody, and whether the time is looked at.
    fn visit(&mut self, node: usize) -> (u32, bool) {
        match self.states[node] {
            State::Done { height, timed } => return (height, timed),
            State::Open => {
                self.circle(node);
                return (0, false);
            }
            State::New => {}
        }
        self.states[node] = State::Open;
        self.way.push(node);
        let (mut asked, timed) = self.asked(node);
        asked.dedup();
        let mut reached = (0, timed);
        if self.way.len() as u32 > LONGEST {
            self.too_long(node);
            asked.clear();
        }
        for other in asked {
            let (height, timed) = self.visit(other);
            reached = (reached.0.max(height + 1), reached.1 || timed);
        }
        self.way.pop();
        if reached.0 == LONGEST {
            self.too_long(node);
        }
        self.states[node] = State::Done { height: reached.0, timed: reached.1 };
        reached
    }

    /// Whom a flag or a segment asks, and whether it looks at the time by itself.
    fn asked(&self, node: usize) -> (Vec<usize>, bool) {
        let flags = self.set.flags.len();
        let (mut asked, mut segments) = (Vec::new(), Vec::new());
        let mut flag = |number: u32| asked.push(number as usize);
        let mut segment = |number: u32| segments.push(flags + number as usize);
        let timed = match self.set.flags.get(node) {
            Some(slot) => {
                slot.flag.asks(&mut flag, &mut segment);
                slot.flag.timed
            }
            None => {
                let found = &self.set.segments[node - flags];
                found.when.iter().for_each(|when| when.asks(&mut flag, &mut segment));
                found.timed
            }
        };
        asked.append(&mut segments);
        (asked, timed)
    }

    fn circle(&mut self, node: usize) {
        let start = self.way.iter().position(|known| *known == node).unwrap_or(0);
        let way: Vec<String> = self.way[start..].iter().chain([&node]).map(|node| self.name(*node)).collect();
        let message = match way.len() {
            2 => "it asks itself".to_owned(),
            _ => format!("a circle: {}", way.join(" asks ")),
        };
        self.refuse(node, message);
    }

    fn too_long(&mut self, node: usize) {
        self.refuse(node, format!("more than {LONGEST} flags and segments ask each other in a row"));
    }

    fn refuse(&mut self, node: usize, message: String) {
        let problem = Problem { path: Vec::new(), message, help: None };
        let (part, name) = self.part(node);
        self.invalid.push(part, &name, problem);
    }

    fn part(&self, node: usize) -> (Part, String) {
        match self.set.flags.get(node) {
            Some(slot) => (Part::Flag, slot.flag.key.to_string()),
            None => {
                let number = node - self.set.flags.len();
                let name = self.set.segment_names.names().nth(number);
                (Part::Segment, name.unwrap_or_default().to_owned())
            }
        }
    }

    fn name(&self, node: usize) -> String {
        let (part, name) = self.part(node);
        format!("{} `{name}`", part.as_str())
    }
}
