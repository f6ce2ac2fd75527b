//! The attributes of a config struct or enum, and of an enum of choices.

use proc_macro2::TokenStream;
use syn::Attribute;

use crate::case::Case;
use crate::ctxt::Ctxt;

use super::item::config_items;
use super::known::{Place, unknown};
use super::{Item, Slot, Text};

/// What the attributes of a container say.
#[derive(Default)]
pub(crate) struct RawContainer {
    pub(crate) env_prefix: Slot<Text>,
    pub(crate) validate: Slot<TokenStream>,
    pub(crate) validator: Slot<()>,
    pub(crate) rename_all: Slot<Case>,
    pub(crate) allow_unknown: Slot<()>,
    pub(crate) krate: Slot<TokenStream>,
    pub(crate) tag: Slot<Text>,
}

impl RawContainer {
    /// The attributes of a config struct.
    pub(crate) fn of_struct(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        Self::parse(ctxt, attributes, Place::Struct)
    }

    /// The attributes of a config enum.
    pub(crate) fn of_enum(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        Self::parse(ctxt, attributes, Place::Enum)
    }

    /// The attributes of an enum of choices.
    pub(crate) fn of_choices(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        Self::parse(ctxt, attributes, Place::Choices)
    }

    fn parse(ctxt: &Ctxt, attributes: &[Attribute], place: Place) -> Self {
        let mut raw = Self::default();
        for item in config_items(ctxt, attributes) {
            match (&*item.name.to_string(), place) {
                ("rename_all", _) => raw.rename_all.put(ctxt, &item, |item| item.choice(Case::ALL)),
                ("crate", _) => raw.krate.put(ctxt, &item, Item::path),
                (_, Place::Choices) => unknown(ctxt, &item.name, place),
                ("env_prefix", _) => raw.env_prefix.put(ctxt, &item, Item::name),
                ("validate", _) => raw.validate.put(ctxt, &item, Item::path),
                ("validator", _) => raw.validator.put(ctxt, &item, Item::flag),
                ("allow_unknown", _) => raw.allow_unknown.put(ctxt, &item, Item::flag),
                ("tag", Place::Enum) => raw.tag.put(ctxt, &item, Item::name),
                _ => unknown(ctxt, &item.name, place),
            }
        }
        raw
    }
}
