//! The path of a value: `db.pool_size`, `servers.0.port`, `labels."a.b"`.

use std::borrow::Cow;
use std::fmt;

/// The path of a value, in its canonical text: segments joined by dots, odd segments quoted, items by their number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FieldPath(Cow<'static, str>);

impl FieldPath {
    /// The path of the whole configuration.
    pub const ROOT: Self = Self(Cow::Borrowed(""));

    /// A path whose text is canonical already, as the derive's constants are.
    #[must_use]
    pub const fn new(path: &'static str) -> Self {
        Self(Cow::Borrowed(path))
    }

    /// A path whose text was built segment by segment.
    pub(crate) fn from_canonical(path: String) -> Self {
        Self(Cow::Owned(path))
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the path of the whole configuration.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// This path, then `below`.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        if self.is_root() {
            return below.clone();
        }
        if below.is_root() {
            return self.clone();
        }
        Self(Cow::Owned(format!("{}.{}", self.0, below.0)))
    }

    /// This path, then one key or item number, quoted if it is odd.
    #[must_use]
    pub fn child(&self, segment: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + segment.len() + 1);
        text.push_str(&self.0);
        push_segment(&mut text, segment);
        Self(Cow::Owned(text))
    }

    /// The segments, unquoted.
    #[must_use]
    pub fn segments(&self) -> Vec<Cow<'_, str>> {
        split(&self.0).unwrap_or_default()
    }

    /// Whether `other` is this path or lies below it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.is_root() || other.0.strip_prefix(&*self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// Reads a path from text: `a.b`, `a."b.c"`, `a.0`.
    ///
    /// # Errors
    /// Says what is wrong: an empty segment, an open quote, text after a closing quote.
    pub fn parse(text: &str) -> Result<Self, String> {
        let segments = split(text)?;
        let mut path = String::with_capacity(text.len());
        for segment in segments {
            push_segment(&mut path, &segment);
        }
        Ok(Self(Cow::Owned(path)))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldPath({})", self.0)
    }
}

/// Appends a segment to a canonical path, with the dot and the quotes that it needs.
pub(crate) fn push_segment(path: &mut String, segment: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    let plain = |char: char| char.is_alphanumeric() || char == '_' || char == '-';
    if !segment.is_empty() && segment.chars().all(plain) {
        path.push_str(segment);
        return;
    }
    path.push('"');
    for char in segment.chars() {
        if matches!(char, '"' | '\\') {
            path.push('\\');
        }
        path.push(char);
    }
    path.push('"');
}

pub(crate) fn split(text: &str) -> Result<Vec<Cow<'_, str>>, String> {
    let mut segments = Vec::new();
    let mut rest = text;
    if rest.is_empty() {
        return Ok(segments);
    }
    loop {
        let (segment, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_segment(quoted)?,
            None => {
                let end = rest.bytes().position(|byte| byte == b'.').unwrap_or(rest.len());
                if end == 0 {
                    return Err(format!("`{text}` has an empty segment; write \"\" for an empty key"));
                }
                (Cow::Borrowed(&rest[..end]), &rest[end..])
            }
        };
        segments.push(segment);
        if after.is_empty() {
            return Ok(segments);
        }
        let Some(next) = after.strip_prefix('.') else {
            return Err(format!("`{text}` has text after a closing quote"));
        };
        if next.is_empty() {
            return Err(format!("`{text}` ends with a dot"));
        }
        rest = next;
    }
}

fn quoted_segment(text: &str) -> Result<(Cow<'_, str>, &str), String> {
    let mut segment = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Ok((Cow::Owned(segment), &text[at + 1..])),
            '\\' => segment.extend(chars.next().map(|(_, char)| char)),
            _ => segment.push(char),
        }
    }
    Err(format!("`{text}` has an open quote"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn odd_segments_are_quoted() {
        let path = FieldPath::new("a").child("b.c").child("").child("d\"e");
        assert_eq!(path.as_str(), r#"a."b.c".""."d\"e""#);
        assert_eq!(path.segments(), ["a", "b.c", "", "d\"e"]);
    }

    #[test]
    fn bad_paths_say_why() {
        for (text, why) in [("a..b", "empty segment"), ("a.", "ends with"), ("\"a", "open quote"), ("\"a\"b", "after")]
        {
            assert!(FieldPath::parse(text).unwrap_err().contains(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn segments_survive(segments in prop::collection::vec(".{0,8}", 1..5)) {
            let path = segments.iter().fold(FieldPath::ROOT, |path, segment| path.child(segment));
            prop_assert_eq!(&path.segments(), &segments);
            prop_assert_eq!(FieldPath::parse(path.as_str()), Ok(path.clone()));
        }
    }
}
