//! flagd's JSON, read and written.
//!
//! ```
//! use strata_config_flags::{Context, FlagSet, flagd};
//!
//! let imported = flagd::import(&serde_json::json!({"flags": {"dark-mode": {
//!     "state": "ENABLED",
//!     "variants": {"on": true, "off": false},
//!     "defaultVariant": "off",
//!     "targeting": {"if": [{"ends_with": [{"var": "email"}, "@example.org"]}, "on"]},
//! }}}));
//! assert!(imported.refused.is_empty());
//! let set = FlagSet::new(imported.definitions).unwrap();
//! assert!(set.is_on("dark-mode", &Context::of("u1").with("email", "ann@example.org"), false));
//! ```

mod check;
mod condition;
mod document;
mod evaluators;
mod export;
mod import;
mod split;
mod targeting;
mod translate;

use std::fmt;

use crate::bucket::Algorithm;
use crate::compile::Problem;

pub use export::{ExportOptions, Exported, export, export_with};
pub use import::{ImportOptions, Imported, import, import_text, import_with};

/// What was not taken over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The flag's key; none where it is about the document.
    pub flag: Option<String>,
    /// Everything that is wrong with it.
    pub problems: Vec<Problem>,
}

/// What was taken over in another way than people may expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The flag's key; none where it is about the document.
    pub flag: Option<String>,
    /// What to know.
    pub message: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.problems.iter().enumerate() {
            let separator = if number == 0 { "" } else { "\n" };
            match &self.flag {
                Some(flag) => write!(f, "{separator}flag `{}`: {problem}", flag.escape_debug())?,
                None => write!(f, "{separator}{problem}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.flag {
            Some(flag) => write!(f, "flag `{}`: {}", flag.escape_debug(), self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The generation of `fractional` that flagd has now.
const NEWEST: Algorithm = Algorithm::FlagdV3;
