//! Keys that a program declares at run time, outside its struct: each with a default and a rule.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use strata_config_core::{FieldPath, Finding, LayerKind, Origin, Report, Severity, Value, report::code};

use crate::stored::Stored;

/// A key outside the struct, with its default and its rule.
#[derive(Clone)]
pub struct Declaration {
    pub(crate) key: String,
    pub(crate) default: Value,
    pub(crate) doc: String,
    rule: Option<Rule>,
}

/// A declared key, with the value that is in effect.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The key.
    pub key: String,
    /// Its value.
    pub value: Value,
    /// What it is for.
    pub doc: String,
    /// Where the value came from.
    pub origin: Origin,
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

    /// The key's value: that of this process alone, the stored one, or its default. What is wrong with it goes to the
    /// report.
    pub(crate) fn value(&self, stored: &Stored, here: &Stored, report: &mut Report) -> Declared {
        let path = FieldPath::ROOT.child(&self.key);
        let holders = [(LayerKind::Program, here), (LayerKind::Runtime, stored)];
        let set = holders.into_iter().find_map(|(layer, holder)| {
            let at = holder.mark(path.as_str()).unwrap_or_default();
            Some((holder.runtime.at(&path)?, Origin::new(layer, at)))
        });
        let (value, origin) = set.unwrap_or((&self.default, Origin::new(LayerKind::Default, "default")));
        if let Some(Err(message)) = self.rule.as_ref().map(|rule| rule(value)) {
            let finding = report.push(Finding::new(Severity::Error, code::ADDED, path.clone(), message));
            finding.origin = Some(origin.clone());
        }
        Declared { key: self.key.clone(), value: value.clone(), doc: self.doc.clone(), origin }
    }
}

impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declaration").field("key", &self.key).field("default", &self.default).finish_non_exhaustive()
    }
}
