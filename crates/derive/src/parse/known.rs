//! The names of all attributes: how each is written, and what a name that is not among them was meant to be.

use proc_macro2::Ident;

use crate::ctxt::Ctxt;
use crate::nearest::nearest;

/// Where attributes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Struct,
    Enum,
    Field,
    Variant,
    Rule,
    Choices,
    Choice,
    Deprecated,
    Profile,
    Range,
    Length,
    Url,
    Flags,
    Flag,
}

impl Place {
    pub(super) fn known(self) -> &'static [&'static str] {
        match self {
            Self::Struct => &["env_prefix", "validate", "validator", "rename_all", "allow_unknown", "crate"],
            Self::Enum => &["tag", "env_prefix", "validate", "validator", "rename_all", "allow_unknown", "crate"],
            Self::Field => &[
                "default",
                "env",
                "nested",
                "env_prefix",
                "flatten",
                "tag",
                "secret",
                "validate",
                "each",
                "custom",
                "fallback",
                "warn",
                "profile",
                "merge",
                "reload",
                "rename",
                "alias",
                "deprecated",
                "renamed_from",
                "since",
                "with",
                "unit",
                "allow_empty",
                "computed",
                "key",
                "resource",
                "cost",
                "path",
            ],
            Self::Variant => &["rename"],
            Self::Rule => &[
                "range",
                "length",
                "one_of",
                "each",
                "custom",
                "non_empty",
                "url",
                "email",
                "ip",
                "contains",
                "regex",
                "validator",
            ],
            Self::Choices => &["rename_all", "crate"],
            Self::Choice => &["rename", "alias"],
            Self::Deprecated => &["since", "note", "alias"],
            Self::Profile => &["default", "min", "max", "hard"],
            Self::Range => &["min", "max"],
            Self::Length => &["min", "max", "equal"],
            Self::Url => &["schemes"],
            Self::Flags => &["rename_all", "crate"],
            Self::Flag => &["key", "default"],
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Struct => "a config struct",
            Self::Enum => "a config enum",
            Self::Field => "a field",
            Self::Variant => "a variant",
            Self::Rule => "a list of rules",
            Self::Choices => "an enum of choices",
            Self::Choice => "a choice",
            Self::Deprecated => "`deprecated`",
            Self::Profile => "a profile",
            Self::Range => "`range`",
            Self::Length => "`length`",
            Self::Url => "`url`",
            Self::Flags => "a list of flags",
            Self::Flag => "a flag",
        }
    }
}

/// Reports a name that does not exist in this place, with what was probably meant.
pub(crate) fn unknown(ctxt: &Ctxt, name: &Ident, place: Place) {
    let text = name.to_string();
    let what = if place == Place::Rule { "rule" } else { "attribute" };
    if let Some(advice) = advice(&text, place) {
        return ctxt.error(name, format_args!("unknown {what} `{text}`: {advice}"));
    }
    if let Some(nearest) = nearest(&text, place.known().iter().copied()) {
        return ctxt.error(name, format_args!("unknown {what} `{text}`: did you mean `{nearest}`?"));
    }
    let others: &[Place] = match place {
        Place::Flags | Place::Flag => &[Place::Flags, Place::Flag],
        _ => &[Place::Struct, Place::Enum, Place::Field, Place::Rule],
    };
    let elsewhere =
        (others.iter().copied()).find(|&elsewhere| elsewhere != place && elsewhere.known().contains(&text.as_str()));
    if let Some(elsewhere) = elsewhere {
        let message =
            format!("unknown {what} `{text}`: it belongs to {}, not to {}", elsewhere.describe(), place.describe());
        return ctxt.error(name, message);
    }
    let known: Vec<_> = place.known().iter().map(|name| format!("`{name}`")).collect();
    ctxt.error(name, format_args!("unknown {what} `{text}`: {} takes {}", place.describe(), known.join(", ")));
}

