//! Unleash's contexts as ours.

use serde_json::Value as Json;

use super::constraint::attribute;
use super::read::scalar;
use crate::compile::NOW;
use crate::context::{Attribute, Context, TARGETING_KEY};
use crate::model::Moment;
use crate::operator::moment;

/// A context as Unleash's clients take it: `userId`, `sessionId`, `remoteAddress`, `environment`, `appName`,
/// `currentTime` and `properties`.
///
/// `userId` is the targeting key, `currentTime` the moment of evaluation, and everything else an attribute of its own
/// name, `properties` one by one; a field counts before a property of its name. Numbers and booleans are texts, which
/// is what Unleash compares. Null and an empty user count as nothing.
#[must_use]
pub fn context(context: &Json) -> Context<'_> {
    let mut found = Context::anonymous();
    let Some(fields) = context.as_object() else { return found };
    let properties = fields.get("properties").and_then(Json::as_object).into_iter().flatten();
    let fields = fields.iter().filter(|(name, _)| *name != "properties");
    for (name, value) in properties.chain(fields).filter(|(_, value)| !value.is_null()) {
        let name = attribute(name);
        match scalar(value) {
            Some(text) if name == NOW => match moment::parse(&text) {
                Some(moment) => found = found.at(Moment::from_millis(moment)),
                // No moment, so no comparison of moments holds.
                None => found.set(NOW, text),
            },
            Some(text) if name == TARGETING_KEY && text.is_empty() => {}
            Some(text) => found.set(name, text),
            None => found.set(name, Attribute::from(value)),
        }
    }
    found
}
