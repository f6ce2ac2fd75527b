//! The types of the configurations, for any derive.

/// Ten leaves a section, and the larger structs of sections: `types!(attribute of a struct, attribute of a nested field)`.
macro_rules! types {
    ($derive:meta, $nested:meta) => {
        #[$derive]
        pub struct Section {
            pub enabled: bool,
            pub host: String,
            pub port: u16,
            pub workers: u32,
            pub ratio: f64,
            pub retries: u32,
            pub name: String,
            pub tags: Vec<String>,
            pub limit: u64,
            pub note: Option<String>,
        }

        types!(@nest $derive, $nested, Leaves100 of Section: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9);
        types!(@nest $derive, $nested, Leaves300 of Leaves100: f0 f1 f2);
        types!(@nest $derive, $nested, Leaves1000 of Leaves100: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9);
        types!(@nest $derive, $nested, Leaves3000 of Leaves1000: f0 f1 f2);
        types!(@nest $derive, $nested, Leaves10000 of Leaves1000: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9);
    };
    (@nest $derive:meta, $nested:meta, $name:ident of $part:ident: $($field:ident)*) => {
        #[$derive]
        pub struct $name {
            $(#[$nested] pub $field: $part,)*
        }
    };
}

pub(super) use types;
