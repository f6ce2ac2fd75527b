//! Public configs, deprecated fields and visibilities: nothing here draws a lint (the denials stand in `hygiene.rs`).

use strata_config::{ConfigEnum, LayeredConfig};

/// Public in a private module, as any library's types are.
#[derive(LayeredConfig, Debug, Clone, PartialEq, Eq)]
#[config(env_prefix = "LINTS")]
pub(crate) struct Lints {
    /// Documented.
    #[config(default = 1)]
    pub(crate) documented: u8,
    /// Deprecated in Rust, too.
    #[deprecated]
    #[config(default = 1, deprecated(since = "0.2", note = "use `documented`"))]
    pub(super) old: u8,
    #[config(default)]
    private: String,
    #[config(default)]
    _unused: u8,
    #[config(default, rename = "odd.key")]
    pub(in crate::lints) odd: String,
}

/// Without fields.
#[derive(LayeredConfig, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Empty {}

/// With a deprecated choice.
#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Fast.
    Fast,
    /// Slow.
    #[deprecated]
    Slow,
}

#[test]
fn constants_hold_canonical_paths() {
    assert_eq!(Lints::DOCUMENTED.as_str(), "documented");
    assert_eq!(Lints::ODD.as_str(), "\"odd.key\"");
    assert_eq!(Empty::SCHEMA.fields.len(), 0);
    assert_eq!(Mode::Fast.to_string(), "fast");
}