/// What to write in place of names that other libraries have.
fn advice(name: &str, place: Place) -> Option<String> {
    if place == Place::Field && Place::Rule.known().contains(&name) {
        return Some(format!("rules stand in `validate`: write `validate({})`", example(name)));
    }
    let advice = match (place, name) {
        (Place::Field, "required" | "mandatory") => {
            "a field with neither `default` nor an `Option` type is required already; leave it out"
        }
        (Place::Field, "optional" | "required_if" | "skip_serializing_if") => "make the field's type an `Option`",
        (Place::Field, "skip" | "ignore") => {
            "every field is configured; write `computed` for one that the program fills in"
        }
        (Place::Field, "min" | "max") => "limits stand in a rule: write `validate(range(min = 1, max = 64))`",
        (Place::Field, "name") => "write `rename = \"key\"`",
        (Place::Field, "sensitive" | "redact" | "redacted") => "write `secret`",
        (Place::Field, "prefix") | (Place::Struct | Place::Enum, "prefix") => "write `env_prefix = \"APP\"`",
        (Place::Field, "aliases") => "write `alias = \"x\"`, once for each",
        (Place::Field, "default_value" | "default_t" | "default_fn") => "write `default = 8080`, or `default = path()`",
        (Place::Field, "parse" | "parse_env" | "deserialize_with" | "serialize_with") => "write `with = module`",
        (Place::Flag, "rename" | "name" | "flag") => "write `key = \"checkout-v2\"`",
        (Place::Flag, "value" | "code_default" | "fallback") => "write `default = false`",
        (Place::Flag, "kind" | "ty" | "type") => "the default tells the type: write `default = 0.5` for a number",
        (_, "doc" | "description" | "help" | "desc") => "describe it in a `///` comment",
        (Place::Rule, "min" | "max") => "write `range(min = 1, max = 64)`, or `length(min = 1)` for a text or a list",
        (Place::Rule, "len" | "min_length" | "max_length") => "write `length(min = 1, max = 64)`",
        (Place::Rule, "required" | "not_empty" | "nonempty") => "write `non_empty`",
        (Place::Rule, "pattern" | "matches") => "write `regex(\"^[a-z]+$\")`",
        (Place::Rule, "inner" | "items" | "dive" | "elements") => "write `each(…)`",
        (Place::Rule, "function" | "func" | "with") => "write `custom = path`",
        (Place::Range | Place::Length, "ge" | "gte" | "from") => "write `min = 1`; both limits are allowed values",
        (Place::Range | Place::Length, "le" | "lte" | "to") => "write `max = 64`; both limits are allowed values",
        _ => return None,
    };
    Some(advice.to_owned())
}

/// How an attribute of `#[flag(…)]` is written.
pub(super) fn flag_example(name: &str) -> &'static str {
    match name {
        "crate" => "crate = strata_config_flags",
        "default" => "default = false",
        "key" => "key = \"checkout-v2\"",
        name => example(name),
    }
}

/// How an attribute is written.
pub(crate) fn example(name: &str) -> &'static str {
    match name {
        "alias" => "alias = \"old_name\"",
        "allow_empty" => "allow_empty",
        "allow_unknown" => "allow_unknown",
        "computed" => "computed = path",
        "contains" => "contains(\"text\")",
        "cost" => "cost = \"48KiB\"",
        "crate" => "crate = strata_config_core",
        "custom" => "custom = path",
        "default" => "default = 8080",
        "deprecated" => "deprecated(since = \"0.3\", note = \"use `x`\")",
        "each" => "each(length(min = 1))",
        "email" => "email",
        "env" => "env = \"APP_PORT\"",
        "env_prefix" => "env_prefix = \"APP\"",
        "equal" => "equal = 8",
        "fallback" => "fallback = 8080",
        "flatten" => "flatten",
        "ip" => "ip",
        "key" => "key = \"new-dashboard\"",
        "length" => "length(min = 1, max = 64)",
        "max" => "max = 64",
        "merge" => "merge = \"append\"",
        "min" => "min = 1",
        "nested" => "nested",
        "non_empty" => "non_empty",
        "note" => "note = \"use `x`\"",
        "one_of" => "one_of(\"a\", \"b\")",
        "path" => "path",
        "profile" => "profile(pi_zero_2w(default = 4, max = 20))",
        "range" => "range(min = 1, max = 64)",
        "regex" => "regex(\"^[a-z]+$\")",
        "reload" => "reload = \"restart\"",
        "rename" => "rename = \"key\"",
        "rename_all" => "rename_all = \"kebab-case\"",
        "renamed_from" => "renamed_from = \"old_name\"",
        "resource" => "resource = \"connections\"",
        "schemes" => "schemes(\"http\", \"https\")",
        "secret" => "secret",
        "since" => "since = \"0.3\"",
        "tag" => "tag = \"type\"",
        "unit" => "unit = \"s\"",
        "url" => "url",
        "validate" => "validate(range(min = 1, max = 64))",
        "validator" => "validator",
        "warn" => "warn(range(max = 16), \"above 16 it swaps\")",
        "with" => "with = module",
        _ => "#[config(…)]",
    }
}
