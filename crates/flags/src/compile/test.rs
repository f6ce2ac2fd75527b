//! Comparisons of an attribute, ready for evaluation.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::place::{Place, Seen};
use super::{Scope, Table};
use crate::context::{Attribute, Context};
use crate::model::{Moment, Operator, Test};
use crate::operator::network::Network;
use crate::operator::semver::{Reading, Version};
use crate::operator::{glob, moment, number};

/// A comparison of one attribute.
#[derive(Debug)]
pub(crate) struct Comparison {
    place: Place,
    check: Check,
    negate: bool,
}

/// What an attribute is compared with.
#[derive(Debug)]
enum Check {
    In {
        texts: Table<()>,
        numbers: Box<[f64]>,
        booleans: Box<[bool]>,
    },
    Is {
        texts: Table<()>,
        numbers: Box<[f64]>,
        booleans: Box<[bool]>,
    },
    Texts(TextCheck, Box<[Box<str>]>, bool),
    #[cfg(feature = "regex")]
    Matches(Box<[regex::Regex]>),
    Number(Wanted, Box<[f64]>),
    Version(Wanted, Box<[Version]>),
    Moment(Wanted, Box<[i64]>),
    Network(Box<[Network]>),
    Exists,
}

/// How a text is compared.
#[derive(Debug, Clone, Copy)]
enum TextCheck {
    Equals,
    Contains,
    StartsWith,
    EndsWith,
    Like,
}

/// Which orders are wanted.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Wanted {
    fn accepts(self, found: Ordering) -> bool {
        match self {
            Self::Less => found.is_lt(),
            Self::AtMost => found.is_le(),
            Self::Equal => found.is_eq(),
            Self::AtLeast => found.is_ge(),
            Self::More => found.is_gt(),
        }
    }
}

impl Comparison {
    pub(crate) fn new(place: Place, test: &Test, scope: &mut Scope<'_>) -> Self {
        let takes_none = test.op == Operator::Exists;
        scope.within("values", |scope| match (takes_none, test.values.is_empty()) {
            (true, false) => scope.problems.push("`exists` takes no values"),
            (false, true) => scope.problems.push("a comparison needs something to compare with: `values = […]`"),
            _ => {}
        });
        Self { place, check: Check::new(test, scope), negate: test.negate }
    }

    pub(crate) fn holds(&self, context: &Context<'_>, now: Moment) -> bool {
        self.place.find(context, now).is_some_and(|seen| self.check.accepts(seen)) != self.negate
    }
}

/// Reads every value of a test, and tells those that can't be read.
fn each<T>(test: &Test, scope: &mut Scope<'_>, wanted: &str, read: impl Fn(&Json) -> Option<T>) -> Box<[T]> {
    scope.within("values", |scope| {
        let one = |(index, value): (usize, &Json)| {
            let found = read(value);
            if found.is_none() {
                scope.within(index, |scope| scope.problems.push(format!("`{value}` is no {wanted}")));
            }
            found
        };
        test.values.iter().enumerate().filter_map(one).collect()
    })
}

fn number_of(value: &Json) -> Option<f64> {
    value.as_f64().or_else(|| number::parse(value.as_str()?))
}

/// A regular expression, where the text is one. Of what people may write into a running program, none takes more memory
/// than this.
#[cfg(feature = "regex")]
pub(crate) fn expression(text: &str, ignore_case: bool) -> Option<regex::Regex> {
    regex::RegexBuilder::new(text).case_insensitive(ignore_case).size_limit(1 << 20).build().ok()
}

fn moment_of(value: &Json) -> Option<i64> {
    match value {
        Json::String(text) => moment::parse(text),
        Json::Number(number) => moment::from_milliseconds(number.as_f64()?),
        _ => None,
    }
}

