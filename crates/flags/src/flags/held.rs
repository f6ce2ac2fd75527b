//! A text or an object that a flag serves, kept without copying it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use arc_swap::Guard;
use serde_json::Value as Json;

use super::snapshot::Snapshot;
use crate::context::Context;
use crate::model::{FlagType, FlagValue};

/// A text (`Held<str>`) or an object (`Held<Json>`) that a flag serves. It keeps the snapshot that it came from alive
/// instead of copying; for long, take a copy.
pub struct Held<'d, T: ?Sized> {
    default: &'d T,
    /// The snapshot, the flag's number and the variant's.
    served: Option<(Arc<Snapshot>, u32, usize)>,
}

/// How a value is found in a variant.
pub(super) trait Borrowed {
    const KIND: FlagType;
    fn of(value: &FlagValue) -> Option<&Self>;
}

impl Borrowed for str {
    const KIND: FlagType = FlagType::String;

    fn of(value: &FlagValue) -> Option<&Self> {
        if let FlagValue::String(text) = value { Some(text) } else { None }
    }
}

impl Borrowed for Json {
    const KIND: FlagType = FlagType::Object;

    fn of(value: &FlagValue) -> Option<&Self> {
        if let FlagValue::Object(json) = value { Some(json) } else { None }
    }
}

/// Asks a snapshot, and keeps it where it has an answer.
pub(super) fn hold<'d, T: Borrowed + ?Sized>(
    snapshot: Guard<Arc<Snapshot>>,
    key: &str,
    context: &Context<'_>,
    default: &'d T,
) -> Held<'d, T> {
    let answer = snapshot.ask_numbered(Some(T::KIND), key, context).ok();
    let place = answer.and_then(|(number, answer)| Some((number, usize::from(answer.variant?))));
    let served = place.map(|(number, variant)| (Guard::into_inner(snapshot), number, variant));
    Held { default, served }
}

fn get<'h, T: Borrowed + ?Sized>(held: &'h Held<'_, T>) -> &'h T {
    let served = held.served.as_ref();
    let value =
        served.and_then(|(snapshot, number, variant)| T::of(&snapshot.set.compiled(*number).variants[*variant].1));
    value.unwrap_or(held.default)
}

impl Deref for Held<'_, str> {
    type Target = str;

    fn deref(&self) -> &str {
        get(self)
    }
}

impl Deref for Held<'_, Json> {
    type Target = Json;

    fn deref(&self) -> &Json {
        get(self)
    }
}

impl fmt::Display for Held<'_, str> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl<T: fmt::Debug + ?Sized> fmt::Debug for Held<'_, T>
where
    Self: Deref<Target = T>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl PartialEq<str> for Held<'_, str> {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Held<'_, str> {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}
