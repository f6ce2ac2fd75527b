//! What each artefact says of a configuration that uses everything.

mod everything;
mod json_schema;
mod markdown;
mod templates;
mod typescript;
