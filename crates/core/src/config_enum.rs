//! Enums without data: names in any case, aliases, documentation of each choice.

use std::cell::Cell;
use std::fmt;

use serde::Serializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Visitor};

use crate::schema::message::Message;
use crate::text;

/// An enum without data, whose choices a configuration names. Derive it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no enum of choices",
    note = "derive `ConfigEnum` for it, if it is an enum without data"
)]
pub trait ConfigEnum: Sized + 'static {
    /// The type's name.
    const NAME: &'static str;
    /// Its choices, in the order of its variants.
    const CHOICES: &'static [Choice];
    /// The choice's number.
    fn index(&self) -> usize;
    /// The variant of that number.
    fn from_index(index: usize) -> Option<Self>;
}

/// One choice of an enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub name: &'static str,
    /// Other names that are accepted.
    pub aliases: &'static [&'static str],
    /// Its documentation.
    pub doc: &'static str,
}

impl Choice {
    const fn is(&self, text: &str) -> bool {
        if equal(self.name, text) {
            return true;
        }
        let mut at = 0;
        while at < self.aliases.len() {
            if equal(self.aliases[at], text) {
                return true;
            }
            at += 1;
        }
        false
    }
}

/// Equality in any case (of ASCII letters), while the program compiles.
const fn equal(left: &str, right: &str) -> bool {
    left.as_bytes().eq_ignore_ascii_case(right.as_bytes())
}

/// A text that names no choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownChoice {
    message: String,
}

impl fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnknownChoice {}

fn find<T: ConfigEnum>(text: &str) -> Option<T> {
    let text = text::trim(text);
    let exact = T::CHOICES.iter().position(|choice| choice.name == text);
    T::from_index(exact.or_else(|| T::CHOICES.iter().position(|choice| choice.is(text)))?)
}

/// The variant that a text names.
#[doc(hidden)]
pub fn parse_enum<T: ConfigEnum>(text: &str) -> Result<T, UnknownChoice> {
    find(text).ok_or_else(|| {
        let names: Vec<&str> = T::CHOICES.iter().map(|choice| choice.name).collect();
        let near = text::nearest(text, names.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
        let choices = crate::decode::choices(&names);
        UnknownChoice {
            message: format!("`{}` is not one of {choices}{}", text.escape_debug(), near.unwrap_or_default()),
        }
    })
}

#[doc(hidden)]
pub fn fmt_enum<T: ConfigEnum>(value: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(T::CHOICES[value.index()].name)
}

#[doc(hidden)]
pub fn serialize_enum<S: Serializer, T: ConfigEnum>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let index = value.index();
    serializer.serialize_unit_variant(T::NAME, index as u32, T::CHOICES[index].name)
}

#[doc(hidden)]
pub fn deserialize_enum<'de, D: Deserializer<'de>, T: ConfigEnum>(
    deserializer: D,
    names: &'static [&'static str],
) -> Result<T, D::Error> {
    struct ChoiceVisitor<T>(std::marker::PhantomData<T>, &'static [&'static str]);

    impl<'de, T: ConfigEnum> Visitor<'de> for ChoiceVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "one of {}", crate::decode::choices(self.1))
        }

        fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<T, A::Error> {
            let (choice, variant) = access.variant_seed(Name::<T>(std::marker::PhantomData, self.1))?;
            serde::de::VariantAccess::unit_variant(variant)?;
            Ok(choice)
        }
    }

    ASKED.set(T::CHOICES);
    deserializer.deserialize_enum(T::NAME, names, ChoiceVisitor(std::marker::PhantomData, names))
}

thread_local! {
    /// The choices of the enum that is being read: serde hands a deserializer their names alone, and a probe wants
    /// their documentation and aliases as well.
    static ASKED: Cell<&'static [Choice]> = const { Cell::new(&[]) };
}

/// The choices of the `ConfigEnum` that was asked for last; empty where another type was.
pub(crate) fn asked_choices() -> &'static [Choice] {
    ASKED.take()
}

/// Reads a variant's name.
struct Name<T>(std::marker::PhantomData<T>, &'static [&'static str]);

impl<'de, T: ConfigEnum> DeserializeSeed<'de> for Name<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: ConfigEnum> Visitor<'_> for Name<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<T, E> {
        find(name).ok_or_else(|| E::unknown_variant(name, self.1))
    }
}

/// Asks a type for its choices while the program compiles: those of a `ConfigEnum`, none of any other type.
#[doc(hidden)]
#[derive(Debug)]
pub struct Probe<T>(std::marker::PhantomData<T>);

impl<T: ConfigEnum> Probe<T> {
    /// The type's choices; chosen over [`AnyType::CHOICES`] where the type has them.
    pub const CHOICES: Option<&'static [Choice]> = Some(T::CHOICES);
}

/// What every type has.
#[doc(hidden)]
pub trait AnyType {
    /// No choices.
    const CHOICES: Option<&'static [Choice]> = None;
}

impl<T> AnyType for Probe<T> {}

/// Refuses a default that names no choice.
///
/// # Panics
/// With what is accepted, while the program compiles.
#[doc(hidden)]
#[track_caller]
pub const fn check_choice(choices: Option<&'static [Choice]>, name: &str) {
    let Some(choices) = choices else { return };
    let mut at = 0;
    while at < choices.len() {
        if choices[at].is(name) {
            return;
        }
        at += 1;
    }
    let mut message = Message::of(&["`", name, "` is none of the enum's names: "]);
    let mut at = 0;
    while at < choices.len() {
        message = message.add(if at == 0 { "`" } else { ", `" }).add(choices[at].name).add("`");
        at += 1;
    }
    message.fail()
}
