//! A profile applied to a load: what it says of one field, from the profile's own word down to the field's class.

use std::sync::Arc;

use crate::build::{Builder, Reading};
use crate::gather::Gathered;
use crate::layered::Section;
use crate::leaf::{LeafKind, Shape};
use crate::path::FieldPath;
use crate::profile::{Bound, Limits, Profile, budget};
use crate::raw::Raw;
use crate::report::{Finding, Severity, code};
use crate::rules::{Check, Rule};
use crate::schema::{self, Field, FieldKind, Lit, PerProfile, Schema};
use crate::text;

/// The class whose limits are in megabytes, whatever the unit of a setting is.
const MEMORY: &str = "memory_mb";

/// The path of a field, which few profiles ask for.
pub(crate) type PathOf<'a> = &'a dyn Fn() -> FieldPath;

/// The profile of a load, with what it does: a program that applies none has none of this.
#[derive(Debug, Clone)]
pub(crate) struct Applied {
    pub(crate) profile: Arc<Profile>,
    pub(crate) does: &'static Does,
}

/// What a profile does in a load.
#[derive(Debug)]
pub(crate) struct Does {
    /// Its default for a field.
    pub(crate) default: fn(&Profile, &'static Field, PathOf<'_>) -> Option<Lit>,
    /// Judges a value by its limits; in lenient mode, the literal that takes the value's place.
    pub(crate) cap: fn(&mut Builder<'_>, &Reading<'_>, &Profile) -> Option<Lit>,
    /// Judges the memory of a whole configuration.
    pub(crate) budget: fn(&mut Gathered, &dyn Section, &Profile),
    /// Finds that nobody knows the profile.
    pub(crate) unknown: fn(&'static Schema, &Profile) -> Option<Finding>,
}

const DOES: Does = Does { default: default_of, cap: crate::build::cap, budget: budget::judge, unknown };

/// A limit of a field, and who set it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limit {
    pub(crate) lit: Lit,
    pub(crate) hard: bool,
    /// The class, where it is one's.
    pub(crate) class: Option<&'static str>,
}

impl Applied {
    pub(crate) fn new(profile: Profile) -> Self {
        Self { profile: Arc::new(profile), does: &DOES }
    }

    /// Whether the profile may have a word on the field.
    pub(crate) fn concerns(&self, field: &Field) -> bool {
        let rare = field.meta.rare();
        !rare.profiles.is_empty() || !rare.resource.is_empty() || !self.profile.settings.is_empty()
    }

    pub(crate) fn default(&self, field: &'static Field, path: PathOf<'_>) -> Option<Lit> {
        (self.does.default)(&self.profile, field, path)
    }
}

impl Profile {
    /// The least and the most of a field's values, each from the first that says so.
    pub(crate) fn limits(&self, field: &'static Field, path: PathOf<'_>) -> (Option<Limit>, Option<Limit>) {
        (
            self.limit(field, path, |said| said.min, |said| said.min),
            self.limit(field, path, |said| said.max, |said| said.max),
        )
    }

    fn limit(
        &self,
        field: &'static Field,
        path: PathOf<'_>,
        bound: fn(&Limits) -> Option<Bound>,
        written: fn(&PerProfile) -> Option<Lit>,
    ) -> Option<Limit> {
        let own = self.own(path).and_then(|limits| Some((bound(limits)?, limits.hard)));
        if let Some((bound, hard)) = own {
            return Some(Limit { lit: bound.into(), hard, class: None });
        }
        if let Some((lit, hard)) = self.attributes(field).find_map(|said| Some((written(said)?, said.hard))) {
            return Some(Limit { lit, hard, class: None });
        }
        let (class, limits) = self.class(field)?;
        Some(Limit { lit: in_unit(field, class, bound(limits)?), hard: limits.hard, class: Some(class) })
    }

    /// What the profile itself says of a setting.
    fn own(&self, path: PathOf<'_>) -> Option<&Limits> {
        if self.settings.is_empty() {
            return None;
        }
        let path = path();
        self.settings.iter().find(|(known, _)| known == path.as_str()).map(|(_, limits)| limits)
    }

