//! What became of a reference, noted beside its node; and the refusal of what is still one when a secret is decoded.

use super::{Unresolved, find};
use crate::decode::DecodeError;
use crate::document::{Document, NodeId};
use crate::raw::{Raw, View};
use crate::report::code;

/// What became of a reference.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// It was read; where the secret was found.
    Led(String),
    /// It could not be read.
    Failed(Unresolved),
    /// A stronger source hides it, so nobody asked.
    Shadowed,
}

/// Why a secret's value is none: a reference that could not be read, or that nobody reads here.
pub(crate) fn refused(raw: Raw<'_>) -> Option<DecodeError> {
    if let Raw::Node(document, node) = raw
        && let Some(mark) = document.mark(node)
    {
        return match mark {
            Mark::Led(_) => None,
            Mark::Failed(why) => Some(failed(why).at(raw)),
            Mark::Shadowed => Some(DecodeError::new(code::SECRET_NO_RESOLVER, "nobody asked for it").at(raw)),
        };
    }
    match raw.view() {
        View::Str(text) | View::Text(text) | View::Plain(text) => {
            find::is_reference(text).map(|scheme| no_resolver(scheme).at(raw))
        }
        // A secret with parts, all of which it hides.
        View::List | View::Map => raw.children().find_map(|(_, child)| refused(child)),
        _ => None,
    }
}

#[cold]
fn no_resolver(scheme: &str) -> DecodeError {
    failed(&unread(scheme))
}

#[cold]
fn failed(why: &Unresolved) -> DecodeError {
    let error = DecodeError::new(why.code, why.message.clone());
    why.help.iter().fold(error, |error, help| error.with_help(help.as_str()))
}

/// Nobody reads references of this scheme.
#[cold]
pub(super) fn unread(scheme: &str) -> Unresolved {
    let message = format!("this program reads no `{scheme}:` reference here");
    Unresolved::of_code(code::SECRET_NO_RESOLVER, message).with_help(match scheme {
        "aws-sm" => "build it with the feature `aws`, which reads AWS Secrets Manager, or write the secret itself",
        _ => "give it the key, as in ENCRYPTION_KEY, or write the secret itself",
    })
}

impl Document {
    /// What became of the reference at a node, where there was one.
    pub(crate) fn mark(&self, node: NodeId) -> Option<&Mark> {
        self.marks.iter().find(|(known, _)| *known == node).map(|(_, mark)| mark)
    }

    /// Notes what became of the reference at a node.
    pub(crate) fn set_mark(&mut self, node: NodeId, mark: Mark) {
        self.marks.push((node, mark));
    }

    /// Where the secrets below a node were found, as an origin says it; nothing where none was asked for.
    pub(crate) fn led_to(&self, node: NodeId) -> Option<String> {
        if self.marks.is_empty() {
            return None;
        }
        let mut places: Vec<&str> = Vec::new();
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            if let Some(Mark::Led(place)) = self.mark(node) {
                places.push(place);
            }
            let start = todo.len();
            todo.extend(self.children(node));
            todo[start..].reverse();
        }
        (!places.is_empty()).then(|| places.join(" and "))
    }
}
