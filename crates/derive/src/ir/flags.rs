//! The checked description of a list of flags.

use proc_macro2::Ident;
use syn::{DeriveInput, Type, Visibility};

use crate::parse::Text;

/// An enum or a struct of flags.
pub(crate) struct Flags<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) body: FlagBody<'a>,
}

/// Where the flags stand.
pub(crate) enum FlagBody<'a> {
    /// Variants; the type of all of them, `None` where they differ.
    Enum(Vec<Flag<'a>>, Option<FlagType<'a>>),
    Struct(Vec<FlagField<'a>>),
}

/// One flag.
pub(crate) struct Flag<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) key: String,
    pub(crate) doc: String,
    pub(crate) default: FlagDefault,
}

/// A field that is a flag.
pub(crate) struct FlagField<'a> {
    pub(crate) flag: Flag<'a>,
    pub(crate) vis: &'a Visibility,
    pub(crate) ty: FlagType<'a>,
    /// The name of its constant.
    pub(crate) constant: Ident,
}

/// The type of a flag.
#[derive(Clone, Copy)]
pub(crate) enum FlagType<'a> {
    Bool,
    Int,
    Float,
    Str,
    /// The choices of an enum.
    Choice(&'a Type),
}

/// The value that a flag has in the program.
pub(crate) enum FlagDefault {
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Text),
}

impl FlagDefault {
    /// The type of a flag that has this default and no other type.
    pub(crate) fn ty<'a>(&self) -> FlagType<'a> {
        match self {
            Self::Bool(_) => FlagType::Bool,
            Self::Int(_) => FlagType::Int,
            Self::Float(_) => FlagType::Float,
            Self::Str(_) => FlagType::Str,
        }
    }
}
