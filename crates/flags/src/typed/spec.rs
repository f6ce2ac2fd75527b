//! What the program says of its flags: their keys, their types and the values that they have without a definition.

use strata_config_core::Choice;

use crate::context::Context;
use crate::model::FlagType;

use super::Resolve;

/// The flags that a program knows, derived from an enum or a struct.
///
/// An enum lists the flags themselves ([`FlagList`]); of a struct each field is a flag, and a value of it is all flags
/// at once ([`FlagStruct`]).
#[diagnostic::on_unimplemented(
    message = "`{Self}` lists no flags",
    note = "write `#[derive(FeatureFlags)]` on the enum or the struct"
)]
pub trait FeatureFlags: Sized + 'static {
    /// The flags, in the order in which they are written.
    const FLAGS: &'static [FlagSpec];
}

/// An enum whose variants are flags.
pub trait FlagList: FeatureFlags {
    /// Every flag, in the order of [`FeatureFlags::FLAGS`].
    const ALL: &'static [Self];

    /// The flag's place in [`FeatureFlags::FLAGS`].
    fn index(self) -> usize;
}

/// A struct whose fields are flags.
pub trait FlagStruct: FeatureFlags {
    /// Evaluates every flag for one context.
    fn resolve(flags: &impl Resolve<Self>, context: &Context<'_>) -> Self;
}

/// One flag as the program knows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlagSpec {
    /// Its key in the definitions.
    pub key: &'static str,
    /// Its value where no definition has one; it also tells its type.
    pub default: CodeDefault,
    /// What it is for.
    pub doc: &'static str,
    /// The texts that may be its values; every text where there are none.
    pub choices: &'static [Choice],
}

impl FlagSpec {
    /// A flag of any value of its type.
    #[must_use]
    pub const fn new(key: &'static str, default: CodeDefault, doc: &'static str) -> Self {
        Self { key, default, doc, choices: &[] }
    }

    /// A flag whose values are these texts.
    #[must_use]
    pub const fn among(self, choices: &'static [Choice]) -> Self {
        Self { choices, ..self }
    }

    /// The type of its values.
    #[must_use]
    pub const fn kind(&self) -> FlagType {
        self.default.kind()
    }
}

/// The value that a flag has in the program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CodeDefault {
    /// Of a flag of type `bool`.
    Bool(bool),
    /// Of a flag of type `int`.
    Int(i64),
    /// Of a flag of type `float`.
    Float(f64),
    /// Of a flag of type `string`.
    Str(&'static str),
}

impl CodeDefault {
    /// Its type.
    #[must_use]
    pub const fn kind(self) -> FlagType {
        match self {
            Self::Bool(_) => FlagType::Bool,
            Self::Int(_) => FlagType::Int,
            Self::Float(_) => FlagType::Float,
            Self::Str(_) => FlagType::String,
        }
    }
}
