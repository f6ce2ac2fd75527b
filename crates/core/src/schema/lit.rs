//! Literals of attributes: defaults, limits, choices.

/// A value written in an attribute.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lit {
    /// `None`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// A number with a fraction.
    Float(f64),
    /// A string; a leaf that is not a string parses it by the grammar of variables (`"30s"`, `"127.0.0.1"`).
    Str(&'static str),
    /// `[1, 2]`.
    List(&'static [Lit]),
    /// `[("a", 1), ("b", 2)]`.
    Map(&'static [(&'static str, Lit)]),
}
