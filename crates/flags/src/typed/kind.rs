//! The types that flags have in a program, and how a flag's value becomes one.

use std::marker::PhantomData;

use strata_config_core::{Choice, ConfigEnum};

use crate::model::{FlagType, FlagValue};

use super::{CodeDefault, FlagSpec};

/// A type of flags in a program.
#[diagnostic::on_unimplemented(
    message = "no flag has the type `{Self}`",
    note = "flags are `bool`, `i64`, `f64`, `str`, or `Chosen<T>` for an enum with `#[derive(ConfigEnum)]`"
)]
pub trait FlagKind: 'static {
    /// What the program gets; a text is borrowed from the set of flags.
    type Value<'s>;

    /// A variant's value; `None` where it is of another type.
    fn read<'s>(value: &'s FlagValue, spec: &FlagSpec) -> Option<Self::Value<'s>>;

    /// The program's own value.
    fn default<'s>(spec: &FlagSpec) -> Self::Value<'s>;
}

impl FlagKind for bool {
    type Value<'s> = Self;

    #[inline]
    fn read<'s>(value: &'s FlagValue, _: &FlagSpec) -> Option<Self::Value<'s>> {
        value.as_bool()
    }

    fn default<'s>(spec: &FlagSpec) -> Self::Value<'s> {
        matches!(spec.default, CodeDefault::Bool(true))
    }
}

impl FlagKind for i64 {
    type Value<'s> = Self;

    #[inline]
    fn read<'s>(value: &'s FlagValue, _: &FlagSpec) -> Option<Self::Value<'s>> {
        if let FlagValue::Int(value) = value { Some(*value) } else { None }
    }

    fn default<'s>(spec: &FlagSpec) -> Self::Value<'s> {
        if let CodeDefault::Int(value) = spec.default { value } else { 0 }
    }
}

impl FlagKind for f64 {
    type Value<'s> = Self;

    #[inline]
    fn read<'s>(value: &'s FlagValue, _: &FlagSpec) -> Option<Self::Value<'s>> {
        match value {
            FlagValue::Float(value) => Some(*value),
            // An integer is a number, too.
            FlagValue::Int(value) => Some(*value as Self),
            _ => None,
        }
    }

    fn default<'s>(spec: &FlagSpec) -> Self::Value<'s> {
        if let CodeDefault::Float(value) = spec.default { value } else { 0.0 }
    }
}

impl FlagKind for str {
    type Value<'s> = &'s Self;

    #[inline]
    fn read<'s>(value: &'s FlagValue, _: &FlagSpec) -> Option<Self::Value<'s>> {
        if let FlagValue::String(value) = value { Some(value) } else { None }
    }

    fn default<'s>(spec: &FlagSpec) -> Self::Value<'s> {
        if let CodeDefault::Str(value) = spec.default { value } else { "" }
    }
}

/// The kind of a flag whose values are the choices of an enum, by name or alias in any case.
#[derive(Debug)]
pub struct Chosen<T>(PhantomData<fn() -> T>);

impl<T: ConfigEnum> FlagKind for Chosen<T> {
    type Value<'s> = T;

    fn read<'s>(value: &'s FlagValue, _: &FlagSpec) -> Option<Self::Value<'s>> {
        let FlagValue::String(text) = value else { return None };
        T::CHOICES.iter().position(|choice| is(choice, text)).and_then(T::from_index)
    }

    fn default<'s>(spec: &FlagSpec) -> Self::Value<'s> {
        let own = |choice: &Choice| matches!(spec.default, CodeDefault::Str(name) if is(choice, name));
        let number = T::CHOICES.iter().position(own).unwrap_or_default();
        T::from_index(number).expect("the derive has held the default against the choices, and no enum is empty")
    }
}

/// Whether a text names a choice.
pub(super) fn is(choice: &Choice, text: &str) -> bool {
    let mut names = std::iter::once(&choice.name).chain(choice.aliases);
    names.any(|name| name.eq_ignore_ascii_case(text))
}

/// The kind of an enum whose flags are of several types.
#[derive(Debug)]
pub struct Mixed;

/// The value of a flag whose type is known by its definition in the program alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TypedValue<'s> {
    /// Of a flag of type `bool`.
    Bool(bool),
    /// Of a flag of type `int`.
    Int(i64),
    /// Of a flag of type `float`.
    Float(f64),
    /// Of a flag of type `string`.
    Str(&'s str),
}

impl FlagKind for Mixed {
    type Value<'s> = TypedValue<'s>;

    fn read<'s>(value: &'s FlagValue, spec: &FlagSpec) -> Option<Self::Value<'s>> {
        match spec.kind() {
            FlagType::Bool => bool::read(value, spec).map(TypedValue::Bool),
            FlagType::Int => i64::read(value, spec).map(TypedValue::Int),
            FlagType::Float => f64::read(value, spec).map(TypedValue::Float),
            FlagType::String => str::read(value, spec).map(TypedValue::Str),
            FlagType::Object => None,
        }
    }

    fn default<'s>(spec: &FlagSpec) -> Self::Value<'s> {
        match spec.default {
            CodeDefault::Bool(value) => TypedValue::Bool(value),
            CodeDefault::Int(value) => TypedValue::Int(value),
            CodeDefault::Float(value) => TypedValue::Float(value),
            CodeDefault::Str(value) => TypedValue::Str(value),
        }
    }
}
