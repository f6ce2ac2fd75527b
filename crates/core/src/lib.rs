//! The engine of `strata-config`: schema, layers, origins, rules and reports.
//!
//! Applications use the facade `strata-config`; a device that counts bytes uses this crate with its derive and
//! `#[config(crate = strata_config_core)]`. No threads, no async, no network, and nothing is ever printed.

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod build;
mod config_enum;
mod decode;
mod diff;
#[cfg_attr(
    not(all(feature = "json", feature = "toml", feature = "yaml")),
    allow(dead_code, reason = "each format uses its own part of what they share")
)]
mod document;
mod encode;
mod env;
mod excerpt;
mod explain;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod gather;
mod judge;
mod layer;
mod layered;
mod leaf;
mod leaves;
mod load_info;
mod loaded;
mod loader;
mod mask;
mod mode;
mod patch;
mod path;
mod plan;
mod problems;
mod profile;
mod raw;
pub mod report;
mod resolve;
mod rules;
pub mod schema;
mod scope;
mod secret;
mod settings;
mod size;
mod source;
mod stack;
mod text;
mod typed;
mod upgrade;
mod validator;
mod value;
mod walk;
mod wipe;

pub use build::Builder;
pub use config_enum::{Choice, ConfigEnum, UnknownChoice};
pub use decode::{DecodeContext, DecodeError};
pub use diff::{Change, apply, diff, export, freeze, values};
pub use document::{Document, DocumentBuilder, Kind, NodeId, Span};
pub use env::EnvSource;
pub use explain::{Explained, Shadow};
pub use layer::{Layer, LayerKind, Origin};
pub use layered::{LayeredConfig, Nested, Section, Visitor};
pub use leaf::{Leaf, LeafKind, LeafType, LeafValue, SecretLeaf, Shape, ShapeProbe};
pub use leaves::{LeafOf, leaves_of};
pub use load_info::LoadInfo;
pub use loaded::{Loaded, Outcome, Provenance, check_patch, self_test};
pub use loader::Loader;
pub use mode::Mode;
pub use patch::{Edited, Edits, reseal, seal};
pub use path::FieldPath;
pub use problems::{Problem, Problems};
pub use profile::{Because, Bound, Budget, Limits, Memory, Profile, Said, Share};
pub use raw::Raw;
pub use report::{Excerpt, Finding, Related, Report, Severity};
pub use resolve::{Reference, References, Resolved, Resolver, Sealer, SecretSource, Unresolved, reference_of};
pub use rules::{CustomRule, Rule, TextRule};
pub use schema::Schema;
pub use secret::Secret;
pub use settings::Settings;
pub use size::{ByteSize, InvalidSize};
pub use source::args::{LeafOption, options};
pub use source::names::{Variable, variables};
pub use stack::{SourceId, Stack};
pub use upgrade::{Upgrade, UpgradeNote, Upgraded};
pub use validator::Validator;
pub use value::Value;
