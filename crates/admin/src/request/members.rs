//! The members of a body that is an object of ours, some of which are values of the configuration.

use strata_config_core::Value;

use crate::problem::Problem;

/// The members that were not taken yet.
#[derive(Debug)]
pub(crate) struct Members {
    entries: Vec<(String, Value)>,
}

impl Members {
    /// The members of an object that has none but these.
    ///
    /// # Errors
    /// It is no object, or has another member: a wrong name would be a change that nobody made.
    pub(crate) fn of(value: Value, known: &[&str]) -> Result<Self, Problem> {
        let names = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let Value::Map(entries) = value else {
            return Err(Problem::malformed(format!("expected an object with the members {}", names())));
        };
        match entries.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => {
                Err(Problem::malformed(format!("there is no member `{name}` here; known are {}", names())))
            }
            None => Ok(Self { entries }),
        }
    }

    /// A member's value.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let at = self.entries.iter().position(|(known, _)| known == name)?;
        Some(self.entries.swap_remove(at).1)
    }

    /// A member that is text; null is nothing.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::malformed(format!("`{name}` is a text"))),
        }
    }

    /// A member that is a list of texts.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Vec<String>, Problem> {
        let wrong = || Problem::malformed(format!("`{name}` is a list of texts"));
        let text = |item| match item {
            Value::String(text) => Ok(text),
            _ => Err(wrong()),
        };
        match self.take(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::List(items)) => items.into_iter().map(text).collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// A member that is true or false; false where it is not there.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, Problem> {
        match self.take(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => Err(Problem::malformed(format!("`{name}` is true or false"))),
        }
    }

    /// A path under either of its names.
    pub(crate) fn path(&mut self) -> Result<Option<String>, Problem> {
        match (self.text("path")?, self.text("key")?) {
            (Some(path), Some(key)) if path != key => {
                Err(Problem::malformed(format!("`path` says `{path}`, and `key` says `{key}`")))
            }
            (path, key) => Ok(path.or(key)),
        }
    }
}
