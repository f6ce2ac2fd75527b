//! The strong ETag of the effective configuration, and the headers that compare it.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};

/// A strong ETag: the first 128 bits of a SHA-256, as hexadecimal digits in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ETag(String);

impl ETag {
    /// The ETag of these parts in this order.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let digits: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self(format!("\"{digits}\""))
    }

    /// The text, with its quotes.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("digits in quotes are a header's value")
    }

    /// Whether one of the tags of a header is this one, or `*`; `None` where there is no such header. A weak tag is equal
    /// where `weak` says so: for `If-None-Match` (RFC 9110, section 13.1.2).
    pub(crate) fn matches(&self, headers: &HeaderMap, name: HeaderName, weak: bool) -> Option<bool> {
        let mut lines = headers.get_all(name).iter().peekable();
        lines.peek()?;
        // Our tags have no commas, so a comma always divides.
        let mut tags = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim);
        Some(tags.any(|tag| {
            let tag = if weak { tag.strip_prefix("W/").unwrap_or(tag) } else { tag };
            tag == "*" || tag == self.0
        }))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::{IF_MATCH, IF_NONE_MATCH};

    use super::*;

    #[test]
    fn a_header_may_name_several_and_weak_ones() {
        let tag = ETag::of(&[b"a"]);
        let headers = |name: HeaderName, value: String| HeaderMap::from_iter([(name, value.parse().unwrap())]);
        let weak = headers(IF_NONE_MATCH, format!("\"x\", W/{}", tag.as_str()));
        assert_eq!(tag.matches(&weak, IF_NONE_MATCH, true), Some(true));
        let strong = headers(IF_MATCH, format!("W/{}", tag.as_str()));
        assert_eq!(tag.matches(&strong, IF_MATCH, false), Some(false));
        assert_eq!(tag.matches(&headers(IF_MATCH, "*".into()), IF_MATCH, false), Some(true));
        assert_eq!(tag.matches(&HeaderMap::new(), IF_MATCH, false), None);
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(ETag::of(&[b"ab", b"c"]), ETag::of(&[b"a", b"bc"]));
    }
}
