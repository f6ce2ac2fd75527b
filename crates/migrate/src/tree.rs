//! A document while it is migrated: nodes that can be moved, each with the place that it came from.

use strata_config_core::{Document, DocumentBuilder, FieldPath, Kind, NodeId, Span, Value};

/// A node with all below it.
#[derive(Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// A scalar's text, as [`Document::scalar`] gives it.
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) children: Vec<Node>,
}

impl Node {
    /// A document's nodes.
    pub(crate) fn of(document: &Document) -> Self {
        Self::at(document, NodeId::ROOT)
    }

    // A document is at most 128 levels deep.
    fn at(document: &Document, node: NodeId) -> Self {
        Self {
            kind: document.kind(node),
            text: document.scalar(node).to_owned(),
            span: document.span(node),
            key: document.key(node).to_owned(),
            key_span: document.key_span(node),
            children: document.children(node).map(|child| Self::at(document, child)).collect(),
        }
    }

    /// The document again, under the name and over the text of the one that it was made of.
    pub(crate) fn to_document(&self, like: &Document) -> Document {
        let mut builder = DocumentBuilder::new(like.name().to_owned(), like.text().to_owned());
        self.push(&mut builder, None);
        builder.finish()
    }

    fn push(&self, builder: &mut DocumentBuilder, parent: Option<NodeId>) {
        let node = builder.push(parent, self.kind, self.span);
        builder.set_scalar(node, &self.text);
        builder.set_key(node, &self.key, self.key_span);
        self.children.iter().for_each(|child| child.push(builder, Some(node)));
    }

    /// A value as a node, without a place.
    pub(crate) fn of_value(key: &str, value: &Value, place: Span) -> Self {
        // A masked secret is what JSON shows of it, so that a step can't turn one into a text.
        let (kind, text) = value.node();
        let children = match value {
            Value::List(items) => items.iter().map(|item| Self::of_value("", item, place)).collect(),
            Value::Map(entries) => entries.iter().map(|(key, value)| Self::of_value(key, value, place)).collect(),
            Value::Secret => vec![Self::of_value("$secret", &Value::Bool(true), place)],
            _ => Vec::new(),
        };
        Self { kind, text, span: place, key: key.to_owned(), key_span: place, children }
    }

    /// The value, as its format says it; a plain scalar of YAML by YAML's core schema.
    pub(crate) fn to_value(&self) -> Value {
        let text = || Value::String(self.text.clone());
        match self.kind {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(self.text == "true"),
            Kind::Integer => integer(&self.text).map_or_else(text, Value::Int),
            Kind::Float => float(&self.text).map_or_else(text, Value::Float),
            Kind::String | Kind::Datetime | Kind::Text => text(),
            Kind::Plain => plain(&self.text),
            Kind::Array => Value::List(self.children.iter().map(Self::to_value).collect()),
            Kind::Table => {
                Value::Map(self.children.iter().map(|child| (child.key.clone(), child.to_value())).collect())
            }
        }
    }

