//! All artefacts by name, for programs that write them to files.

use strata_config_core::Schema;

use crate::{Coverage, Format, json_schema, markdown, template, typescript};

/// A kind of artefact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artefact {
    /// A commented file to copy.
    Template(Format),
    /// The reference.
    Markdown,
    /// JSON Schema 2020-12.
    JsonSchema(Coverage),
    /// Types.
    TypeScript,
}

impl Artefact {
    /// Every kind once; the JSON Schema is that of one file among several sources.
    pub const ALL: [Self; 7] = [
        Self::Markdown,
        Self::JsonSchema(Coverage::Layer),
        Self::TypeScript,
        Self::Template(Format::Toml),
        Self::Template(Format::Yaml),
        Self::Template(Format::Json),
        Self::Template(Format::Env),
    ];

    /// What follows a file's name and a dot; no two of [`Self::ALL`] share it.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Template(Format::Toml) => "toml",
            Self::Template(Format::Yaml) => "yaml",
            Self::Template(Format::Json) => "json",
            Self::Template(Format::Env) => "env.example",
            Self::Markdown => "md",
            Self::JsonSchema(_) => "schema.json",
            Self::TypeScript => "ts",
        }
    }

    /// The artefact of a schema.
    #[must_use]
    pub fn text(self, schema: &'static Schema) -> String {
        match self {
            Self::Template(format) => template(schema, format),
            Self::Markdown => markdown(schema),
            Self::JsonSchema(coverage) => json_schema(schema, coverage),
            Self::TypeScript => typescript(schema),
        }
    }
}
