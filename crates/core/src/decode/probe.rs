//! Asking a type for its shape: it decodes from nothing, and what it asks for is noted.

use serde::de::DeserializeOwned;

use super::{DecodeContext, Decoder, Result_};
use crate::config_enum;
use crate::leaf::{LeafKind, ShapeProbe};
use crate::raw::Raw;

/// Asks a type for its shape.
pub(crate) fn probe<T: DeserializeOwned>(probe: &ShapeProbe) {
    let context = DecodeContext::default();
    // What an earlier type left is not this one's.
    config_enum::asked_choices();
    let _ = T::deserialize(Decoder::new(Raw::Probe(probe), &context));
}

impl Decoder<'_> {
    /// Notes the kind where this is a probe; otherwise goes on.
    pub(super) fn asked(self, kind: LeafKind) -> Result_<()> {
        match self.raw {
            Raw::Probe(probe) => Err(probe.note(kind)),
            _ => Ok(()),
        }
    }

    /// The same for an enum, whose choices are noted as well.
    pub(super) fn asked_choices(self, names: &'static [&'static str]) -> Result_<()> {
        if let Raw::Probe(probe) = self.raw {
            probe.choices(config_enum::asked_choices());
        }
        self.asked(LeafKind::Enum(names))
    }
}
