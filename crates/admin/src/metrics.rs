//! Figures: what is counted while requests are answered, and the text in which everything is told to Prometheus.

mod configuration;
mod requests;
mod text;

pub(crate) use configuration::exposition;
pub(crate) use requests::Requests;