impl Check {
    fn new(test: &Test, scope: &mut Scope<'_>) -> Self {
        let texts = |check, scope: &mut Scope<'_>| {
            let text = |value: &Json| match value {
                Json::String(text) => Some(text.as_str().into()),
                // A list may have them as items.
                Json::Number(_) | Json::Bool(_) => Some(value.to_string().into()),
                _ => None,
            };
            Self::Texts(check, each(test, scope, "text", text), test.ignore_case)
        };
        let numbers = |wanted, scope: &mut Scope<'_>| Self::Number(wanted, each(test, scope, "number", number_of));
        let moments = |wanted, scope: &mut Scope<'_>| {
            Self::Moment(wanted, each(test, scope, "moment such as 2026-11-21T08:00:00Z", moment_of))
        };
        let versions = |wanted, scope: &mut Scope<'_>| {
            let version = |value: &Json| Version::parse(value.as_str()?, Reading::Strict);
            Self::Version(wanted, each(test, scope, "version such as 1.2.3", version))
        };
        match test.op {
            Operator::In if test.ignore_case => texts(TextCheck::Equals, scope),
            Operator::In => {
                let (texts, numbers, booleans) = Self::any_of(test, scope);
                Self::In { texts, numbers, booleans }
            }
            Operator::Is => {
                if test.ignore_case {
                    scope.within("ignore_case", |scope| scope.problems.push("`is` heeds case; use `in`"));
                }
                let (texts, numbers, booleans) = Self::any_of(test, scope);
                Self::Is { texts, numbers, booleans }
            }
            Operator::Contains => texts(TextCheck::Contains, scope),
            Operator::StartsWith => texts(TextCheck::StartsWith, scope),
            Operator::EndsWith => texts(TextCheck::EndsWith, scope),
            Operator::Like => {
                if test.ignore_case {
                    scope.within("ignore_case", |scope| scope.problems.push("`like` heeds case; use `matches`"));
                }
                texts(TextCheck::Like, scope)
            }
            Operator::Matches => Self::matches(test, scope),
            Operator::NumberEquals => numbers(Wanted::Equal, scope),
            Operator::LessThan => numbers(Wanted::Less, scope),
            Operator::AtMost => numbers(Wanted::AtMost, scope),
            Operator::MoreThan => numbers(Wanted::More, scope),
            Operator::AtLeast => numbers(Wanted::AtLeast, scope),
            Operator::SemverEquals => versions(Wanted::Equal, scope),
            Operator::SemverLess => versions(Wanted::Less, scope),
            Operator::SemverAtMost => versions(Wanted::AtMost, scope),
            Operator::SemverMore => versions(Wanted::More, scope),
            Operator::SemverAtLeast => versions(Wanted::AtLeast, scope),
            Operator::Before => moments(Wanted::Less, scope),
            Operator::After => moments(Wanted::AtLeast, scope),
            Operator::InNetwork => {
                let network = |value: &Json| Network::parse(value.as_str()?);
                Self::Network(each(test, scope, "network such as 10.0.0.0/8", network))
            }
            Operator::Exists => Self::Exists,
        }
    }

    fn any_of(test: &Test, scope: &mut Scope<'_>) -> (Table<()>, Box<[f64]>, Box<[bool]>) {
        let (mut texts, mut numbers, mut booleans) = (Table::default(), Vec::new(), Vec::new());
        each(test, scope, "text, number or boolean", |value| {
            matches!(value, Json::String(_) | Json::Number(_) | Json::Bool(_)).then_some(())
        });
        for value in &test.values {
            match value {
                Json::String(text) => {
                    texts.insert(text.as_str().into(), ());
                }
                Json::Number(number) => numbers.extend(number.as_f64()),
                Json::Bool(value) => booleans.push(*value),
                _ => {}
            }
        }
        (texts, numbers.into(), booleans.into())
    }

    #[cfg(feature = "regex")]
    fn matches(test: &Test, scope: &mut Scope<'_>) -> Self {
        let expression = |value: &Json| expression(value.as_str()?, test.ignore_case);
        Self::Matches(each(test, scope, "regular expression", expression))
    }

    #[cfg(not(feature = "regex"))]
    fn matches(_: &Test, scope: &mut Scope<'_>) -> Self {
        scope.within("op", |scope| scope.problems.push("`matches` needs the feature `regex`"));
        Self::Exists
    }

    fn accepts(&self, seen: Seen<'_>) -> bool {
        match seen {
            Seen::Text(text) => self.accepts_text(text),
            Seen::Moment(moment) => self.accepts_moment(moment.millis()),
            Seen::Attribute(attribute) => self.accepts_attribute(attribute),
        }
    }

    fn accepts_attribute(&self, attribute: &Attribute<'_>) -> bool {
        match attribute {
            Attribute::Null => false,
            Attribute::Text(text) => self.accepts_text(text),
            Attribute::Bool(value) => match self {
                Self::In { booleans, texts, .. } => {
                    booleans.contains(value) || texts.contains_key(if *value { "true" } else { "false" })
                }
                Self::Is { booleans, .. } => booleans.contains(value),
                Self::Exists => true,
                _ => false,
            },
            Attribute::Int(value) => self.accepts_number(*value as f64),
            Attribute::Float(value) => self.accepts_number(*value),
            Attribute::List(items) => match self {
                Self::Exists => true,
                Self::Is { .. } => false,
                // Having an item is equality with it, not containing a part of its text.
                Self::Texts(TextCheck::Contains, wanted, ignore_case) => items.iter().any(|item| match item {
                    Attribute::Text(text) => {
                        wanted.iter().any(|wanted| TextCheck::Equals.accepts(text, wanted, *ignore_case))
                    }
                    Attribute::Int(value) => wanted.iter().any(|wanted| number::parse(wanted) == Some(*value as f64)),
                    Attribute::Float(value) => wanted.iter().any(|wanted| number::parse(wanted) == Some(*value)),
                    Attribute::Bool(value) => {
                        wanted.iter().any(|wanted| &**wanted == if *value { "true" } else { "false" })
                    }
                    _ => false,
                }),
                _ => items.iter().any(|item| !matches!(item, Attribute::List(_)) && self.accepts_attribute(item)),
            },
            Attribute::Map(_) => matches!(self, Self::Exists),
        }
    }

    fn accepts_text(&self, text: &str) -> bool {
        match self {
            Self::In { texts, numbers, booleans } => {
                texts.contains_key(text)
                    || (!numbers.is_empty() && number::parse(text).is_some_and(|number| numbers.contains(&number)))
                    || booleans.iter().any(|value| text == if *value { "true" } else { "false" })
            }
            Self::Is { texts, .. } => texts.contains_key(text),
            Self::Texts(check, wanted, ignore_case) => {
                wanted.iter().any(|wanted| check.accepts(text, wanted, *ignore_case))
            }
            #[cfg(feature = "regex")]
            Self::Matches(expressions) => expressions.iter().any(|expression| expression.is_match(text)),
            Self::Number(..) => number::parse(text).is_some_and(|number| self.accepts_number(number)),
            Self::Version(wanted, versions) => {
                versions.iter().any(|version| version.compare(text).is_some_and(|order| wanted.accepts(order)))
            }
            Self::Moment(..) => moment::parse(text).is_some_and(|moment| self.accepts_moment(moment)),
            Self::Network(networks) => networks.iter().any(|network| network.contains(text) == Some(true)),
            Self::Exists => true,
        }
    }

    fn accepts_number(&self, value: f64) -> bool {
        match self {
            Self::In { numbers, texts, .. } => {
                numbers.contains(&value) || texts.keys().any(|text| number::parse(text) == Some(value))
            }
            Self::Is { numbers, .. } => numbers.contains(&value),
            Self::Number(wanted, numbers) => {
                numbers.iter().any(|number| value.partial_cmp(number).is_some_and(|order| wanted.accepts(order)))
            }
            Self::Moment(..) => moment::from_milliseconds(value).is_some_and(|moment| self.accepts_moment(moment)),
            Self::Exists => true,
            _ => false,
        }
    }

    fn accepts_moment(&self, moment: i64) -> bool {
        match self {
            Self::Moment(wanted, moments) => moments.iter().any(|other| wanted.accepts(moment.cmp(other))),
            Self::Exists => true,
            _ => false,
        }
    }
}

impl TextCheck {
    fn accepts(self, text: &str, wanted: &str, ignore_case: bool) -> bool {
        if ignore_case {
            return self.accepts_folded(text, wanted);
        }
        match self {
            Self::Equals => text == wanted,
            Self::Contains => text.contains(wanted),
            Self::StartsWith => text.starts_with(wanted),
            Self::EndsWith => text.ends_with(wanted),
            Self::Like => glob::matches(wanted, text),
        }
    }

    /// As above, letter by letter in lower case, since a text in lower case would have to be allocated.
    fn accepts_folded(self, text: &str, wanted: &str) -> bool {
        match self {
            Self::Equals => folded(text).eq(folded(wanted)),
            Self::StartsWith => begins(folded(text), folded(wanted)),
            Self::EndsWith => begins(folded(text).rev(), folded(wanted).rev()),
            Self::Contains => {
                wanted.is_empty() || text.char_indices().any(|(at, _)| begins(folded(&text[at..]), folded(wanted)))
            }
            Self::Like => glob::matches(wanted, text),
        }
    }
}

fn folded(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

fn begins(mut text: impl Iterator<Item = char>, mut wanted: impl Iterator<Item = char>) -> bool {
    wanted.all(|letter| text.next() == Some(letter))
}
