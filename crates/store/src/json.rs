//! A JSON text that is known to parse, kept as it was written.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON text that is known to parse. Numbers, escapes and the order of keys stay as they were written; only white
/// space between tokens is dropped, so that a text is one line. Two are equal where their texts are.
///
/// It serialises as JSON inside JSON, with `serde_json` alone.
#[derive(Clone)]
pub struct Json(Arc<RawValue>);

impl Json {
    /// Takes a text.
    ///
    /// # Errors
    ///
    /// Where it is no JSON.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidJson> {
        RawValue::from_string(text.into()).map(Self::from_raw).map_err(InvalidJson)
    }

    /// Writes a value.
    ///
    /// # Errors
    ///
    /// Where the value's `Serialize` fails, or a map's key is no string.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, InvalidJson> {
        serde_json::value::to_raw_value(value).map(Self::from_raw).map_err(InvalidJson)
    }

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// Where the text is of another shape.
    pub fn to<'de, T: Deserialize<'de>>(&'de self) -> Result<T, InvalidJson> {
        serde_json::from_str(self.as_str()).map_err(InvalidJson)
    }

    /// The object without keys, `{}`.
    #[must_use]
    pub fn empty() -> Self {
        Self::parse("{}").expect("an object")
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    fn from_raw(raw: Box<RawValue>) -> Self {
        match compact(raw.get()) {
            None => Self(raw.into()),
            Some(text) => Self(RawValue::from_string(text).expect("the same tokens").into()),
        }
    }
}

/// A JSON text without the white space between its tokens; `None` where there is none.
fn compact(text: &str) -> Option<String> {
    let mut in_string = false;
    let mut escaped = false;
    let mut between = |byte: char| {
        if in_string {
            in_string = escaped || byte != '"';
            escaped = !escaped && byte == '\\';
            return false;
        }
        in_string = byte == '"';
        matches!(byte, ' ' | '\n' | '\r' | '\t')
    };
    let first = text.find(&mut between)?;
    let mut kept = String::with_capacity(text.len());
    kept.push_str(&text[..first]);
    kept.extend(text[first + 1..].chars().filter(|&byte| !between(byte)));
    Some(kept)
}

impl Default for Json {
    fn default() -> Self {
        Self::empty()
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Json {}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self::from_raw)
    }
}

/// A text that is no JSON, or a value that can't be written as such.
#[derive(Debug)]
pub struct InvalidJson(serde_json::Error);

impl fmt::Display for InvalidJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not JSON: {}", self.0)
    }
}

impl std::error::Error for InvalidJson {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_order_stay_as_written() {
        for text in [r#"{"b":1.0,"a":18446744073709551617,"c":1e400,"a":-0}"#, r#"["é \" \\"," \u00e9\n"]"#, "null"] {
            assert_eq!(Json::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn white_space_goes_only_between_tokens() {
        let json = Json::parse("\n{ \"a b\" :\t[ 1 , \"\\\" x\" ]\r\n}").unwrap();
        assert_eq!(json.as_str(), r#"{"a b":[1,"\" x"]}"#);
    }

    #[test]
    fn a_text_that_is_no_json_is_refused() {
        for text in ["", "{", "{} {}", "{'a':1}", "01"] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn inside_json_it_is_json() {
        let json: Json = serde_json::from_str(r#"{ "a": 1e400 }"#).unwrap();
        assert_eq!(serde_json::to_string(&vec![json]).unwrap(), r#"[{"a":1e400}]"#);
    }
}
