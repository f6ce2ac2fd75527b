//! The checked description of an item: what the expander writes down, in types that leave nothing to doubt.

mod flags;

use proc_macro2::{Ident, TokenStream};
use syn::{DeriveInput, Type, Visibility};

use crate::parse::{Literal, Text, Value};

pub(crate) use flags::{Flag, FlagBody, FlagDefault, FlagField, FlagType, Flags};

/// A config struct or enum.
pub(crate) struct Config<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) env_prefix: Option<Text>,
    pub(crate) allow_unknown: bool,
    pub(crate) validate: Option<TokenStream>,
    pub(crate) validator: bool,
    pub(crate) body: Body<'a>,
}

/// What a config holds.
pub(crate) enum Body<'a> {
    Struct(Vec<Field<'a>>),
    Enum { tag: String, variants: Vec<Variant<'a>> },
}

/// One variant of a config enum; a unit variant has no fields.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<Field<'a>>,
}

/// One field.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) vis: &'a Visibility,
    pub(crate) ty: &'a Type,
    pub(crate) key: String,
    pub(crate) segment: String,
    pub(crate) doc: String,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) deprecated: Option<Deprecation>,
    pub(crate) kind: FieldKind<'a>,
}

/// What a field holds.
pub(crate) enum FieldKind<'a> {
    Leaf(Box<Leaf<'a>>),
    /// A leaf that the program fills in, by this function if one is named.
    Computed {
        function: Option<TokenStream>,
        unit: String,
    },
    Nested {
        env_prefix: Option<Text>,
        flatten: bool,
        tag: Option<Text>,
    },
}

/// A leaf.
pub(crate) struct Leaf<'a> {
    pub(crate) default: Default,
    pub(crate) fallback: Option<Literal>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) warns: Vec<Warn>,
    pub(crate) env: Env,
    pub(crate) merge: Option<Merge>,
    pub(crate) restart: bool,
    pub(crate) secret: bool,
    pub(crate) path: bool,
    pub(crate) allow_empty: bool,
    pub(crate) unit: String,
    pub(crate) key: String,
    pub(crate) resource: String,
    pub(crate) cost: String,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) with: Option<With<'a>>,
    /// Strings that stand for values of types unknown to the macro: should the type be an enum of choices, each must be one.
    pub(crate) choices: Vec<Choice<'a>>,
}

/// A string that may name a choice of a type.
pub(crate) struct Choice<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) text: Text,
}

/// A module that reads and writes a type in serde's place.
pub(crate) struct With<'a> {
    pub(crate) module: TokenStream,
    /// The type that the module knows: the field's, or that within its `Option`.
    pub(crate) ty: &'a Type,
    pub(crate) optional: bool,
}

/// The value that no source sets.
pub(crate) enum Default {
    None,
    /// `Default::default()`
    Trait,
    Literal(Literal),
    Expression(Value),
}

/// Where the name of a variable comes from.
pub(crate) enum Env {
    Derived,
    None,
    Names(Vec<Text>),
}

/// How the values of several sources combine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    Replace,
    Append,
    Union,
    Deep,
}

impl Merge {
    pub(crate) const ALL: &[(&str, Self)] =
        &[("replace", Self::Replace), ("append", Self::Append), ("union", Self::Union), ("deep", Self::Deep)];
}

/// One rule, with its name for messages.
#[derive(Clone)]
pub(crate) struct Rule {
    pub(crate) name: Ident,
    pub(crate) kind: RuleKind,
}

/// What a rule asks.
#[derive(Clone)]
pub(crate) enum RuleKind {
    /// At least one limit is there.
    Range {
        min: Option<Literal>,
        max: Option<Literal>,
    },
    /// At least one limit is there.
    Length {
        min: Option<usize>,
        max: Option<usize>,
    },
    OneOf(Vec<Literal>),
    Each(Vec<Rule>),
    Custom(TokenStream),
    Text {
        rule: TextRule,
        args: Vec<Text>,
    },
    /// The type's own `Validate`.
    Validator,
}

/// A rule of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextRule {
    Url,
    Email,
    Ip,
    Contains,
    Regex,
}

/// Rules whose breach is a warning.
pub(crate) struct Warn {
    pub(crate) rules: Vec<Rule>,
    pub(crate) message: Text,
}

/// Another key.
pub(crate) struct Alias {
    pub(crate) key: String,
    pub(crate) segment: String,
    pub(crate) deprecated: Option<Deprecation>,
}

/// Since when, and what to do; both may be empty.
pub(crate) struct Deprecation {
    pub(crate) since: String,
    pub(crate) note: String,
}

/// What a profile says of a field.
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) default: Option<Literal>,
    pub(crate) min: Option<Literal>,
    pub(crate) max: Option<Literal>,
    pub(crate) hard: bool,
}

/// An enum of choices.
pub(crate) struct Choices<'a> {
    pub(crate) input: &'a DeriveInput,
    pub(crate) name: String,
    pub(crate) choices: Vec<ChoiceName<'a>>,
}

/// One choice.
pub(crate) struct ChoiceName<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) doc: String,
}
