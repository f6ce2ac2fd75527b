//! OpenFeature's evaluation context as ours.

use std::any::{Any, type_name};
use std::borrow::Cow;

use open_feature::{
    EvaluationContext, EvaluationContextFieldValue, EvaluationErrorCode, EvaluationResult, StructValue, Value,
};
use serde::Serialize;
use serde_json::Value as Json;

use crate::context::{Attribute, Context};

use super::error;

/// Reads a struct as JSON; `None` where it is of another type.
type Reader = fn(&(dyn Any + Send + Sync)) -> Option<Result<Json, String>>;

/// The types of structs that context fields may hold, besides those that are always read.
#[derive(Default)]
pub(super) struct Readers(Vec<Reader>);

impl Readers {
    pub(super) fn add<T: Serialize + Any>(&mut self) {
        self.0.push(|value| {
            let value: &T = value.downcast_ref()?;
            Some(serde_json::to_value(value).map_err(|error| format!("the {} is no JSON: {error}", type_name::<T>())))
        });
    }

    /// The whole context.
    ///
    /// # Errors
    /// `INVALID_CONTEXT` for a field that can't be read, with its name.
    pub(super) fn context<'c>(&self, given: &'c EvaluationContext) -> EvaluationResult<Context<'c>> {
        let mut context = Context::anonymous();
        for (name, value) in &given.custom_fields {
            let value = self.attribute(value).map_err(|message| {
                error::of(EvaluationErrorCode::InvalidContext, format!("the context's field `{name}`: {message}"))
            })?;
            context.set(name, value);
        }
        // It comes last, so that it wins over a field of its name.
        given.targeting_key.iter().filter(|key| !key.is_empty()).for_each(|key| context.set_targeting_key(key));
        Ok(context)
    }

    fn attribute<'c>(&self, value: &'c EvaluationContextFieldValue) -> Result<Attribute<'c>, String> {
        Ok(match value {
            EvaluationContextFieldValue::Bool(value) => Attribute::Bool(*value),
            EvaluationContextFieldValue::Int(value) => Attribute::Int(*value),
            EvaluationContextFieldValue::Float(value) => Attribute::Float(*value),
            EvaluationContextFieldValue::String(value) => Attribute::Text(value.into()),
            EvaluationContextFieldValue::DateTime(value) => {
                let offset = value.offset().whole_seconds();
                Attribute::Text(moment(value.unix_timestamp_nanos(), offset)?.into())
            }
            EvaluationContextFieldValue::Struct(value) => self.structure(&**value)?,
        })
    }

    fn structure<'c>(&self, value: &'c (dyn Any + Send + Sync)) -> Result<Attribute<'c>, String> {
        if let Some(value) = value.downcast_ref::<Json>() {
            return Ok(value.into());
        }
        if let Some(entries) = value.downcast_ref::<serde_json::Map<String, Json>>() {
            return Ok(Attribute::Map(entries.iter().map(|(name, value)| (name.into(), value.into())).collect()));
        }
        if let Some(value) = value.downcast_ref::<StructValue>() {
            return Ok(fields(value));
        }
        if let Some(value) = value.downcast_ref::<Value>() {
            return Ok(item(value));
        }
        match self.0.iter().find_map(|read| read(value)) {
            Some(json) => json.map(Attribute::from),
            None => {
                Err("a struct of a type that the provider can't read: give it as a `serde_json::Value`, or name its \
                         type by `Provider::with_struct`"
                    .to_owned())
            }
        }
    }
}

fn fields(value: &StructValue) -> Attribute<'_> {
    Attribute::Map(value.fields.iter().map(|(name, value)| (name.into(), item(value))).collect())
}

fn item(value: &Value) -> Attribute<'_> {
    match value {
        Value::Bool(value) => Attribute::Bool(*value),
        Value::Int(value) => Attribute::Int(*value),
        Value::Float(value) => Attribute::Float(*value),
        Value::String(value) => Attribute::Text(Cow::Borrowed(value)),
        Value::Array(items) => Attribute::List(items.iter().map(item).collect()),
        Value::Struct(value) => fields(value),
    }
}

/// A moment as RFC 3339, with its offset where that is of whole minutes, else in UTC.
fn moment(nanoseconds: i128, offset: i32) -> Result<String, String> {
    let years = "a moment outside of the years 0 to 9999, which RFC 3339 can't write";
    let timestamp = jiff::Timestamp::from_nanosecond(nanoseconds).map_err(|_| years.to_owned())?;
    let offset = if offset % 60 == 0 { offset } else { 0 };
    let text = match jiff::tz::Offset::from_seconds(offset) {
        Ok(offset) if offset != jiff::tz::Offset::UTC => timestamp.display_with_offset(offset).to_string(),
        _ => timestamp.to_string(),
    };
    // Years of more than four digits have a sign.
    if text.starts_with(['-', '+']) { Err(years.to_owned()) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn a_moment_keeps_its_offset_and_its_nanoseconds() {
        let nanoseconds = 1_790_000_000_000_000_001;
        assert_eq!(moment(nanoseconds, 0).as_deref(), Ok("2026-09-21T14:13:20.000000001Z"));
        assert_eq!(moment(nanoseconds, 5_400).as_deref(), Ok("2026-09-21T15:43:20.000000001+01:30"));
        assert_eq!(moment(nanoseconds, -3_601).as_deref(), Ok("2026-09-21T14:13:20.000000001Z"), "no whole minutes");
    }

    #[test]
    fn a_moment_that_rfc_3339_cannot_write_is_refused() {
        for seconds in [-100_000_000_000, 1_000_000_000_000_i128] {
            assert!(moment(seconds * 1_000_000_000, 0).unwrap_err().contains("years 0 to 9999"));
        }
    }
}
