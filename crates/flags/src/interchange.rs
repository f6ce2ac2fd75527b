//! What an import of another system's flags comes to.

use std::fmt;

use crate::model::Definitions;

/// What an import came to: what could be carried over, and by name what could not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imported {
    /// The flags and segments that were carried over; they compile.
    pub definitions: Definitions,
    /// The flags that were not, each with every reason.
    pub refused: Vec<Refused>,
    /// What to know about flags that were carried over.
    pub warnings: Vec<Refused>,
}

/// A flag, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The flag's key; empty where it is about the whole document.
    pub flag: String,
    /// What is to be said, each with its place where it has one.
    pub problems: Vec<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.problems.iter().enumerate() {
            let line = if number == 0 { "" } else { "\n" };
            match self.flag.as_str() {
                "" => write!(f, "{line}{problem}")?,
                flag => write!(f, "{line}flag `{}`: {problem}", flag.escape_debug())?,
            }
        }
        Ok(())
    }
}
