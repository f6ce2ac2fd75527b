//! The attributes of a list of flags, and of a flag.

use proc_macro2::TokenStream;
use syn::Attribute;

use crate::case::Case;
use crate::ctxt::Ctxt;

use super::item::flag_items;
use super::known::{Place, unknown};
use super::{Item, Slot, Text, Value};

/// What the attributes of a list of flags say.
#[derive(Default)]
pub(crate) struct RawFlags {
    pub(crate) rename_all: Slot<Case>,
    pub(crate) krate: Slot<TokenStream>,
}

impl RawFlags {
    pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        let mut raw = Self::default();
        for item in flag_items(ctxt, attributes) {
            match &*item.name.to_string() {
                //= flags `rename_all = "kebab-case"`: The case of all keys. Where it is not given, a variant's key is in
                //=   `snake_case`, a field's its name.
                "rename_all" => raw.rename_all.put(ctxt, &item, |item| item.choice(Case::ALL)),
                //= flags `crate = strata_config_flags`: The crate that holds the runtime, for a program that does not
                //=   use the facade.
                "crate" => raw.krate.put(ctxt, &item, Item::path),
                _ => unknown(ctxt, &item.name, Place::Flags),
            }
        }
        raw
    }
}

/// What the attributes of a flag say.
#[derive(Default)]
pub(crate) struct RawFlag {
    pub(crate) key: Slot<Text>,
    pub(crate) default: Slot<Value>,
}

impl RawFlag {
    pub(crate) fn parse(ctxt: &Ctxt, attributes: &[Attribute]) -> Self {
        let mut raw = Self::default();
        for item in flag_items(ctxt, attributes) {
            match &*item.name.to_string() {
                //= flag `key = "checkout-v2"`: The flag's key in the definitions.
                "key" => raw.key.put(ctxt, &item, Item::name),
                //= flag `default = 3`: The value where no definition has one: a boolean, a number, a text. It tells the
                //=   type of a variant's flag (`3` is an integer, `3.0` a float); a field's must be of the field's
                //=   type, and for an enum the name of a choice. Without it, a boolean is `false`.
                "default" => raw.default.put(ctxt, &item, Item::value),
                _ => unknown(ctxt, &item.name, Place::Flag),
            }
        }
        raw
    }
}
