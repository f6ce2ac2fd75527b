//! The fuzz targets as plain functions: each takes any bytes, and panics where a property of the library fails.
//!
//! `cargo fuzz` calls them by the programs in `fuzz_targets`, and `tests/seeds.rs` by every committed seed.

mod board;
mod dotenv;
mod flags;
mod growth;
mod json;
mod load;
mod migrate;
mod patch;
mod path;
mod places;
mod site;
mod text;
mod toml;
mod yaml;

pub use board::board;
pub use dotenv::dotenv;
pub use flags::flags;
pub use growth::growth;
pub use json::json;
pub use load::load;
pub use migrate::migrate;
pub use patch::patch;
pub use path::path;
pub use text::text;
pub use toml::toml;
pub use yaml::yaml;

/// A target: its name, which is its program's and its seeds' directory, and its body.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("board", board),
    ("dotenv", dotenv),
    ("flags", flags),
    ("growth", growth),
    ("json", json),
    ("load", load),
    ("migrate", migrate),
    ("patch", patch),
    ("path", path),
    ("text", text),
    ("toml", toml),
    ("yaml", yaml),
];
