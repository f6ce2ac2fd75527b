//! Feature flags as configuration: layered, validated, live, and evaluated by a pure function.

mod bucket;
mod operator;