    /// The node as JSON, numbers as they were written.
    pub(crate) fn write_json(&self, text: &mut String) {
        let quoted = |value: &str| serde_json::to_string(value).unwrap_or_default();
        match self.kind {
            Kind::Table | Kind::Array => {
                let is_table = self.kind == Kind::Table;
                text.push(if is_table { '{' } else { '[' });
                for (index, child) in self.children.iter().enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    if is_table {
                        text.push_str(&quoted(&child.key));
                        text.push(':');
                    }
                    child.write_json(text);
                }
                text.push(if is_table { '}' } else { ']' });
            }
            Kind::Null => text.push_str("null"),
            Kind::Bool | Kind::Integer | Kind::Float => text.push_str(&self.text),
            Kind::String | Kind::Datetime | Kind::Text | Kind::Plain => text.push_str(&quoted(&self.text)),
        }
    }

    pub(crate) fn is_container(&self) -> bool {
        matches!(self.kind, Kind::Table | Kind::Array)
    }

    /// The number of the child that a segment names: a key of a table, a number in a list.
    pub(crate) fn index(&self, segment: &str) -> Option<usize> {
        match self.kind {
            Kind::Table => self.children.iter().position(|child| child.key == segment),
            Kind::Array => segment.parse().ok().filter(|index| *index < self.children.len()),
            _ => None,
        }
    }

    /// The node at a path below.
    pub(crate) fn find(&self, path: &FieldPath) -> Option<&Self> {
        let step = |node: &'_ Self, segment: &str| node.index(segment);
        path.segments().iter().try_fold(self, |node, segment| Some(&node.children[step(node, segment)?]))
    }

    /// The node at a path below, to change it.
    pub(crate) fn find_mut(&mut self, segments: &[impl AsRef<str>]) -> Option<&mut Self> {
        segments.iter().try_fold(self, |node, segment| {
            let index = node.index(segment.as_ref())?;
            Some(&mut node.children[index])
        })
    }

    /// Whether two say the same, wherever it stands and however it is written; the order of a table's keys does not
    /// count.
    pub(crate) fn says_same(&self, other: &Self) -> bool {
        match (self.kind, other.kind) {
            (Kind::Table, Kind::Table) => {
                let matches =
                    |child: &Self| other.children.iter().any(|own| own.key == child.key && own.says_same(child));
                self.children.len() == other.children.len() && self.children.iter().all(matches)
            }
            (Kind::Array, Kind::Array) => {
                self.children.len() == other.children.len()
                    && self.children.iter().zip(&other.children).all(|(one, two)| one.says_same(two))
            }
            (one, two) if one == two => self.text == other.text || same_number(self, other),
            _ if self.is_container() || other.is_container() => false,
            _ => same_value(&self.to_value(), &other.to_value()),
        }
    }

    /// All scalar texts of this node and below.
    pub(crate) fn texts<'n>(&'n self, into: &mut Vec<&'n str>) {
        if !self.is_container() {
            into.push(&self.text);
        }
        self.children.iter().for_each(|child| child.texts(into));
    }

    /// Nodes, this one included.
    pub(crate) fn count(&self) -> usize {
        1 + self.children.iter().map(Self::count).sum::<usize>()
    }
}

/// A node may be a secret, so only its outline is shown.
impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} of {} nodes", self.kind, self.count())
    }
}

fn same_number(one: &Node, two: &Node) -> bool {
    matches!(one.kind, Kind::Integer | Kind::Float) && same_value(&one.to_value(), &two.to_value())
}

fn same_value(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Float(one), Value::Float(two)) => one == two || (one.is_nan() && two.is_nan()),
        _ => one == two,
    }
}

/// A scalar by YAML's core schema.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match (integer(text), float(text)) {
            (Some(value), _) => Value::Int(value),
            (None, Some(value)) => Value::Float(value),
            (None, None) => Value::String(text.to_owned()),
        },
    }
}

fn integer(text: &str) -> Option<i128> {
    let digits = text.replace('_', "");
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => (-1, rest.to_owned()),
        None => (1, digits.strip_prefix('+').unwrap_or(&digits).to_owned()),
    };
    let radix = |prefix: &str, radix| digits.strip_prefix(prefix).map(|rest| i128::from_str_radix(rest, radix).ok());
    let value = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2));
    let value = value.unwrap_or_else(|| {
        let all = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        all.then(|| digits.parse().ok()).flatten()
    })?;
    Some(sign * value)
}

fn float(text: &str) -> Option<f64> {
    let digits = text.replace('_', "");
    match digits.trim_start_matches(['+', '-']) {
        "inf" | ".inf" | ".Inf" | ".INF" => {
            Some(if digits.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY })
        }
        "nan" | ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        rest if rest.starts_with(|char: char| char.is_ascii_digit() || char == '.') => digits.parse().ok(),
        _ => None,
    }
}
