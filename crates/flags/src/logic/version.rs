//! flagd's `sem_ver`.

use crate::operator::semver::{Reading, Version};

/// How two versions are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionOperator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
    SameMajor,
    SameMinor,
}

impl VersionOperator {
    /// The operators as rules write them.
    pub(crate) const NAMES: [(&'static str, Self); 8] = [
        ("=", Self::Equal),
        ("!=", Self::NotEqual),
        (">", Self::More),
        ("<", Self::Less),
        (">=", Self::AtLeast),
        ("<=", Self::AtMost),
        ("~", Self::SameMinor),
        ("^", Self::SameMajor),
    ];

    pub(crate) fn new(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, operator)| *operator)
    }

    /// Whether `version` stands so to `other`; `None` where it is no version.
    pub(super) fn holds(self, version: &str, other: &Version) -> Option<bool> {
        Some(match self {
            Self::SameMajor => other.same_major(version)?,
            Self::SameMinor => other.same_minor(version)?,
            Self::Equal => other.compare(version)?.is_eq(),
            Self::NotEqual => other.compare(version)?.is_ne(),
            Self::Less => other.compare(version)?.is_lt(),
            Self::AtMost => other.compare(version)?.is_le(),
            Self::More => other.compare(version)?.is_gt(),
            Self::AtLeast => other.compare(version)?.is_ge(),
        })
    }
}

/// A version as flagd reads it: `v1.2.3` and `1.2` are ones.
pub(super) fn version(text: &str) -> Option<Version> {
    Version::parse(text, Reading::Lenient)
}
