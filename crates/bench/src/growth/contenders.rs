//! The contenders that read documents from memory; each with the types under its own derive.

use std::hint::black_box;

use super::{Contender, by_hand};

/// A contender by its module, which has the types and a `load`.
macro_rules! contenders {
    ($($module:ident,)*) => {
        /// All of them; the first is what the others are compared with.
        pub const CONTENDERS: &[Contender] = &[$(contenders!(@each $module:
            Leaves100 Leaves300 Leaves1000 Leaves3000 Leaves10000),)*];
    };
    (@each $module:ident: $($type:ident)*) => {
        Contender {
            name: stringify!($module),
            load: [$(|documents| drop(black_box(Box::new($module::load::<$module::$type>(documents)))),)*],
            show: [$(|documents| format!("{:?}", $module::load::<$module::$type>(documents)),)*],
        }
    };
}

contenders! {
    by_hand,
    ours,
    figment,
    config,
}

pub mod ours {
    use strata_config::{LayeredConfig, Loaded};

    use crate::growth::Documents;
    use crate::growth::types::types;

    types!(derive(LayeredConfig, Debug), config(nested));

    pub fn load<T: LayeredConfig>(documents: &Documents) -> T {
        let loader = T::loader().text("site.json", &documents.json).text("site.toml", &documents.toml);
        loader.load().map(Loaded::into_config).unwrap_or_else(|report| panic!("{report}"))
    }
}

pub mod figment {
    use figment::Figment;
    use figment::providers::{Format, Json, Toml};
    use serde::Deserialize;

    use crate::growth::Documents;
    use crate::growth::types::types;

    types!(derive(Deserialize, Debug), doc = "A part.");

    pub fn load<T: for<'de> Deserialize<'de>>(documents: &Documents) -> T {
        let (json, toml) = (Json::string(&documents.json), Toml::string(&documents.toml));
        Figment::new().merge(json).merge(toml).extract().unwrap()
    }
}

pub mod config {
    use config::{Config, File, FileFormat};
    use serde::Deserialize;

    use crate::growth::Documents;
    use crate::growth::types::types;

    types!(derive(Deserialize, Debug), doc = "A part.");

    pub fn load<T: for<'de> Deserialize<'de>>(documents: &Documents) -> T {
        let json = File::from_str(&documents.json, FileFormat::Json);
        let toml = File::from_str(&documents.toml, FileFormat::Toml);
        Config::builder().add_source(json).add_source(toml).build().unwrap().try_deserialize().unwrap()
    }
}
