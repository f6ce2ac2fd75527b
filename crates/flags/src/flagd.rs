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

use crate::bucket::Algorithm;

pub use export::{ExportOptions, export, export_with};
pub use import::{ImportOptions, import, import_text, import_with};

/// The generation of `fractional` that flagd has now.
const NEWEST: Algorithm = Algorithm::FlagdV3;
