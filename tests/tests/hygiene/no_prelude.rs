//! Every attribute in a module without a prelude.

#![no_implicit_prelude]

use ::core::clone::Clone;
use ::core::cmp::PartialEq;
use ::core::fmt::Debug;
use ::strata_config::{ConfigEnum, LayeredConfig, LoadInfo, Report, Secret};

/// All kinds of fields.
#[derive(LayeredConfig, Clone, PartialEq)]
#[config(env_prefix = "APP", validate = Self::check, rename_all = "kebab-case", allow_unknown)]
pub(crate) struct App {
    /// A number.
    #[config(
        default = 8080,
        env = ["PORT", "HTTP_PORT"],
        validate(range(min = 1024), custom = odd),
        fallback = 8080,
        warn(range(max = 9000), "above 9000 is odd"),
        profile(pi_zero_2w(default = 4040, max = 5000)),
        resource = "connections",
        cost = "48KiB",
        reload = "restart"
    )]
    port: u16,
    #[config(default = -0.5, fallback = 1)]
    ratio: f64,
    #[config(default = [("a", 1), ("b", 2)], merge = "deep")]
    weights: ::std::collections::BTreeMap<::std::string::String, u8>,
    #[config(default = ["a"], merge = "union", validate(length(max = 3), each(length(min = 1), one_of("a", "b"))))]
    names: ::std::vec::Vec<::std::string::String>,
    #[config(default = ::core::time::Duration::from_secs(3), unit = "s", alias = "wait", deprecated(since = "1"))]
    timeout: ::core::time::Duration,
    #[config(default, allow_empty, path, renamed_from = "root", since = "2")]
    directory: ::std::path::PathBuf,
    #[config(default = "info")]
    level: Level,
    #[config(secret)]
    token: Secret<::std::string::String>,
    #[config(with = doubled, default = 8, custom = odd)]
    doubled: u16,
    #[config(with = doubled)]
    maybe_doubled: ::core::option::Option<u16>,
    #[config(computed = started)]
    started: ::std::string::String,
    #[config(nested)]
    section: Section,
    #[config(nested, env_prefix = "OTHER")]
    other: ::core::option::Option<Section>,
    #[config(nested)]
    sections: ::std::vec::Vec<Section>,
    #[config(flatten)]
    flat: Flat,
    #[config(nested, tag = "kind")]
    store: Store,
}

/// A section.
#[derive(LayeredConfig, Clone, PartialEq)]
pub(crate) struct Section {
    #[config(default = true)]
    on: bool,
}

/// A flat section.
#[derive(LayeredConfig, Clone, PartialEq)]
pub(crate) struct Flat {
    #[config(default = "x", env = false)]
    flat_name: ::std::string::String,
}

/// Variants.
#[derive(LayeredConfig, Clone, PartialEq)]
pub(crate) enum Store {
    File {
        path: ::std::string::String,
    },
    #[config(rename = "s3")]
    Bucket {
        path: ::std::string::String,
        region: ::std::string::String,
    },
    Off,
}

/// Choices.
#[derive(ConfigEnum, Debug, Clone, PartialEq)]
pub(crate) enum Level {
    Debug,
    Info,
    #[config(rename = "warn", alias = "warning")]
    Attention,
}

#[allow(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "a rule's signature")]
fn odd(_: &u16) -> ::core::result::Result<(), ::std::string::String> {
    ::core::result::Result::Ok(())
}

fn started(_: &LoadInfo) -> ::std::string::String {
    ::std::string::String::new()
}

impl App {
    fn check(&self, report: &mut Report) {
        if self.port == 1 {
            report.error([Self::PORT, Self::STORE], "no");
        }
    }
}

mod doubled {
    use ::core::result::Result;
    use ::serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
        Result::map(<u16 as Deserialize>::deserialize(deserializer), |value| value / 2)
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    pub(super) fn serialize<S: Serializer>(value: &u16, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(value * 2)
    }
}

#[test]
fn the_schema_holds_every_field_in_its_order() {
    let keys: ::std::vec::Vec<&str> =
        ::core::iter::Iterator::collect(::core::iter::Iterator::map(App::SCHEMA.fields.iter(), |field| field.key));
    ::core::assert_eq!(keys[..3], ["port", "ratio", "weights"]);
    ::core::assert_eq!(keys.len(), 16);
    ::core::assert_eq!(App::SCHEMA.fields[9].segment, "MAYBE_DOUBLED");
    ::core::assert_eq!(Store::SCHEMA.variants[1].name, "s3");
}
