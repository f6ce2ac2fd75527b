//! Lists of flags without a prelude, beside hostile names, out of a macro and in a function; nothing here draws a lint.

#![no_implicit_prelude]

use ::strata_config::flags::FlagList as List;
use ::strata_config::{ConfigEnum, FeatureFlags};

mod hostile {
    #![allow(dead_code, non_camel_case_types, reason = "they are there for their names")]

    use super::Choice;
    use ::strata_config::FeatureFlags;

    mod core {}
    mod std {}
    mod strata_config_flags {}
    struct String;
    struct Key;
    struct Context;
    struct Typed;
    struct Some;
    struct usize;
    trait From {}
    trait FlagList {}
    trait FlagKey {}
    trait FlagStruct {}
    fn get() {}
    const FLAGS: u8 = 0;

    /// Flags.
    #[derive(FeatureFlags)]
    pub(crate) struct Features {
        /// A flag.
        pub(crate) flags: bool,
        #[flag(default = 1)]
        context: f64,
        #[flag(default = "a")]
        r#type: ::std::string::String,
        #[flag(default = "on")]
        choice: Choice,
        #[deprecated]
        old: bool,
    }

    /// Flags.
    #[derive(FeatureFlags, Clone, Copy)]
    pub(crate) enum Switches {
        /// A flag.
        Some,
        #[deprecated]
        Old,
        #[flag(default = true)]
        r#type,
    }
}

/// Choices.
#[derive(ConfigEnum)]
pub(crate) enum Choice {
    On,
    Off,
}

macro_rules! flags {
    ($vis:vis $name:ident { $($field:ident: $ty:ty = $default:expr;)* }) => {
        /// Written by a macro.
        #[derive(FeatureFlags, ::core::cmp::PartialEq)]
        $vis struct $name { $(#[flag(default = $default)] $field: $ty,)* value: bool }
    };
}

flags!(pub(crate) Written { rate: f64 = -0.5; count: i64 = 3; });

#[test]
fn keys_are_the_names_that_were_written() {
    let keys = |flags: &[::strata_config::flags::FlagSpec]| {
        let keys = ::core::iter::Iterator::map(flags.iter(), |flag| flag.key);
        ::core::iter::Iterator::collect::<::std::vec::Vec<&str>>(keys)
    };
    ::core::assert_eq!(keys(<hostile::Features as FeatureFlags>::FLAGS), ["flags", "context", "type", "choice", "old"]);
    ::core::assert_eq!(keys(hostile::Switches::FLAGS), ["some", "old", "type"]);
    ::core::assert_eq!(keys(Written::FLAGS), ["rate", "count", "value"]);
    ::core::assert_eq!(hostile::Switches::ALL.len(), 3);
    ::core::assert_eq!(List::index(hostile::Switches::r#type), 2);
    ::core::assert_eq!(Written::COUNT.name(), "count");
}

#[test]
fn lists_of_flags_stand_in_functions() {
    #[derive(FeatureFlags)]
    enum Inner {
        Search,
    }

    ::core::assert_eq!(Inner::FLAGS[0].key, "search");
    ::core::assert_eq!(Inner::ALL.len(), 1);
}
