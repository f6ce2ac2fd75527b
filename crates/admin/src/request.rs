//! What requests say besides their path: a body of JSON, and how a change is to be made.

mod body;
mod intent;
mod page;
mod reuse;

pub(crate) use body::JsonBody;
pub(crate) use intent::{Intent, NAMES, own_name};
pub(crate) use page::{Page, PageOf, Words};
pub(crate) use reuse::{Claim, RequestNames};
