//! Layered configuration from one annotated struct.
//!
//! This is the facade: the derive, the engine and, by feature, the crates on top.

pub use strata_config_core::{
    ByteSize, Change, Choice, ConfigEnum, DocumentBuilder, EnvSource, Excerpt, Explained, FieldPath, Finding, Kind,
    Layer, LayerKind, LayeredConfig, LeafOption, LoadInfo, Loaded, Loader, Mode, NodeId, Origin, Outcome, Related,
    Report, Schema, Secret, Severity, Shadow, Span, UnknownChoice, Validator, Value, apply, check_patch, diff, export, options, report,
    schema, self_test,
};
pub use strata_config_derive::{ConfigEnum, LayeredConfig};

#[cfg(feature = "cli")]
pub use strata_config_cli as cli;

#[doc(hidden)]
pub use strata_config_core::__private;
