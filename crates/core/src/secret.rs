//! `Secret<T>`: a value that nothing shows.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use zeroize::Zeroize;

/// The newtype's name by which our own decoder knows a secret.
pub(crate) const SECRET_NEWTYPE: &str = "$strata::Secret";

/// A value that must never be shown: not by `Debug`, not in reports, diffs, exports or events.
///
/// It serialises as `{"$secret": true}`, compares in constant time where it is text, and is overwritten when dropped.
/// [`Secret::expose`] is the only way to the value.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Hides a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; what happens to it from here on is the caller's care.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Secret<T> {
    /// The value itself, to be filled; where it has to move, what stood there before is left behind, so give it its size
    /// first.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<T: Zeroize> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Compares all of both values, so that the time tells nothing of where they differ (their lengths it may tell).
impl<T: Zeroize + AsRef<[u8]>> PartialEq for Secret<T> {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.0.as_ref(), other.0.as_ref());
        let difference = left.iter().zip(right).fold(0_u8, |sum, (left, right)| sum | (left ^ right));
        // The hint keeps the compiler from leaving the loop early.
        left.len() == right.len() && std::hint::black_box(difference) == 0
    }
}

impl<T: Zeroize + AsRef<[u8]>> Eq for Secret<T> {}

thread_local! {
    /// Whether this thread's serialisation is our own encoder's, which may see secrets.
    static REVEALED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `encode` so that secrets within serialise as they are.
pub(crate) fn revealed<R>(encode: impl FnOnce() -> R) -> R {
    /// Sets the flag back, also when a `Serialize` of the user's panics.
    struct Reset(bool);
    impl Drop for Reset {
        fn drop(&mut self) {
            REVEALED.set(self.0);
        }
    }
    let _reset = Reset(REVEALED.replace(true));
    encode()
}

impl<T: Zeroize + Serialize> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if REVEALED.get() {
            return serializer.serialize_newtype_struct(SECRET_NEWTYPE, &self.0);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("$secret", &true)?;
        map.end()
    }
}

impl<'de, T: Zeroize + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SecretVisitor<T>(std::marker::PhantomData<T>);

        impl<'de, T: Zeroize + Deserialize<'de>> Visitor<'de> for SecretVisitor<T> {
            type Value = Secret<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a secret")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Secret<T>, D::Error> {
                T::deserialize(inner).map(Secret)
            }
        }

        deserializer.deserialize_newtype_struct(SECRET_NEWTYPE, SecretVisitor(std::marker::PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_shows_it() {
        let secret = Secret::<String>::from("hunter2");
        for text in [format!("{secret:?}"), secret.to_string(), serde_json::to_string(&secret).unwrap()] {
            assert!(!text.contains("hunter2"), "{text}");
        }
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#"{"$secret":true}"#);
    }

    #[test]
    fn equality_is_of_the_values() {
        let secret = Secret::<String>::from("a");
        assert_eq!(secret, Secret::from("a"));
        assert_ne!(secret, Secret::from("b"));
        assert_ne!(secret, Secret::from("ab"));
    }

    #[test]
    fn a_panic_while_encoding_hides_again() {
        let _ = std::panic::catch_unwind(|| revealed(|| panic!("as a user's Serialize may")));
        assert!(!serde_json::to_string(&Secret::<String>::from("x")).unwrap().contains('x'));
    }
}
