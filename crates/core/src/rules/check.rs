//! Applies rules to raw values.

use std::any::Any;

use super::number::{Number, equal, number, number_of, scalar};
use super::{Breach, Part, Rule, TextRule};
use crate::decode::DecodeContext;
use crate::document::{Document, NodeId};
use crate::leaf::{LeafKind, Shape};
use crate::raw::{Raw, View};
use crate::report::code;
use crate::schema::{Field, FieldKind, Lit, Meta};
use crate::text;

/// Receives breaches.
type Sink<'s> = dyn FnMut(Breach) + 's;

/// Applies a field's rules.
pub(crate) struct Check<'a> {
    field: &'static Field,
    context: &'a DecodeContext<'a>,
    /// The decoded value, for functions of the user's.
    value: Option<&'a dyn Any>,
}

impl<'a> Check<'a> {
    pub(crate) fn new(field: &'static Field, context: &'a DecodeContext<'a>, value: Option<&'a dyn Any>) -> Self {
        Self { field, context, value }
    }

    /// Applies the rules to the field's value.
    pub(crate) fn all(&self, rules: &'static [Rule], raw: Raw<'_>, sink: &mut Sink<'_>) {
        if rules.is_empty() {
            return;
        }
        // Text that its type reads as a list or map is checked as such.
        let read = self.read_text(raw);
        let raw = read.as_ref().map_or(raw, |document| Raw::Node(document, NodeId::ROOT));
        let foreign = read.is_some();
        for rule in rules {
            self.apply(rule, raw, None, &mut |mut breach| {
                if foreign {
                    breach.part = Part::Node(None);
                }
                sink(breach);
            });
        }
    }

    /// The first breach of one rule.
    pub(crate) fn first(&self, rule: &Rule, raw: Raw<'_>) -> Option<Breach> {
        let mut first = None;
        self.apply(rule, raw, None, &mut |breach| {
            first.get_or_insert(breach);
        });
        first
    }

    fn shape(&self) -> Shape {
        match self.field.kind {
            FieldKind::Leaf(leaf) => leaf.shape(),
            _ => Shape::default(),
        }
    }

    fn read_text(&self, raw: Raw<'_>) -> Option<Document> {
        let (View::Text(_), FieldKind::Leaf(leaf)) = (raw.view(), self.field.kind) else { return None };
        matches!(leaf.shape().kind, LeafKind::List | LeafKind::Map | LeafKind::Struct)
            .then(|| leaf.canonical(raw, self.context).ok())
            .flatten()
    }

    /// Applies one rule; `item` is the key of an item that `each` looks at.
    fn apply(&self, rule: &Rule, raw: Raw<'_>, item: Option<&str>, sink: &mut Sink<'_>) {
        if let Rule::Custom(custom) = rule {
            if let Some(message) = self.value.and_then(|value| (custom.check)(value)) {
                let message = if self.field.is_secret() {
                    format!("`{}` refuses the value (it is withheld)", custom.name)
                } else {
                    message
                };
                let code = if custom.name == "validator" { code::VALIDATE } else { code::CUSTOM };
                sink(self.breach(code, message, raw, item));
            }
            return;
        }
        if raw.view() == View::Null {
            return;
        }
        match rule {
            Rule::Range { min, max } => self.range(min.as_ref(), max.as_ref(), raw, item, sink),
            Rule::Length { min, max } => self.length(*min, *max, raw, item, sink),
            Rule::OneOf(allowed) => {
                if !allowed.iter().any(|lit| equal(raw, lit)) {
                    let names: Vec<String> = allowed.iter().map(show).collect();
                    let message = format!("must be one of {}{}", names.join(", "), self.found(raw));
                    let mut breach = self.breach(code::ONE_OF, message, raw, item);
                    let known =
                        allowed.iter().filter_map(|lit| if let Lit::Str(text) = lit { Some(*text) } else { None });
                    if let Some(near) = scalar(raw).and_then(|text| text::nearest(text, known))
                        && !self.field.is_secret()
                    {
                        breach.help = Some(format!("did you mean `{near}`?"));
                    }
                    sink(breach);
                }
            }
            Rule::Each(rules) => {
                let keyed = raw.view() == View::Map;
                for (index, (key, child)) in raw.children().enumerate() {
                    let number = index.to_string();
                    let key = if keyed { key } else { &number };
                    for rule in *rules {
                        self.apply(rule, child, Some(key), sink);
                    }
                }
            }
            Rule::Text(rule) => self.text(rule, raw, item, sink),
            Rule::Custom(_) => {}
        }
    }

