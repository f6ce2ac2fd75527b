//! Layered configuration from one annotated struct: the derive and the engine under one name.

pub use strata_config_derive::{ConfigEnum, LayeredConfig};

#[doc(hidden)]
pub use strata_config_core::__private;
pub use strata_config_core::{
    Builder, ByteSize, ConfigEnum, FieldPath, LayeredConfig, LoadInfo, Report, Schema, Secret, Visitor,
};
