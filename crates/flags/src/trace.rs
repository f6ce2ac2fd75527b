//! An evaluation told step by step, for people.

use serde::Serialize;

use crate::answer::Why;

/// An evaluation told step by step.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Trace {
    /// What was asked, in order; the last step decided.
    pub steps: Vec<TraceStep>,
}

/// One thing that was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceStep {
    /// The flag that was asked: that of the question, or one that it depends on.
    pub flag: String,
    /// What was asked: `status`, `rule beta`, `segment staff`.
    pub asked: String,
    /// What came out.
    pub outcome: String,
}

/// Hears what an evaluation asks. The one that hears nothing costs nothing.
pub(crate) trait Listener {
    /// Whether it hears anything.
    const LISTENS: bool;

    fn note(&mut self, flag: &str, asked: impl Fn() -> String, outcome: impl Fn() -> String);
}

/// Hears nothing.
pub(crate) struct Silent;

impl Listener for Silent {
    const LISTENS: bool = false;

    #[inline]
    fn note(&mut self, _: &str, _: impl Fn() -> String, _: impl Fn() -> String) {}
}

impl Listener for Trace {
    const LISTENS: bool = true;

    fn note(&mut self, flag: &str, asked: impl Fn() -> String, outcome: impl Fn() -> String) {
        self.steps.push(TraceStep { flag: flag.to_owned(), asked: asked(), outcome: outcome() });
    }
}

/// What is said where a step had no answer.
pub(crate) const GOES_ON: &str = "no answer, goes on";

/// What is said where a step decided.
pub(crate) fn decided(why: Why, variant: Option<&str>) -> String {
    match variant {
        Some(variant) => format!("serves `{variant}` ({why})"),
        None => format!("serves the program's default ({why})"),
    }
}
