//! x
pub(crate) fn parse(name: std::sync::Arc<str>, text: String, _: &mut Vec<super::Fault>) -> super::Document { super::DocumentBuilder::new(name, text).finish() }