    fn range(&self, min: Option<&Lit>, max: Option<&Lit>, raw: Raw<'_>, item: Option<&str>, sink: &mut Sink<'_>) {
        let numeric = |lit: Option<&Lit>| lit.is_none_or(|lit| matches!(lit, Lit::Int(_) | Lit::Float(_)));
        let view = raw.view();
        let plain = numeric(min) && numeric(max);
        let number = if plain { number(view) } else { None };
        // Units matter as soon as either side has one.
        let kind = if number.is_some() { LeafKind::Any } else { self.innermost(item.is_some()) };
        let Some(value) = number.or_else(|| self.magnitude(kind, view)) else { return };
        let limit = |lit: &Lit| match (kind, lit) {
            (LeafKind::Any, lit) => number_of(lit),
            (kind, lit) => self.magnitude(kind, Raw::Lit(lit).view()),
        };
        if let Some(min) = min
            && let Some(least) = limit(min)
            && !value.is_at_least(&least)
        {
            let message = format!("must be at least {}{}", self.with_unit(min), self.found(raw));
            sink(self.breach(code::RANGE, message, raw, item));
        }
        if let Some(max) = max
            && let Some(most) = limit(max)
            && !value.is_at_most(&most)
        {
            let message = format!("must be at most {}{}", self.with_unit(max), self.found(raw));
            sink(self.breach(code::RANGE, message, raw, item));
        }
    }

    fn innermost(&self, item: bool) -> LeafKind {
        let shape = self.shape();
        if item { shape.inner.map_or(LeafKind::Any, |inner| inner.kind) } else { shape.kind }
    }

    fn magnitude(&self, kind: LeafKind, view: View<'_>) -> Option<Number> {
        let held;
        let text = match view {
            View::Integer(text) | View::Float(text) | View::Str(text) | View::Text(text) | View::Plain(text) => text,
            View::Int(value) => {
                held = value.to_string();
                &held
            }
            View::Number(value) => {
                held = value.to_string();
                &held
            }
            _ => return None,
        };
        match kind {
            LeafKind::Duration => {
                let nanos = text::parse_duration(text, self.context.unit)?.as_nanos();
                i128::try_from(nanos).ok().map(Number::Int)
            }
            LeafKind::Size => text::parse_size(text, self.context.unit).map(|bytes| Number::Int(i128::from(bytes))),
            _ => None,
        }
    }

    fn length(&self, min: Option<usize>, max: Option<usize>, raw: Raw<'_>, item: Option<&str>, sink: &mut Sink<'_>) {
        let (length, noun) = match raw.view() {
            View::List => (raw.children().count(), "items"),
            View::Map => (raw.children().count(), "entries"),
            _ => match scalar(raw) {
                Some(text) => (text.chars().count(), "characters"),
                None => return,
            },
        };
        // How long a secret is, is nobody's business either.
        let found = if self.field.is_secret() { String::new() } else { format!(", found {length}") };
        if let Some(min) = min
            && length < min
        {
            let message = format!("must have at least {min} {noun}{found}");
            sink(self.breach(code::LENGTH, message, raw, item));
        }
        if let Some(max) = max
            && length > max
        {
            let message = format!("must have at most {max} {noun}{found}");
            sink(self.breach(code::LENGTH, message, raw, item));
        }
    }

    fn text(&self, rule: &TextRule, raw: Raw<'_>, item: Option<&str>, sink: &mut Sink<'_>) {
        let Some(text) = scalar(raw) else { return };
        if let Some(message) = (rule.check)(text, rule.args) {
            let message = format!("{message}{}", self.found(raw));
            sink(self.breach(code::of_rule(rule.name), message, raw, item));
        }
    }

    fn with_unit(&self, limit: &Lit) -> String {
        match (limit, self.field.meta.rare().unit) {
            (Lit::Int(_) | Lit::Float(_), unit) if !unit.is_empty() => format!("{} {unit}", show(limit)),
            _ => show(limit),
        }
    }

