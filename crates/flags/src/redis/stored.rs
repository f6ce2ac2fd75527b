//! What stands in Redis under a flag's key, and the flag that it means.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value as Json;

use crate::model::{Definition, Flag, Serve, Share, Status, Target};

/// The short form of a flag in Redis: `{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 25}`.
///
/// Who is on the list has the flag; so has the share of all others. A share of 0 is nobody. Without a share, it is for
/// everybody, or where there is a list, for those on it alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoredFlag {
    /// Whether it is on for anybody; not where nothing is said.
    pub enabled: bool,
    /// The targeting keys of those who have it.
    #[serde(deserialize_with = "list_or_null")]
    pub user_whitelist: Vec<String>,
    /// The share of the others who have it, in percent.
    #[serde(serialize_with = "write_percent", deserialize_with = "read_percent")]
    pub percentage_rollout: Option<Share>,
}

/// The keys of the short form; a definition in full has none of them.
const SHORT: [&str; 3] = ["enabled", "user_whitelist", "percentage_rollout"];

impl StoredFlag {
    /// The flag that it means. Its split is salted with the flag's key, so that each flag has users of its own.
    #[must_use]
    pub fn flag(&self) -> Flag {
        let serve = |variant: &str| Serve::Variant(variant.to_owned());
        let fallthrough = match self.percentage_rollout {
            None if self.user_whitelist.is_empty() => serve("on"),
            // It need not know who asks.
            Some(Share::EVERYBODY) => serve("on"),
            None => serve("off"),
            Some(share) => Serve::share(share),
        };
        let mut definition = Definition::boolean(fallthrough);
        if !self.enabled {
            definition.status = Status::Disabled;
        }
        if !self.user_whitelist.is_empty() {
            definition.targets.push(Target { unit: self.user_whitelist.clone(), variant: "on".to_owned() });
        }
        definition.into()
    }

    /// The short form of a flag; `None` where it says more than that has words for.
    #[must_use]
    pub fn of(flag: &Flag) -> Option<Self> {
        let definition = flag.definition();
        let user_whitelist: Vec<String> = definition.targets.iter().flat_map(|target| target.unit.clone()).collect();
        let (is_on, percentage_rollout) = match &definition.fallthrough {
            Some(Serve::Variant(variant)) => match (variant == "on", user_whitelist.is_empty()) {
                (true, true) => (true, None),
                (true, false) => (true, Some(Share::EVERYBODY)),
                (false, is_empty) => (!is_empty, None),
            },
            Some(Serve::Split(split)) => (true, Some(split.coverage)),
            _ => return None,
        };
        let enabled = is_on && definition.status.is_enabled();
        let short = Self { enabled, user_whitelist, percentage_rollout };
        // Nothing else was said where the short form means the same.
        let means = short.flag();
        let is_same = match enabled {
            true => *means.definition() == *definition,
            false => {
                Definition { status: definition.status, ..means.definition().into_owned() } == *definition
                    || Definition::boolean(Serve::Variant("off".to_owned())) == *definition
            }
        };
        is_same.then_some(short)
    }
}

/// Reads what stands under a flag's key: the short form, or all that a flag may be.
///
/// # Errors
/// What is wrong, for people.
pub(super) fn read(value: &[u8]) -> Result<Flag, String> {
    let text = std::str::from_utf8(value).map_err(|_| "it is no JSON: it is no text at all".to_owned())?;
    let json: Json = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let is_short = json.as_object().is_some_and(|object| SHORT.iter().any(|key| object.contains_key(*key)));
    // From the text again, since only it says where a mistake is.
    let flag = match is_short {
        true => serde_json::from_str(text).map(|stored: StoredFlag| stored.flag()),
        false => serde_json::from_str(text),
    };
    flag.map_err(|error| error.to_string())
}

/// Whether a flag by itself can be used; what it says of others is not looked at.
pub(super) fn check(name: &str, flag: &Flag) -> Result<(), String> {
    if name.is_empty() {
        return Err("it has no name".to_owned());
    }
    let problems = crate::compile::flag(name, &Arc::new(flag.clone()), None, None).1;
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    if told.is_empty() { Ok(()) } else { Err(told.join("; ")) }
}

fn list_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn read_percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Share>, D::Error> {
    let Some(percent) = Option::<f64>::deserialize(deserializer)? else { return Ok(None) };
    let share = Share::from_percent(percent);
    share
        .map(Some)
        .ok_or_else(|| de::Error::custom(format!("`percentage_rollout` is {percent}, not between 0 and 100")))
}

