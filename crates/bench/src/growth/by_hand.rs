//! By hand: serde for the documents, `Option` structs for their layers.

use serde::Deserialize;

use super::Documents;
use super::types::types;

types!(derive(Default, Debug), doc = "A part.");

/// A layer: its type for each of the types.
pub trait Layered: Default {
    type Layer: for<'de> Deserialize<'de>;

    /// Sets what the layer has.
    fn apply(&mut self, layer: Self::Layer);
}

pub fn load<T: Layered>(documents: &Documents) -> T {
    let mut config = T::default();
    config.apply(serde_json::from_str(&documents.json).unwrap());
    config.apply(toml::from_str(&documents.toml).unwrap());
    config
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PartialSection {
    enabled: Option<bool>,
    host: Option<String>,
    port: Option<u16>,
    workers: Option<u32>,
    ratio: Option<f64>,
    retries: Option<u32>,
    name: Option<String>,
    tags: Option<Vec<String>>,
    limit: Option<u64>,
    note: Option<String>,
}

impl Layered for Section {
    type Layer = PartialSection;

    fn apply(&mut self, layer: PartialSection) {
        macro_rules! set {
            ($($field:ident)*) => {
                $(if let Some(value) = layer.$field {
                    self.$field = value;
                })*
            };
        }
        set!(enabled host port workers ratio retries name tags limit);
        if layer.note.is_some() {
            self.note = layer.note;
        }
    }
}

macro_rules! partial {
    ($name:ident for $full:ident of $part:ident: $($field:ident)*) => {
        #[derive(Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($field: $part,)*
        }

        impl Layered for $full {
            type Layer = $name;

            fn apply(&mut self, layer: $name) {
                $(self.$field.apply(layer.$field);)*
            }
        }
    };
}

partial!(Partial100 for Leaves100 of PartialSection: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9);
partial!(Partial300 for Leaves300 of Partial100: f0 f1 f2);
partial!(Partial1000 for Leaves1000 of Partial100: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9);
partial!(Partial3000 for Leaves3000 of Partial1000: f0 f1 f2);
partial!(Partial10000 for Leaves10000 of Partial1000: f0 f1 f2 f3 f4 f5 f6 f7 f8 f9);
