//! What the attributes of one field say.

use crate::document::Document;
use crate::rules::Rule;

use super::Lit;

/// All that attributes say of a field beyond its key, documentation and type.
#[derive(Debug)]
pub struct Meta {
    /// The value where no source sets one.
    pub default: Default,
    /// What a value must obey.
    pub rules: &'static [Rule],
    /// Where its variable's name comes from.
    pub env: Env,
    /// How the values of several sources combine.
    pub merge: Merge,
    /// Whether a change takes effect at once.
    pub reload: Reload,
    /// The value is a secret.
    pub secret: bool,
    /// The value names a file, relative to the file that sets it.
    pub path: bool,
    /// An empty variable is a value.
    pub allow_empty: bool,
    /// The program computes it; no source sets it and no export holds it.
    pub computed: bool,
    /// The fields below stand among this struct's own (on a nested field).
    pub flatten: bool,
    /// What few fields have; [`Meta::rare`] gives it for every field.
    pub rare: Option<&'static Rare>,
}

/// What attributes say of few fields: apart, since each field's `Meta` is a part of the program.
#[derive(Debug)]
pub struct Rare {
    /// What an invalid value is replaced by in lenient mode.
    pub fallback: Option<Lit>,
    /// What a value had better obey.
    pub warns: &'static [Warn],
    /// On a nested field: the prefix of all variables below it.
    pub env_prefix: Option<&'static str>,
    /// Other keys that set it.
    pub aliases: &'static [Alias],
    /// Setting it draws a warning.
    pub deprecated: Option<Deprecation>,
    /// On a nested enum: the key that names the variant, in place of the enum's own.
    pub tag: Option<&'static str>,
    /// The unit of bare numbers (`s`, `ms`, `MB`) and for documentation.
    pub unit: &'static str,
    /// The name by which a registry of such leaves knows it, as flags have one; empty where it is the field's key.
    pub key: &'static str,
    /// The class of resource that a board's profile caps.
    pub resource: &'static str,
    /// Memory per unit, as written (`48KiB`).
    pub cost: &'static str,
    /// Defaults and limits by profile.
    pub profiles: &'static [PerProfile],
}

impl Meta {
    /// A field without attributes.
    pub const NONE: Self = Self {
        default: Default::None,
        rules: &[],
        env: Env::Derived,
        merge: Merge::Auto,
        reload: Reload::Live,
        secret: false,
        path: false,
        allow_empty: false,
        computed: false,
        flatten: false,
        rare: None,
    };

    /// What few fields have.
    #[must_use]
    pub const fn rare(&self) -> &'static Rare {
        match self.rare {
            Some(rare) => rare,
            None => &Rare::NONE,
        }
    }
}

impl Rare {
    /// A field that has nothing of it.
    pub const NONE: Self = Self {
        fallback: None,
        warns: &[],
        env_prefix: None,
        aliases: &[],
        deprecated: None,
        tag: None,
        unit: "",
        key: "",
        resource: "",
        cost: "",
        profiles: &[],
    };
}

/// The value of a field that no source sets.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    /// None: the field is required (or an `Option`).
    None,
    /// A literal.
    Lit(Lit),
    /// An expression, as a document.
    Expr(fn() -> Document),
}

/// Rules whose breach is a warning.
#[derive(Debug)]
pub struct Warn {
    /// The rules.
    pub rules: &'static [Rule],
    /// What to say.
    pub message: &'static str,
}

/// Where the name of a leaf's variable comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Env {
    /// Prefix, path and field, joined by `_`.
    Derived,
    /// These names, as they stand; the first that is set counts.
    Names(&'static [&'static str]),
    /// No variable sets it.
    None,
}

/// Another key of a field.
#[derive(Debug, Clone, Copy)]
pub struct Alias {
    /// The key in documents.
    pub key: &'static str,
    /// The segment of variable names.
    pub segment: &'static str,
    /// Using it draws a warning.
    pub deprecated: Option<Deprecation>,
}

/// Since when something is deprecated, and what to do.
#[derive(Debug, Clone, Copy)]
pub struct Deprecation {
    /// The version; empty where it was not said.
    pub since: &'static str,
    /// Advice; empty where it was not said.
    pub note: &'static str,
}

/// How the values of several sources combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    /// Maps merge deep, everything else is replaced.
    Auto,
    /// The strongest source alone counts.
    Replace,
    /// Lists follow one another, the weakest source first.
    Append,
    /// As append, each item once.
    Union,
    /// Maps merge entry by entry.
    Deep,
}

/// Whether a change takes effect in the running program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// At once.
    Live,
    /// After a restart.
    Restart,
}

impl Reload {
    /// The name, as attributes and JSON have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Restart => "restart",
        }
    }
}

/// What attributes say of a field in a profile (a board).
#[derive(Debug)]
pub struct PerProfile {
    /// The profile's name.
    pub name: &'static str,
    /// Its default.
    pub default: Option<Lit>,
    /// The least that it carries.
    pub min: Option<Lit>,
    /// The most that it carries.
    pub max: Option<Lit>,
    /// Beyond the limits nothing works: an error also in normal mode.
    pub hard: bool,
}
