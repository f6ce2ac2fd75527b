//! The limits of a profile, by class of resource and by setting, held against the schema.

use strata_config_core::report::code;
use strata_config_core::schema::{FieldKind, Lit};
use strata_config_core::{
    Bound, FieldPath, Kind, Layer, LayerKind, LeafKind, LeafOption, NodeId, Origin, Rule, Schema, Value, options,
};

use super::read::Reader;
use super::{Own, Part};
use crate::builtin::CLASSES;

/// The keys of limits.
const KEYS: [&str; 4] = ["default", "min", "max", "hard"];

/// The settings that may have limits.
pub(super) struct Known(Vec<LeafOption>);

impl Known {
    pub(super) fn of(schema: &'static Schema) -> Self {
        Self(options(schema))
    }

    /// What a setting holds; none where there is no such setting.
    fn kind(&self, path: &FieldPath) -> Option<LeafKind> {
        let option = self.0.iter().find(|option| option.path == *path)?;
        match option.field.kind {
            FieldKind::Leaf(leaf) => Some(leaf.shape().kind),
            _ => Some(LeafKind::Struct),
        }
    }

    /// The least and the greatest number that a setting's type and its own rules take.
    fn reach(&self, path: &FieldPath) -> (Option<Bound>, Option<Bound>) {
        let Some(option) = self.0.iter().find(|option| option.path == *path) else { return (None, None) };
        let (mut least, mut most) = match self.kind(path) {
            Some(LeafKind::Integer { min, max }) => (Some(Bound::Int(min)), Some(Bound::Int(max))),
            Some(LeafKind::Number) => (None, None),
            // Rules of durations and sizes have units of their own.
            _ => return (None, None),
        };
        for rule in option.field.meta.rules {
            let Rule::Range { min, max } = rule else { continue };
            let narrower = |known: Option<Bound>, new: Bound, is_upper| {
                known.filter(|known| if is_upper { is_below(*known, new) } else { is_below(new, *known) }).or(Some(new))
            };
            least = min.and_then(number).map_or(least, |min| narrower(least, min, false));
            most = max.and_then(number).map_or(most, |max| narrower(most, max, true));
        }
        (least, most)
    }
}

fn number(bound: Lit) -> Option<Bound> {
    match bound {
        Lit::Int(number) => Some(Bound::Int(number)),
        Lit::Float(number) => Some(Bound::Float(number)),
        _ => None,
    }
}

impl Reader {
    /// `resources.CLASS = { … }`.
    pub(super) fn resources(&mut self, layer: &Layer, table: NodeId, path: &FieldPath, own: &mut Own) {
        let document = layer.document();
        for node in document.children(table) {
            let class = document.key(node);
            let path = path.child(class);
            if !CLASSES.contains(&class) {
                let message = format!("no class of resources is called `{class}`");
                self.unknown(code::UNKNOWN_KEY, (&path, layer.key_origin(node)), message, class, &CLASSES);
            } else if let Some(part) = self.part(layer, node, &path, true) {
                for (what, bound) in [("default", part.default), ("min", part.min), ("max", part.max)] {
                    if bound.is_some_and(|bound| is_below(bound, Bound::Int(0))) {
                        let message = format!("`{what}` of a class is a number of things: 0 or more");
                        self.wrong(code::RANGE, &path.child(what), layer.origin(node), message);
                    }
                }
                own.resources.push((class.to_owned(), part));
            }
        }
    }

    /// `limits."db.pool_size" = { … }`.
    pub(super) fn settings(&mut self, layer: &Layer, table: NodeId, path: &FieldPath, own: &mut Own) {
        let document = layer.document();
        for node in document.children(table) {
            let key = document.key(node);
            let path = path.child(key);
            let setting = match FieldPath::parse(key) {
                Ok(setting) => setting,
                Err(why) => {
                    self.wrong(code::UNKNOWN_KEY, &path, layer.key_origin(node), why);
                    continue;
                }
            };
            match self.known.kind(&setting) {
                Some(LeafKind::Integer { .. } | LeafKind::Number | LeafKind::Duration | LeafKind::Size) => {
                    let is_whole = matches!(self.known.kind(&setting), Some(LeafKind::Integer { .. }));
                    if let Some(part) = self.part(layer, node, &path, is_whole) {
                        self.default_of(&setting, part, layer.origin(node));
                        self.reach_of(&setting, part, &path, layer.origin(node));
                        own.settings.push((setting.to_string(), part));
                    }
                }
                Some(_) => {
                    let message = format!("`{setting}` is no number, so it has no limits; `defaults` can set it");
                    self.wrong(code::TYPE, &path, layer.key_origin(node), message);
                }
                None => self.unknown_setting(&setting, &path, layer.key_origin(node)),
            }
        }
    }

