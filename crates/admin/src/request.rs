//! What requests say besides their path: bodies, parameters, and how a change is to be made.

mod body;
mod document;
mod intent;
mod members;
mod page;
mod plain;
mod reuse;

pub(crate) use body::{Body, JsonBody, Media};
pub(crate) use document::Document;
pub(crate) use intent::{Intent, NAMES, own_name};
pub(crate) use members::Members;
pub(crate) use page::{MOST, Page, PageOf, Segment, Words};
pub(crate) use reuse::{Claim, RequestNames};
