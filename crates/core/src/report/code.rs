//! The stable codes of findings; `docs/errors.md` has a paragraph for each.

/// Declares the codes and the list of them.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*

        /// Every code.
        pub const ALL: &[&str] = &[$($text),*];
    };
}

codes! {
    /// A document does not follow its format's grammar.
    SYNTAX = "document.syntax";
    /// A document is not UTF-8, or holds NUL bytes.
    ENCODING = "document.encoding";
    /// A document is larger than any configuration should be.
    TOO_LARGE = "document.too_large";
    /// A document is nested too deeply.
    TOO_DEEP = "document.too_deep";
    /// A key stands twice in one table.
    DUPLICATE_KEY = "document.duplicate_key";
    /// A file's format is unknown, or its feature is off.
    FORMAT = "document.format";
    /// A document of an older version was brought up to date in memory.
    OUTDATED = "document.outdated";
    /// A document was written for a newer version of the program.
    NEWER = "document.newer";
    /// A document of an older version can't be brought up to date.
    MIGRATION = "document.migration";
    /// A required file does not exist.
    FILE_MISSING = "file.missing";
    /// A file cannot be read.
    FILE_UNREADABLE = "file.unreadable";
    /// A file includes itself, or includes go too deep.
    FILE_INCLUDE = "file.include";
    /// A key that no setting has.
    UNKNOWN_KEY = "key.unknown";
    /// A setting is written twice under two of its names.
    DUPLICATE_NAME = "key.duplicate_name";
    /// A setting, or one of its names, is deprecated.
    DEPRECATED = "key.deprecated";
    /// A key of a variant that is not the chosen one.
    UNUSED_KEY = "key.unused";
    /// A value has another type than its setting.
    TYPE = "value.type";
    /// A number is beyond what its type holds.
    OVERFLOW = "value.overflow";
    /// A name is none of an enum's choices.
    CHOICE = "value.choice";
    /// A null where a value is required.
    NULL = "value.null";
    /// A value that its type refuses.
    INVALID = "value.invalid";
    /// A value that its type accepts, though something about it is questionable.
    QUESTIONABLE = "value.questionable";
    /// A required setting that no source sets.
    MISSING = "value.missing";
    /// An invalid value was replaced by its fallback (lenient mode).
    FALLBACK = "value.fallback";
    /// A value for a setting that the program computes.
    COMPUTED = "value.computed";
    /// A number, duration or size beyond its limits.
    RANGE = "rule.range";
    /// A text or list that is too short or too long.
    LENGTH = "rule.length";
    /// A value that is none of those allowed.
    ONE_OF = "rule.one_of";
    /// A text that is no URL, or has a scheme that is not allowed.
    URL = "rule.url";
    /// A text that is no e-mail address.
    EMAIL = "rule.email";
    /// A text that is no IP address.
    IP = "rule.ip";
    /// A text without a required part.
    CONTAINS = "rule.contains";
    /// A text that does not match its pattern.
    REGEX = "rule.regex";
    /// A value that a function of the program's refuses.
    CUSTOM = "rule.custom";
    /// A value that the rules of the crate `validator` refuse.
    VALIDATE = "rule.validate";
    /// Settings that contradict each other.
    CROSS_FIELD = "rule.cross_field";
    /// A rule that the program added at run time.
    ADDED = "rule.added";
    /// A value beyond what the board's profile carries.
    PROFILE = "rule.profile";
    /// The configuration needs more memory than the board's profile has.
    BUDGET = "profile.budget";
    /// A variable under the prefix that no setting has.
    UNKNOWN_VARIABLE = "env.unknown";
    /// A variable that is not Unicode.
    VARIABLE_ENCODING = "env.encoding";
    /// A variable in a `.env` text that is not set and has no default.
    EXPANSION = "env.expansion";
    /// A file that a `*_FILE` variable names cannot be read.
    VARIABLE_FILE = "env.file";
    /// A variable and its `*_FILE` are both set.
    VARIABLE_TWICE = "env.both";
    /// A variable that chooses a mode or an environment says something unknown.
    VARIABLE_CHOICE = "env.choice";
    /// An argument that is no option.
    UNKNOWN_ARGUMENT = "args.unknown";
    /// An option without its value.
    ARGUMENT_VALUE = "args.value";
    /// A profile that nobody knows.
    UNKNOWN_PROFILE = "profile.unknown";
    /// A secret that would be written to a store without a key to seal it.
    SECRET_NO_KEY = "secret.no_key";
    /// A reference to a secret that the program can't read, for want of a key or a source.
    SECRET_NO_RESOLVER = "secret.no_resolver";
    /// A reference to a secret that is not written as it must be, or stands where everybody would see the secret.
    SECRET_REFERENCE = "secret.reference";
    /// A reference to a secret that its source does not have.
    SECRET_MISSING = "secret.missing";
    /// A secret that was found and can't be read: another key, an altered text.
    SECRET_UNREADABLE = "secret.unreadable";
    /// A secret's source that can't be reached, or refuses.
    SECRET_UNAVAILABLE = "secret.unavailable";
}

/// The code for a rule's name.
#[must_use]
pub fn of_rule(name: &str) -> &'static str {
    match name {
        "url" => URL,
        "email" => EMAIL,
        "ip" => IP,
        "contains" => CONTAINS,
        "regex" => REGEX,
        _ => CUSTOM,
    }
}
