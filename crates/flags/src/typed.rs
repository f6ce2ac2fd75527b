//! Flags with typed keys: what `#[derive(FeatureFlags)]` implements, and the evaluation by number that it makes possible.

mod check;
mod details;
mod key;
mod kind;
mod reader;
mod spec;
mod table;

pub use check::check_types;
pub use details::Details;
pub use key::{FlagKey, Key};
pub use kind::{Chosen, FlagKind, Mixed, TypedValue};
pub use reader::TypedReader;
pub use spec::{CodeDefault, FeatureFlags, FlagList, FlagSpec, FlagStruct};
pub(crate) use table::get;
pub use table::{Resolve, Typed};
