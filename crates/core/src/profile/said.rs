//! What a profile says of one setting, for those who show it.

use crate::path::FieldPath;
use crate::profile::{Bound, Profile};
use crate::schema::{Field, Lit};

/// What a profile says of one setting, each part from the first that says so: the profile's own word on the setting, the
/// setting's attribute, the setting's class.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The value where no source sets one, where that is another than the setting's own default.
    pub default: Option<Lit>,
    /// The least.
    pub min: Option<Lit>,
    /// The most.
    pub max: Option<Lit>,
    /// Whether a value beyond one of the limits can't work at all.
    pub hard: bool,
    /// Who says so: of the most, or else of the least, or else of the default.
    pub because: Because,
}

/// Who says something of a setting in a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The profile itself, of this setting.
    Setting,
    /// The setting's attribute.
    Attribute,
    /// The profile, of all settings of this class.
    Class(&'static str),
}

impl Profile {
    /// What the profile says of a setting, if anything.
    #[must_use]
    pub fn of_setting(&self, field: &'static Field, path: &FieldPath) -> Option<Said> {
        let path_of = || path.clone();
        let (min, max) = self.limits(field, &path_of);
        let default = super::applied::default_of(self, field, &path_of);
        let own = self.settings().find(|(known, _)| *known == path.as_str()).map(|(_, limits)| limits);
        let because = match max.as_ref().or(min.as_ref()) {
            Some(limit) => match limit.class {
                Some(class) => Because::Class(class),
                None if own.is_some_and(|own| is(own.max, max.is_some()) || is(own.min, max.is_none())) => {
                    Because::Setting
                }
                None => Because::Attribute,
            },
            None => match default {
                None => return None,
                Some(_) if own.is_some_and(|own| own.default.is_some()) => Because::Setting,
                Some(_) if self.attributes(field).any(|said| said.default.is_some()) => Because::Attribute,
                Some(_) => Because::Class(field.meta.rare().resource),
            },
        };
        let hard = min.as_ref().is_some_and(|limit| limit.hard) || max.as_ref().is_some_and(|limit| limit.hard);
        Some(Said { default, min: min.map(|limit| limit.lit), max: max.map(|limit| limit.lit), hard, because })
    }
}

/// Whether a bound that decides is said.
fn is(bound: Option<Bound>, decides: bool) -> bool {
    decides && bound.is_some()
}
