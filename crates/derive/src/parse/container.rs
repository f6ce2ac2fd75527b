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
                //= struct `rename_all = "kebab-case"`: The case of all keys: `lowercase`, `UPPERCASE`, `camelCase`,
                //=   `PascalCase`, `snake_case`, `SCREAMING_SNAKE_CASE` or `kebab-case`.
                //= enum `rename_all = "kebab-case"`: The case of the variants' names in the tag; `snake_case` where
                //=   it is not given.
                //= choices `rename_all = "UPPERCASE"`: The case of all names; `snake_case` where it is not given.
                //=   Reading ignores case.
                ("rename_all", _) => raw.rename_all.put(ctxt, &item, |item| item.choice(Case::ALL)),
                //= struct `crate = strata_config_core`: The crate that holds the runtime, for a program that does not
                //=   use the facade.
                //= enum `crate = strata_config_core`: As on a struct.
                //= choices `crate = strata_config_core`: As on a struct.
                ("crate", _) => raw.krate.put(ctxt, &item, Item::path),
                (_, Place::Choices) => unknown(ctxt, &item.name, place),
                //= struct `env_prefix = "APP"`: The first word of all variables, where this struct is the root.
                //=   Unknown variables that begin with it and a `_` are reported.
                //= enum `env_prefix = "APP"`: As on a struct.
                ("env_prefix", _) => raw.env_prefix.put(ctxt, &item, Item::name),
                //= struct `validate = Self::check`: A function `fn(&Self, &mut Report)` for rules between fields; it
                //=   runs where the struct's own fields are valid by themselves.
                //= enum `validate = Self::check`: As on a struct.
                ("validate", _) => raw.validate.put(ctxt, &item, Item::path),
                //= struct `validator`: The struct also derives `validator::Validate`; its rules run and are reported
                //=   as ours are. Needs the feature `validator`.
                //= enum `validator`: As on a struct.
                ("validator", _) => raw.validator.put(ctxt, &item, Item::flag),
                //= struct `allow_unknown`: Unknown keys of this struct are accepted; at the root, unknown keys of the
                //=   whole document and unknown variables.
                //= enum `allow_unknown`: As on a struct.
                ("allow_unknown", _) => raw.allow_unknown.put(ctxt, &item, Item::flag),
                //= enum `tag = "type"`: The key that names the variant; `type` where it is not given. A nested field
                //=   may say another.
                ("tag", Place::Enum) => raw.tag.put(ctxt, &item, Item::name),
                _ => unknown(ctxt, &item.name, place),
            }
        }
        raw
    }
}
