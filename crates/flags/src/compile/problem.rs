//! What is wrong with a definition, and where in it.

use std::fmt;

/// One step into a definition: a key, or an item's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The key of a map.
    Key(String),
    /// The number of a list's item, from 0.
    Item(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => key.fmt(f),
            Self::Item(item) => item.fmt(f),
        }
    }
}

/// Something that is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The way to it, from the definition's root.
    pub path: Vec<Step>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.path.iter().enumerate() {
            write!(f, "{}{step}", if index == 0 { "" } else { "." })?;
        }
        write!(f, "{}{}", if self.path.is_empty() { "" } else { ": " }, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, " ({help})"))
    }
}

/// Collects problems on the way through a definition.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    path: Vec<Step>,
    found: Vec<Problem>,
}

impl Problems {
    pub(crate) fn enter(&mut self, step: Step) {
        self.path.push(step);
    }

    pub(crate) fn leave(&mut self) {
        self.path.pop();
    }

    /// Notes a problem at the place where we are.
    pub(crate) fn push(&mut self, message: impl Into<String>) {
        self.found.push(Problem { path: self.path.clone(), message: message.into(), help: None });
    }

    /// Notes a name that nothing has, with the nearest that something has.
    pub(crate) fn unknown<'n>(&mut self, what: &str, name: &str, known: impl Iterator<Item = &'n str>) {
        self.push(format!("there is no {what} `{}`", name.escape_debug()));
        let nearest = strata_config_core::report::nearest(name, known);
        if let (Some(problem), Some(nearest)) = (self.found.last_mut(), nearest) {
            problem.help = Some(format!("did you mean `{nearest}`?"));
        }
    }

    pub(crate) fn finish(self) -> Vec<Problem> {
        self.found
    }
}
