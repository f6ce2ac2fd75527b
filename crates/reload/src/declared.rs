//! Keys that a program declares at run time, outside its struct: each with a default and a rule.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use strata_config_core::{FieldPath, Finding, LayerKind, Origin, Report, Severity, Value, report::code};

/// A key outside the struct, with its default and its rule.
#[derive(Clone)]
pub struct Declaration {
    pub(crate) key: String,
    pub(crate) default: Value,
    pub(crate) doc: String,
    rule: Option<Rule>,
}

type Rule = Arc<dyn Fn(&Value) -> Result<(), String> + Send + Sync>;

impl Declaration {
    /// A key and its default.
    pub fn new(key: impl Into<String>, default: impl Serialize) -> Self {
        Self { key: key.into(), default: Value::from_serialize(&default), doc: String::new(), rule: None }
    }

    /// What values must obey; the error says what is wrong.
    #[must_use]
    pub fn rule(mut self, rule: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static) -> Self {
        self.rule = Some(Arc::new(rule));
        self
    }

    /// What the key is for.
    #[must_use]
    pub fn doc(mut self, doc: impl Into<String>) -> Self {
        self.doc = doc.into();
        self
    }

    /// The key's value among these, or its default; what is wrong with it goes to the report.
    pub(crate) fn value(&self, values: &Value, report: &mut Report, at: impl Fn(&str) -> Option<String>) -> Value {
        let path = FieldPath::ROOT.child(&self.key);
        let value = values.at(&path).unwrap_or(&self.default);
        if let Some(Err(message)) = self.rule.as_ref().map(|rule| rule(value)) {
            let finding = report.push(Finding::new(Severity::Error, code::ADDED, path.clone(), message));
            let origin = at(path.as_str()).map(|at| Origin::new(LayerKind::Runtime, at));
            finding.origin = origin.or_else(|| Some(Origin::new(LayerKind::Default, "default")));
        }
        value.clone()
    }
}

impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declaration").field("key", &self.key).field("default", &self.default).finish_non_exhaustive()
    }
}
