//! Flags with typed keys: what `#[derive(FeatureFlags)]` implements, and the evaluation by number that it makes possible.

mod check;
mod details;
mod key;
mod kind;
mod reader;
mod resolve;
mod spec;
mod table;

pub use check::check_types;
pub use key::{FlagKey, Key};
pub use kind::{Chosen, FlagKind, Mixed, TypedValue};
pub use reader::TypedReader;
pub(crate) use resolve::get;
pub use resolve::{Resolve, Unanswered};
pub use spec::{CodeDefault, FeatureFlags, FlagList, FlagSpec, FlagStruct};
pub use table::Typed;
