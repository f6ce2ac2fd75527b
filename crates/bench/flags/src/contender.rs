//! A way to evaluate flags, and how it is run.

use std::any::Any;
use std::hint::black_box;

use crate::case::{Case, Set, UNITS, units};

/// A way to evaluate flags.
pub trait Contender: Sized + 'static {
    /// Whom a flag is evaluated for, in the form that this way takes.
    type Context: 'static;

    /// The set in this way's own form, as JSON.
    fn document(set: &Set) -> String;

    /// Makes it ready for evaluation.
    fn load(document: &str) -> Self;

    fn context(unit: String) -> Self::Context;

    /// Evaluates a flag by its key, with the whole answer made, and reads its value.
    fn is_on(&self, flag: &str, context: &Self::Context) -> bool;

    /// The whole answer.
    fn tell(&self, flag: &str, context: &Self::Context) -> Told;
}

/// What an answer tells; `None` where this way's answers never do.
#[derive(Debug)]
pub struct Told {
    pub on: bool,
    pub variant: Option<String>,
    pub reason: Option<String>,
    /// The flag's metadata `owner`.
    pub metadata: Option<String>,
}

/// A contender by its name.
pub struct Entry {
    pub name: &'static str,
    pub document: fn(&Set) -> String,
    /// Loads a document, and nothing besides.
    pub load: fn(&str) -> Box<dyn Any>,
    /// Loads a document and makes all contexts.
    pub ready: fn(&str) -> Box<dyn Evaluate>,
}

impl Entry {
    pub const fn of<C: Contender>(name: &'static str) -> Self {
        Self {
            name,
            document: C::document,
            load: |document| Box::new(C::load(document)),
            ready: |document| {
                let contexts = units().into_iter().map(C::context).collect();
                Box::new(Ready { flags: C::load(document), contexts })
            },
        }
    }
}

/// A contender that is ready, whichever it is.
pub trait Evaluate {
    /// Evaluates for this many units, one after the other and from the first again, and says how many were on.
    fn evaluate(&self, case: Case, times: usize) -> usize;

    /// The whole answer for the unit of this number.
    fn tell(&self, flag: &str, unit: usize) -> Told;
}

struct Ready<C: Contender> {
    flags: C,
    contexts: Box<[C::Context]>,
}

impl<C: Contender> Evaluate for Ready<C> {
    fn evaluate(&self, case: Case, times: usize) -> usize {
        let is_on = |flag, unit| usize::from(self.flags.is_on(flag, &self.contexts[unit]));
        if case == Case::Large {
            return (0..times).map(|time| is_on(case.flag(time), time % UNITS)).sum();
        }
        let flag = case.flag(0);
        (0..times).map(|time| is_on(black_box(flag), time % UNITS)).sum()
    }

    fn tell(&self, flag: &str, unit: usize) -> Told {
        self.flags.tell(flag, &self.contexts[unit])
    }
}
