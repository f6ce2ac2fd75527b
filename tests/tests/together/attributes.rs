//! What each attribute of the derive does.

mod boards;
mod merging;
mod more;
mod names;
mod rules;
mod stores;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use strata_config::{ByteSize, ConfigEnum, LayeredConfig, LoadInfo, Loader, Mode, Report, Secret};

fn report<C: LayeredConfig>(loader: Loader<C>) -> Report {
    loader.read().report().clone()
}

/// Code, path and place of every finding.
fn findings<C: LayeredConfig>(loader: Loader<C>) -> Vec<(&'static str, String, String)> {
    let report = report(loader);
    report.findings().iter().map(|finding| (finding.code, finding.path.to_string(), finding.at().to_owned())).collect()
}
