//! The name of a remote secret: `NAME#FIELD@STAGE`.

use serde_json::Value;
use strata_config_core::{Secret, Unresolved};

/// The version that counts where none is named.
const CURRENT: &str = "AWSCURRENT";

/// Which secret, which field of it, and which version. A name has no `#`, but may have an `@`; so a version stands behind a
/// `#`, also where the whole secret is meant: `name#@AWSPREVIOUS`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) name: &'a str,
    pub(super) field: Option<&'a str>,
    pub(super) stage: &'a str,
}

impl<'a> Name<'a> {
    pub(super) fn parse(scheme: &str, what: &'a str) -> Result<Self, Unresolved> {
        let (name, rest) = what.split_once('#').unwrap_or((what, ""));
        let (field, stage) = rest.rsplit_once('@').unwrap_or((rest, CURRENT));
        if name.is_empty() || stage.is_empty() || name.contains(char::is_whitespace) || (what.ends_with('#')) {
            let message =
                format!("a reference is written `{scheme}:NAME`, `{scheme}:NAME#FIELD` or `{scheme}:NAME#FIELD@STAGE`");
            return Err(Unresolved::malformed(message));
        }
        Ok(Self { name, field: Some(field).filter(|field| !field.is_empty()), stage })
    }

    /// Name and field, as an origin shows them.
    pub(super) fn place(&self) -> String {
        self.field.map_or_else(|| self.name.to_owned(), |field| format!("{}#{field}", self.name))
    }

    /// The field of a secret's text, or the whole text.
    pub(super) fn field_of(&self, text: &Secret<String>) -> Result<Secret<String>, Unresolved> {
        let Some(field) = self.field else { return Ok(text.clone()) };
        let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(text.expose()) else {
            return Err(Unresolved::missing(format!(
                "the secret `{}` is no JSON object, so it has no fields",
                self.name
            ))
            .with_help("refer to the whole secret, without `#`"));
        };
        match fields.remove(field) {
            Some(Value::String(text)) => Ok(Secret::new(text)),
            // Any other number comes back rounded, or written in another way.
            Some(Value::Number(number)) if number.is_f64() => {
                let message = format!(
                    "the field `{field}` of the secret `{}` is a number that is not read as it stands",
                    self.name
                );
                Err(Unresolved::missing(message).with_help("write it as a text, in quotes"))
            }
            Some(value @ (Value::Bool(_) | Value::Number(_))) => Ok(Secret::new(value.to_string())),
            Some(_) => {
                Err(Unresolved::missing(format!("the field `{field}` of the secret `{}` is no text", self.name)))
            }
            None => Err(Unresolved::missing(format!("the secret `{}` has no field `{field}`", self.name))),
        }
    }
}