    /// What attributes say of the profile, then of its bases.
    pub(super) fn attributes<'a>(&'a self, field: &'static Field) -> impl Iterator<Item = &'static PerProfile> + 'a {
        let said = field.meta.rare().profiles;
        self.names().filter_map(move |name| said.iter().find(|said| said.name == name))
    }

    /// What the profile says of the field's class.
    fn class(&self, field: &'static Field) -> Option<(&'static str, &Limits)> {
        let class = field.meta.rare().resource;
        self.resources.iter().find(|(known, _)| known == class).map(|(_, limits)| (class, limits))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.bases.iter().map(String::as_str))
    }
}

pub(super) fn default_of(profile: &Profile, field: &'static Field, path: PathOf<'_>) -> Option<Lit> {
    if let Some(own) = profile.own(path).and_then(|limits| limits.default) {
        return Some(own.into());
    }
    if let Some(written) = profile.attributes(field).find_map(|said| said.default) {
        return Some(written);
    }
    let (class, limits) = profile.class(field)?;
    // What the class carries at most is reason enough to lower a default, too; the field's own word is not overruled.
    let most = profile.limit(field, path, |said| said.max, |said| said.max).map(|limit| limit.lit);
    let lower = limits.default.map(|bound| in_unit(field, class, bound)).into_iter().chain(most);
    let schema::Default::Lit(mut lit) = field.meta.default else { return None };
    let mut lowered = false;
    for candidate in lower {
        if breaks(field, &lit, &Rule::Range { min: None, max: Some(candidate) }) {
            (lit, lowered) = (candidate, true);
        }
    }
    let keeps_rules = || !field.meta.rules.iter().any(|rule| breaks(field, &lit, rule));
    (lowered && keeps_rules()).then_some(lit)
}

/// Whether a literal breaks a rule as a value of the field.
pub(crate) fn breaks(field: &'static Field, lit: &Lit, rule: &Rule) -> bool {
    Check::new(field, &field.context(), None).first(rule, Raw::Lit(lit)).is_some()
}

/// A bound of a class in the field's unit: megabytes become what the field counts in.
fn in_unit(field: &'static Field, class: &str, bound: Bound) -> Lit {
    let unit = field.meta.rare().unit;
    let is_size = matches!(shape(field).kind, LeafKind::Size);
    let counts = match (unit, is_size) {
        ("", true) => Some(1),
        ("", false) => None,
        (unit, _) => text::parse_size("1", unit),
    };
    let (MEMORY, Some(bytes), Some(megabyte)) = (class, counts, text::parse_size("1", "MB")) else {
        return bound.into();
    };
    let units = match bound {
        Bound::Int(number) => number as f64,
        Bound::Float(number) => number,
    } * (megabyte as f64 / bytes.max(1) as f64);
    if matches!(shape(field).kind, LeafKind::Number) { Lit::Float(units) } else { Lit::Int(units as i128) }
}

fn shape(field: &'static Field) -> Shape {
    match field.kind {
        FieldKind::Leaf(leaf) => leaf.shape(),
        _ => Shape::default(),
    }
}

/// A profile that neither attributes nor data speak of is most likely a typo, and would leave every limit off.
fn unknown(schema: &'static Schema, profile: &Profile) -> Option<Finding> {
    let has_data = profile.memory.is_some() || profile.defaults.is_some();
    if has_data || !profile.resources.is_empty() || !profile.settings.is_empty() {
        return None;
    }
    let mut known = Vec::new();
    named(schema, &mut known);
    if profile.names().any(|name| known.contains(&name)) {
        return None;
    }
    let name = &profile.name;
    let mut finding = Finding::new(
        Severity::Error,
        code::UNKNOWN_PROFILE,
        FieldPath::ROOT,
        format!("nothing is known of the profile `{name}`"),
    );
    let near = text::nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`? "));
    finding.help = Some(match known.is_empty() {
        true => "no setting names a profile, and the program gave no data of one".to_owned(),
        false => format!("{}known profiles: {}", near.unwrap_or_default(), known.join(", ")),
    });
    Some(finding)
}

fn named(schema: &'static Schema, names: &mut Vec<&'static str>) {
    let variants = schema.variants.iter().flat_map(|variant| variant.fields);
    for field in schema.fields.iter().chain(variants) {
        for said in field.meta.rare().profiles {
            if !names.contains(&said.name) {
                names.push(said.name);
            }
        }
        match field.kind {
            FieldKind::Leaf(_) => {}
            FieldKind::Nested(below) | FieldKind::Optional(below) | FieldKind::List(below) | FieldKind::Map(below) => {
                named(below, names)
            }
        }
    }
}
