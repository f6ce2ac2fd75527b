//! Who may do what: tokens with scopes, and the callers that they name.

mod caller;
mod scope;
mod token;
mod tokens;

pub use scope::{Scope, Scopes};
pub use token::{Token, TokenError};
pub use tokens::Tokens;

pub(crate) use caller::{Administer, Caller, ChangeFlags, Needs, Read, Rollback, Write};
