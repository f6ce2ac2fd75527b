//! Who may do what: tokens with scopes, and the callers that they name.

mod caller;
mod failures;
mod file;
mod meter;
mod scope;
mod tickets;
mod token;
mod tokens;
mod watcher;

pub use scope::{Scope, Scopes};
pub use token::{Token, TokenError};
pub use tokens::Tokens;

pub(crate) use caller::{Administer, Caller, ChangeFlags, Read, Rollback, Write};
pub(crate) use failures::Failures;
pub(crate) use tickets::Tickets;
pub(crate) use watcher::Watcher;
