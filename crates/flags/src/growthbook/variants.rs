//! Names for the values of a feature, which has none.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// A flag's variants while it is put together.
#[derive(Debug, Default)]
pub(super) struct Variants(BTreeMap<String, Json>);

impl Variants {
    pub(super) fn into_inner(self) -> BTreeMap<String, Json> {
        self.0
    }

    /// The default value's variant: `on` and `off` for booleans, else `default`.
    pub(super) fn default_value(&mut self, value: &Json) -> String {
        match value {
            Json::Bool(_) => self.forced_value(value),
            value => self.named("default", value),
        }
    }

    /// A forced value's variant, called as the value is written where that is short.
    pub(super) fn forced_value(&mut self, value: &Json) -> String {
        match value {
            Json::Bool(true) => self.named("on", value),
            Json::Bool(false) => self.named("off", value),
            Json::Number(number) => self.named(&number.to_string(), value),
            Json::String(text) if is_name(text) => self.named(text, value),
            value => self.named("forced", value),
        }
    }

    /// A variant of this name, or of this name and a number where another value has it.
    fn named(&mut self, name: &str, value: &Json) -> String {
        let mut candidates = std::iter::once(name.to_owned()).chain((2..).map(|number| format!("{name}-{number}")));
        let free = candidates.find(|candidate| self.is_free(candidate, value)).unwrap_or_default();
        self.0.insert(free.clone(), value.clone());
        free
    }

    fn is_free(&self, name: &str, value: &Json) -> bool {
        self.0.get(name).is_none_or(|known| known == value)
    }

    /// The variants of an experiment's variations: their keys, behind the experiment's where other values have them.
    pub(super) fn variations(&mut self, experiment: &str, variations: &[(String, &Json)]) -> Vec<String> {
        let mut prefix = String::new();
        while !variations.iter().all(|(key, value)| self.is_free(&format!("{prefix}{key}"), value)) {
            prefix.push_str(experiment);
            prefix.push('/');
        }
        let mut insert = |(key, value): &(String, &Json)| {
            let name = format!("{prefix}{key}");
            self.0.insert(name.clone(), Json::clone(value));
            name
        };
        variations.iter().map(&mut insert).collect()
    }
}

/// Whether a text may stand for itself.
fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len()) && !text.contains(char::is_control) && text.trim() == text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_values_share_a_name_and_others_get_their_own() {
        let mut variants = Variants::default();
        assert_eq!(variants.default_value(&json!(1)), "default");
        assert_eq!(variants.forced_value(&json!("default")), "default-2");
        assert_eq!(variants.forced_value(&json!("red")), "red");
        assert_eq!(variants.forced_value(&json!("red")), "red");
        assert_eq!(variants.forced_value(&json!({"a": 1})), "forced");
        assert_eq!(variants.forced_value(&json!([])), "forced-2");
        assert_eq!(variants.default_value(&json!(true)), "on");
    }

    #[test]
    fn variations_are_told_apart_by_their_experiment() {
        let mut variants = Variants::default();
        let (zero, one) = (json!(1), json!(2));
        let first = [("0".to_owned(), &zero), ("1".to_owned(), &one)];
        assert_eq!(variants.variations("holdout", &first), ["0", "1"]);
        assert_eq!(variants.variations("same", &first), ["0", "1"]);
        let second = [("0".to_owned(), &one), ("1".to_owned(), &zero)];
        assert_eq!(variants.variations("test", &second), ["test/0", "test/1"]);
        assert_eq!(variants.variations("test", &first), ["0", "1"]);
    }
}
