//! Layers: one source's values, and the origin of each.

use std::fmt;

use crate::document::{Document, NodeId, Span};

/// The kind of source that a layer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LayerKind {
    /// The defaults of the struct.
    Default,
    /// A board's profile.
    Profile,
    /// A store's base document.
    Store,
    /// A file.
    File,
    /// A `.env` file.
    Dotenv,
    /// The environment.
    Env,
    /// The command line.
    Args,
    /// A change at run time.
    Runtime,
    /// The program itself.
    Program,
    /// Another service.
    Service,
    /// A fallback that replaced an invalid value.
    Fallback,
}

impl LayerKind {
    /// The kind's name, as in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Profile => "profile",
            Self::Store => "store",
            Self::File => "file",
            Self::Dotenv => "dotenv",
            Self::Env => "env",
            Self::Args => "args",
            Self::Runtime => "runtime",
            Self::Program => "program",
            Self::Service => "service",
            Self::Fallback => "fallback",
        }
    }
}

impl fmt::Display for LayerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The kind of source.
    pub layer: LayerKind,
    /// The place in it: `file:line:column`, a variable's name, `--set PATH`, …
    pub at: String,
    /// What a reference at that place led to, where the value is a secret that stands elsewhere:
    /// `aws-sm:myapp/database#password, version AWSCURRENT`.
    pub leads_to: Option<String>,
}

impl Origin {
    /// An origin.
    pub fn new(layer: LayerKind, at: impl Into<String>) -> Self {
        Self { layer, at: at.into(), leads_to: None }
    }

    /// The origin for people: `variable HTTP_POOL_SIZE`, `site.toml:3:5`, `the default`.
    #[must_use]
    pub fn describe(&self) -> String {
        let place = self.describe_place();
        match &self.leads_to {
            Some(secret) => format!("{place}, which leads to {secret}"),
            None => place,
        }
    }

    fn describe_place(&self) -> String {
        match self.layer {
            LayerKind::Default => "the default".to_owned(),
            LayerKind::Env => format!("variable {}", self.at),
            LayerKind::Profile => format!("profile {}", self.at),
            LayerKind::Fallback => format!("the fallback for {}", self.at),
            LayerKind::File | LayerKind::Dotenv | LayerKind::Args => self.at.clone(),
            LayerKind::Store | LayerKind::Runtime | LayerKind::Program | LayerKind::Service => {
                format!("{} {}", self.layer, self.at)
            }
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe())
    }
}

/// How a layer names the place of a node.
#[derive(Debug, Clone)]
pub(crate) enum Places {
    /// By its position in the document's text.
    Position,
    /// By the node's key, which is a variable's name.
    Key,
    /// By names: a node's span is its name's place in this text. A node without one has its parent's, which the reader
    /// asks for.
    Named(String),
    /// By one name for all.
    Fixed(String),
}

/// One source's values.
#[derive(Debug, Clone)]
pub struct Layer {
    pub(crate) kind: LayerKind,
    pub(crate) document: Document,
    pub(crate) places: Places,
    /// The folder that relative paths start from.
    pub(crate) base: Option<String>,
}

impl Layer {
    /// Values of a document, whose place is called `at` as a whole.
    pub fn new(kind: LayerKind, at: impl Into<String>, document: Document) -> Self {
        Self { kind, document, places: Places::Fixed(at.into()), base: None }
    }

    /// The same with another document, whose places mean the same: one that was made of this layer's own.
    #[must_use]
    pub fn with_document(mut self, document: Document) -> Self {
        self.document = document;
        self
    }

    /// The kind of source.
    #[must_use]
    pub fn kind(&self) -> LayerKind {
        self.kind
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The origin of a node's value.
    #[must_use]
    pub fn origin(&self, node: NodeId) -> Origin {
        let at = match &self.places {
            Places::Position => self.position(self.document.span(node).start),
            Places::Key => self.document.key(node).to_owned(),
            Places::Named(names) => {
                let span = self.document.span(node);
                names[span.start as usize..span.end as usize].to_owned()
            }
            Places::Fixed(name) => name.clone(),
        };
        Origin { layer: self.kind, at, leads_to: self.document.led_to(node) }
    }

    /// The origin of a part of the document.
    pub(crate) fn origin_at(&self, span: Span) -> Origin {
        match &self.places {
            Places::Position => Origin::new(self.kind, self.position(span.start)),
            _ => self.origin(NodeId::ROOT),
        }
    }

    /// The origin of a node's key, for what is wrong with the key itself.
    #[must_use]
    pub fn key_origin(&self, node: NodeId) -> Origin {
        match self.places {
            Places::Position => Origin::new(self.kind, self.position(self.document.key_span(node).start)),
            _ => self.origin(node),
        }
    }

    pub(crate) fn position(&self, byte: u32) -> String {
        let (line, column) = self.document.position(byte);
        format!("{}:{line}:{column}", self.document.name())
    }
}
