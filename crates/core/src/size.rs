//! Sizes in bytes, written as `256MB` or `1GiB`.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

use crate::text;

/// The newtype's name by which our own decoder knows a size.
pub(crate) const SIZE_NEWTYPE: &str = "$strata::ByteSize";

/// A number of bytes: `256MB`, `1GiB`, `1.5 KiB` or a bare number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ByteSize(pub u64);

impl ByteSize {
    /// The number of bytes.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// So many times 1024 × 1024 bytes.
    #[must_use]
    pub const fn mib(count: u64) -> Self {
        Self(count << 20)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::format_size(self.0))
    }
}

impl FromStr for ByteSize {
    type Err = InvalidSize;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text::parse_size(text, "").map(Self).ok_or(InvalidSize(()))
    }
}

/// A text that is no size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSize(());

impl fmt::Display for InvalidSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a size such as `256MB`, `1GiB` or a number of bytes")
    }
}

impl std::error::Error for InvalidSize {}

impl Serialize for ByteSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SizeVisitor;

        impl<'de> Visitor<'de> for SizeVisitor {
            type Value = ByteSize;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a size such as `256MB` or a number of bytes")
            }

            fn visit_u64<E>(self, bytes: u64) -> Result<ByteSize, E> {
                Ok(ByteSize(bytes))
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<ByteSize, E> {
                text.parse().map_err(E::custom)
            }

            // Other deserializers hand a newtype's content on.
            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<ByteSize, D::Error> {
                inner.deserialize_any(self)
            }
        }

        deserializer.deserialize_newtype_struct(SIZE_NEWTYPE, SizeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_serde_format_reads_and_writes_it() {
        let size: ByteSize = serde_json::from_str("\"2MiB\"").unwrap();
        assert_eq!(size, ByteSize::mib(2));
        assert_eq!(serde_json::from_str::<ByteSize>("12").unwrap(), ByteSize(12));
        assert_eq!(serde_json::to_string(&size).unwrap(), "\"2MiB\"");
        assert!(serde_json::from_str::<ByteSize>("\"2 parsecs\"").is_err());
    }
}
