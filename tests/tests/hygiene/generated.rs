//! Configs that a `macro_rules!` writes, and configs in the body of a function.

use strata_config::{ConfigEnum, LayeredConfig};

macro_rules! config {
    ($vis:vis $name:ident { $($field:ident: $ty:ty = $default:expr, $limit:literal;)* }) => {
        /// Written by a macro.
        #[derive(LayeredConfig, Debug, Clone, PartialEq)]
        #[config(validate = Self::check)]
        $vis struct $name {
            $(#[config(default = $default, validate(range(max = $limit)))] $field: $ty,)*
        }

        impl $name {
            fn check(&self, report: &mut strata_config::Report) {
                $(if self.$field > $limit { report.error([$name::SCHEMA_OF_ITS_OWN], stringify!($field)); })*
            }

            const SCHEMA_OF_ITS_OWN: strata_config::FieldPath = strata_config::FieldPath::ROOT;
        }
    };
}

config!(pub(crate) Limits { pool: u16 = 8, 64; ratio: f64 = -0.5, 1.0; wide: i128 = 1 + 2, 9; });

macro_rules! fields_by_the_macro {
    ($name:ident, $ty:ty) => {
        #[derive(LayeredConfig)]
        struct $name {
            #[config(nested)]
            b: $ty,
            #[config(default = 1)]
            value: u8,
        }
    };
}

fields_by_the_macro!(Local, Limits);

#[test]
fn macros_write_configs() {
    assert_eq!(Limits::SCHEMA.fields.len(), 3);
    assert_eq!(Local::SCHEMA.fields[0].key, "b");
}

#[test]
fn configs_stand_in_functions() {
    #[derive(LayeredConfig)]
    struct Inner {
        #[config(default = "small")]
        size: Size,
    }

    #[derive(ConfigEnum, Clone, PartialEq)]
    enum Size {
        Small,
        Large,
    }

    assert_eq!(Inner::SCHEMA.fields[0].key, "size");
    assert_eq!(Inner::SIZE.as_str(), "size");
    assert_eq!(Size::Large.to_string(), "large");
    assert!(matches!("SMALL".parse(), Ok(Size::Small)));
}
