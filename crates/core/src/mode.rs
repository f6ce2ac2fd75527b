//! How strictly a configuration is judged.

/// How strictly a configuration is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Warnings are errors.
    Strict,
    /// Errors refuse, warnings are told.
    #[default]
    Normal,
    /// An invalid value is replaced by its field's fallback, with a warning.
    Lenient,
}

impl Mode {
    /// `strict`, `normal` or `lenient`; a true boolean is strict, a false one normal.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "strict" => Some(Self::Strict),
            "normal" => Some(Self::Normal),
            "lenient" => Some(Self::Lenient),
            other => crate::text::parse_bool(other).map(|strict| if strict { Self::Strict } else { Self::Normal }),
        }
    }
}