    /// `, found …`, unless the value is a secret.
    fn found(&self, raw: Raw<'_>) -> String {
        if self.field.is_secret() {
            return String::new();
        }
        match raw.view() {
            View::Int(value) => format!(", found {value}"),
            View::Number(value) => format!(", found {value}"),
            _ => match scalar(raw) {
                Some(text) if text.chars().count() <= 60 => format!(", found `{}`", text.escape_debug()),
                _ => String::new(),
            },
        }
    }

    fn breach(&self, code: &'static str, message: String, raw: Raw<'_>, item: Option<&str>) -> Breach {
        Breach {
            code,
            message,
            help: None,
            path: item.map(str::to_owned).into_iter().collect(),
            part: Part::Node(raw.node()),
        }
    }
}

/// Whether there is surely nothing to say of a value: it has no rules, or is a number within its limits. Where this is
/// false, [`Check::all`] knows.
#[inline]
pub(crate) fn surely_kept(meta: &Meta, raw: Raw<'_>) -> bool {
    (meta.rules.is_empty() && meta.rare().warns.is_empty()) || within_limits(meta, raw)
}

fn within_limits(meta: &Meta, raw: Raw<'_>) -> bool {
    let integer = || raw.digits().map(|value| Number::Int(value.into()));
    let decimal = || raw.decimal().map(Number::Float);
    let Some(value) = integer().or_else(decimal).or_else(|| number(raw.view())) else { return false };
    let least = |limit: &Lit| number_of(limit).is_some_and(|least| value.is_at_least(&least));
    let most = |limit: &Lit| number_of(limit).is_some_and(|most| value.is_at_most(&most));
    meta.rules.iter().chain(meta.rare().warns.iter().flat_map(|warn| warn.rules)).all(|rule| match rule {
        Rule::Range { min, max } => min.as_ref().is_none_or(least) && max.as_ref().is_none_or(most),
        _ => false,
    })
}

/// A literal as people write it.
pub(crate) fn show(lit: &Lit) -> String {
    match lit {
        Lit::Null => "null".to_owned(),
        Lit::Bool(value) => value.to_string(),
        Lit::Int(value) => value.to_string(),
        Lit::Float(value) => value.to_string(),
        Lit::Str(text) => format!("`{text}`"),
        Lit::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Lit::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key} = {}", show(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::document::{DocumentBuilder, Kind, Span};
    use crate::leaf::LeafType;
    use crate::schema::{Default, Rare, Warn};

    fn limit() -> impl Strategy<Value = Option<Lit>> {
        let lit = prop_oneof![(-5..5_i128).prop_map(Lit::Int), (-5.0..5.0).prop_map(Lit::Float), Just(Lit::Str("3s"))];
        prop::option::of(lit)
    }

    proptest! {
        /// Where a value is surely kept, the rules find nothing.
        #[test]
        fn what_is_surely_kept_is_kept(
            (min, max) in (limit(), limit()),
            warn: bool,
            kind in prop::sample::select(vec![Kind::Integer, Kind::Float, Kind::String, Kind::Text, Kind::Plain]),
            text in "-?[0-9]|-?[0-9][.][0-9]|[0-9a-z]{0,3}",
        ) {
            let rules: &'static [Rule] = Vec::leak(vec![Rule::Range { min, max }]);
            let warns: &'static [Warn] = Vec::leak(vec![Warn { rules, message: "" }]);
            let rare: &'static Rare = Box::leak(Box::new(Rare { warns, ..Rare::NONE }));
            let meta = if warn { Meta { rare: Some(rare), ..Meta::NONE } } else { Meta { rules, ..Meta::NONE } };
            let field: &'static Field = Box::leak(Box::new(Field {
                key: "a",
                segment: "A",
                doc: "",
                kind: FieldKind::Leaf(LeafType::of::<f64>()),
                meta: Box::leak(Box::new(Meta { default: Default::None, ..meta })),
            }));
            let mut builder = DocumentBuilder::new("", String::new());
            let node = builder.push(None, kind, Span::default());
            builder.set_scalar(node, &text);
            let document = builder.finish();
            let raw = Raw::Node(&document, NodeId::ROOT);
            let mut breaches = 0;
            Check::new(field, &DecodeContext::default(), None).all(rules, raw, &mut |_| breaches += 1);
            prop_assert!(!surely_kept(field.meta, raw) || breaches == 0);
        }
    }
}
