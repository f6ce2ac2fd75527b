//! Figures: what is counted while requests are answered, and the text in which everything is told to Prometheus.

mod configuration;
mod export;
mod requests;
mod text;

pub(crate) use configuration::exposition;
pub(crate) use export::{Export, Exporting};
pub use export::{to_event, to_file};
pub(crate) use requests::Requests;
