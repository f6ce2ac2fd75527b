//! What a field can say of itself before anything is loaded.

use super::{Field, FieldKind};
use crate::build;
use crate::document::NodeId;
use crate::raw::Raw;
use crate::typed;
use crate::value::Value;

impl Field {
    /// Whether it is, or holds, a secret.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.meta.secret || matches!(self.kind, FieldKind::Leaf(leaf) if leaf.shape().secret)
    }

    /// A leaf's default as its type writes it, masked if it is secret; `None` where there is none.
    ///
    /// A default that its own type refuses is given as it was written.
    #[must_use]
    pub fn default_value(&'static self) -> Option<Value> {
        let FieldKind::Leaf(leaf) = self.kind else { return None };
        let source = build::weakest(self, None);
        if matches!(source, build::Source::Absent) {
            return None;
        }
        let value = source.read(self, |raw, context| match leaf.canonical(raw, context) {
            Ok(document) => Value::of(Raw::Node(&document, NodeId::ROOT)),
            Err(_) => Value::of(raw),
        });
        Some(if self.is_secret() { typed::mask(value) } else { value })
    }
}
