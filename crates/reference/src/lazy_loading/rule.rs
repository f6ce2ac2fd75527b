//! Keys outside the schema: each with a rule and a default.

use std::sync::Arc;

use serde::Serialize;
use strata_config::Value;
use strata_config_reload::Declaration;

/// A key outside the schema, as seed 004 declares it: `ConfigurationValidationRule`.
///
/// ```
/// use strata_config::Value;
/// use strata_config_reference::lazy_loading::ValidationRule;
///
/// let rule = ValidationRule::new("custom_setting", "Custom setting must be a non-empty string", |value| {
///     matches!(value, Value::String(text) if !text.is_empty())
/// });
/// let rule = rule.required().default_value("default");
/// ```
#[derive(Clone)]
pub struct ValidationRule {
    key: String,
    error_message: String,
    validator: Arc<dyn Fn(&Value) -> bool + Send + Sync>,
    required: bool,
    default_value: Value,
}

impl ValidationRule {
    /// A key, what its values must obey, and what is said of one that does not. It need not have a value.
    pub fn new(
        key: impl Into<String>,
        error_message: impl Into<String>,
        validator: impl Fn(&Value) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self {
            key: key.into(),
            error_message: error_message.into(),
            validator: Arc::new(validator),
            required: false,
            default_value: Value::Null,
        }
    }

    /// The value where nobody sets one.
    #[must_use]
    pub fn default_value(mut self, value: impl Serialize) -> Self {
        self.default_value = Value::from_serialize(&value);
        self
    }

    /// There must be a value.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

impl From<ValidationRule> for Declaration {
    fn from(rule: ValidationRule) -> Self {
        let ValidationRule { key, error_message, validator, required, default_value } = rule;
        Self::new(key, default_value).rule(move |value| match value {
            Value::Null if required => Err("a value is required".to_owned()),
            Value::Null => Ok(()),
            value if validator(value) => Ok(()),
            _ => Err(error_message.clone()),
        })
    }
}

impl std::fmt::Debug for ValidationRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValidationRule")
            .field("key", &self.key)
            .field("required", &self.required)
            .finish_non_exhaustive()
    }
}