    fn unknown_setting(&mut self, setting: &FieldPath, path: &FieldPath, at: Origin) {
        match self.schema.find(setting) {
            Ok(()) => {
                let message = format!("`{setting}` is no single setting");
                let help = format!("quote the whole path: limits.\"{setting}.name\" = {{ max = 8 }}");
                self.finding(code::UNKNOWN_KEY, path, at, message).help(help);
            }
            Err(unknown) => {
                let finding = self.finding(code::UNKNOWN_KEY, path, at, format!("no setting is called `{setting}`"));
                finding.help = unknown.nearest.map(|near| format!("did you mean `{near}`?"));
            }
        }
    }

    /// Whether the setting's own type and rules take the default.
    fn default_of(&mut self, setting: &FieldPath, part: Part, at: Origin) {
        let Some(default) = part.default else { return };
        let number = match default {
            Bound::Int(number) => Value::Int(number),
            Bound::Float(number) => Value::Float(number),
        };
        let values =
            setting.segments().iter().rev().fold(number, |value, key| Value::Map(vec![(key.to_string(), value)]));
        let layer = Layer::marked(LayerKind::File, &at.at, &values, |_| None);
        if let Err(mistakes) = (self.typed)(&layer) {
            self.report.append(mistakes);
        }
    }

    /// Whether a value is left that the setting's own type and rules take.
    fn reach_of(&mut self, setting: &FieldPath, part: Part, path: &FieldPath, at: Origin) {
        let (least, most) = self.known.reach(setting);
        for (what, bound, far) in [("max", part.max, least), ("min", part.min, most)] {
            let (Some(bound), Some(far)) = (bound, far) else { continue };
            let (is_beyond, limit) = match what {
                "max" => (is_below(bound, far), "at least"),
                _ => (is_below(far, bound), "at most"),
            };
            if is_beyond {
                let message = format!("`{what}` leaves no value: `{setting}` is {limit} {}", shown(far));
                self.wrong(code::RANGE, &path.child(what), at.clone(), message);
            }
        }
    }

    /// `{ default = …, min = …, max = …, hard = … }`.
    fn part(&mut self, layer: &Layer, table: NodeId, path: &FieldPath, is_whole: bool) -> Option<Part> {
        let document = layer.document();
        if document.kind(table) != Kind::Table {
            self.wrong(code::TYPE, path, layer.origin(table), "limits are a table, such as { max = 50 }");
            return None;
        }
        let mut part = Part::default();
        for node in document.children(table) {
            let key = document.key(node);
            let path = path.child(key);
            match key {
                "default" => part.default = self.bound(layer, node, &path, is_whole),
                "min" => part.min = self.bound(layer, node, &path, is_whole),
                "max" => part.max = self.bound(layer, node, &path, is_whole),
                "hard" => match (document.kind(node), document.scalar(node)) {
                    (Kind::Bool | Kind::Plain, "true") => part.hard = Some(true),
                    (Kind::Bool | Kind::Plain, "false") => part.hard = Some(false),
                    _ => self.wrong(code::TYPE, &path, layer.origin(node), "`hard` is true or false"),
                },
                _ => {
                    let message = format!("limits have no `{key}`");
                    self.unknown(code::UNKNOWN_KEY, (&path, layer.key_origin(node)), message, key, &KEYS);
                }
            }
        }
        let contradict = [("min", part.min, "max", part.max), ("default", part.default, "max", part.max)];
        let contradict = contradict.into_iter().chain([("min", part.min, "default", part.default)]);
        for (low, lower, high, higher) in contradict {
            if let (Some(lower), Some(higher)) = (lower, higher)
                && is_below(higher, lower)
            {
                let message = format!("`{low}` is above `{high}`");
                self.wrong(code::CROSS_FIELD, path, layer.origin(table), message);
            }
        }
        Some(part)
    }

    fn bound(&mut self, layer: &Layer, node: NodeId, path: &FieldPath, is_whole: bool) -> Option<Bound> {
        let document = layer.document();
        let is_number = matches!(document.kind(node), Kind::Integer | Kind::Float | Kind::Plain);
        let text = document.scalar(node).replace('_', "");
        let bound = match (text.parse::<i128>(), text.parse::<f64>()) {
            (Ok(number), _) => Some(Bound::Int(number)),
            (_, Ok(number)) if number.is_finite() && !is_whole => Some(Bound::Float(number)),
            _ => None,
        };
        if bound.is_none() || !is_number {
            let what = if is_whole { "a whole number" } else { "a number" };
            self.wrong(code::TYPE, path, layer.origin(node), format!("expected {what}, in the setting's own unit"));
            return None;
        }
        bound
    }
}

fn shown(bound: Bound) -> String {
    match bound {
        Bound::Int(number) => number.to_string(),
        Bound::Float(number) => number.to_string(),
    }
}

fn is_below(number: Bound, other: Bound) -> bool {
    match (number, other) {
        (Bound::Int(number), Bound::Int(other)) => number < other,
        (number, other) => float(number) < float(other),
    }
}

fn float(bound: Bound) -> f64 {
    match bound {
        Bound::Int(number) => number as f64,
        Bound::Float(number) => number,
    }
}
