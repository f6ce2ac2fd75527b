//! The attributes of a variant.

use syn::Attribute;

use crate::ctxt::Ctxt;

use super::item::config_items;
use super::known::{Place, unknown};
use super::{Item, Slot, Text};

/// What the attributes of a variant say.
#[derive(Default)]
pub(crate) struct RawVariant {
    pub(crate) rename: Slot<Text>,
    pub(crate) aliases: Vec<Text>,
}

impl RawVariant {
    /// The attributes of a variant of a config enum.
    pub(crate) fn of_config(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        Self::parse(ctxt, attributes, Place::Variant)
    }

    /// The attributes of a choice.
    pub(crate) fn of_choice(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        Self::parse(ctxt, attributes, Place::Choice)
    }

    fn parse(ctxt: &Ctxt, attributes: &[Attribute], place: Place) -> Self {
        let mut raw = Self::default();
        for item in config_items(ctxt, attributes) {
            match &*item.name.to_string() {
                //= variant `rename = "name"`: The name in the tag.
                //= choice `rename = "name"`: The name in documents and variables.
                "rename" => raw.rename.put(ctxt, &item, Item::name),
                //= choice `alias = "WARN"`: Another name that is read, in any case; repeatable.
                "alias" if place == Place::Choice => raw.aliases.extend(ctxt.ok(item.name())),
                "default" => {
                    let message =
                        "a variant is no default: write `default = \"name\"` on the field that holds the enum";
                    ctxt.error(&item.name, message);
                }
                _ => unknown(ctxt, &item.name, place),
            }
        }
        raw
    }
}