fn write_percent<S: Serializer>(share: &Option<Share>, serializer: S) -> Result<S::Ok, S::Error> {
    match share {
        None => serializer.serialize_none(),
        Some(share) if share.steps() % 1_000 == 0 => serializer.serialize_u32(share.steps() / 1_000),
        Some(share) => serializer.serialize_f64(share.percent()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Context;
    use crate::set::{FlagSet, Sources};

    /// How many of a thousand users a value turns on, besides those of the list.
    fn share(value: &str) -> usize {
        let set = set(value);
        (0..1_000).filter(|unit| set.is_on("f", &Context::of(unit.to_string()), false)).count()
    }

    fn set(value: &str) -> FlagSet {
        let flag = read(value.as_bytes()).unwrap_or_else(|error| panic!("{value}: {error}"));
        let flags = [("f".to_owned(), Arc::new(flag))].into();
        FlagSet::compile(Sources { flags, ..Sources::default() }, None).unwrap()
    }

    fn is_on(value: &str, user: &str) -> bool {
        set(value).is_on("f", &Context::of(user), false)
    }

    #[test]
    fn enabled_alone_is_everybody_and_not_enabled_is_nobody() {
        for value in [r#"{"enabled": true}"#, r#"{"enabled": true, "user_whitelist": [], "percentage_rollout": null}"#]
        {
            assert_eq!(share(value), 1_000, "{value}");
            assert!(set(value).is_on("f", &Context::anonymous(), false), "{value}");
        }
        for value in [
            r#"{"enabled": false, "user_whitelist": ["ann"], "percentage_rollout": 100}"#,
            r#"{"percentage_rollout": 100}"#,
            r#"{"user_whitelist": ["ann"]}"#,
        ] {
            assert!(!is_on(value, "ann"), "{value}");
            assert!(!set(value).is_on("f", &Context::of("ann"), true), "{value}");
            assert_eq!(share(value), 0, "{value}");
        }
    }

    #[test]
    fn an_allow_list_admits_beyond_the_share() {
        let value = r#"{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 25}"#;
        assert!(is_on(value, "ann"));
        assert!((200..300).contains(&share(value)), "{}", share(value));
    }

    #[test]
    fn an_allow_list_without_a_share_admits_nobody_else() {
        let value = r#"{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": null}"#;
        assert!(is_on(value, "ann"));
        assert_eq!(share(value), 0);
    }

    #[test]
    fn a_share_of_zero_is_nobody_and_of_a_hundred_everybody() {
        assert_eq!(share(r#"{"enabled": true, "percentage_rollout": 0}"#), 0);
        assert_eq!(share(r#"{"enabled": true, "percentage_rollout": 0.0}"#), 0);
        assert_eq!(share(r#"{"enabled": true, "percentage_rollout": 100}"#), 1_000);
        assert!(is_on(r#"{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 0}"#, "ann"));
    }

    #[test]
    fn nobody_in_particular_is_no_part_of_a_share() {
        let set = set(r#"{"enabled": true, "user_whitelist": ["ann"], "percentage_rollout": 99.999}"#);
        let answer = set.evaluate("f", &Context::anonymous()).unwrap();
        assert_eq!((answer.variant(), answer.why), (Some("off"), crate::Why::NoBucketingKey));
    }

    #[test]
    fn all_that_a_flag_may_be_is_read() {
        assert_eq!(share("true"), 1_000);
        assert!((200..300).contains(&share(r#""25%""#)));
        assert_eq!(share(r#"{"forced": "on"}"#), 1_000);
        // An empty object is a flag that says nothing, so that the program's default counts.
        assert!(set("{}").is_on("f", &Context::of("ann"), true));
    }

    #[test]
    fn what_is_no_flag_says_why() {
        for (value, message) in [
            ("{", "no JSON"),
            ("", "no JSON"),
            (r#"{"enabled": "yes"}"#, "expected a boolean"),
            (r#"{"enabled": true, "percentage": 5}"#, "unknown field `percentage`"),
            (r#"{"enabled": true, "enabled": false}"#, "duplicate field"),
            (r#"{"enabled": true, "percentage_rollout": 101}"#, "not between 0 and 100"),
            (r#"{"enabled": true, "percentage_rollout": -1}"#, "not between 0 and 100"),
            (r#"{"enabled": true, "percentage_rollout": true}"#, "invalid type"),
            (r#"{"enabled": true, "forced": "on"}"#, "unknown field `forced`"),
            (r#"{"forced": "blue"}"#, "no variant `blue`"),
            ("25", "write `25%`"),
            ("[]", "invalid type"),
        ] {
            let error = read(value.as_bytes()).unwrap_err();
            assert!(error.contains(message), "{value}: {error}");
        }
        assert!(read(&[0xff, 0xfe]).unwrap_err().contains("no text"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for percentage_rollout in
            [None, Share::from_percent(0.0), Share::from_percent(25.0), Share::from_percent(0.001)]
        {
            let stored = StoredFlag { enabled: true, user_whitelist: vec!["ann".to_owned()], percentage_rollout };
            let text = serde_json::to_string(&stored).unwrap();
            assert_eq!(serde_json::from_str::<StoredFlag>(&text).unwrap(), stored, "{text}");
        }
        let stored =
            StoredFlag { enabled: true, percentage_rollout: Share::from_percent(25.0), ..StoredFlag::default() };
        let text = serde_json::to_string(&stored).unwrap();
        assert_eq!(text, r#"{"enabled":true,"user_whitelist":[],"percentage_rollout":25}"#);
    }
}
