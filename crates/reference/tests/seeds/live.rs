//! What the tests of running configurations share.

use std::time::Duration;

use strata_config::{FieldPath, LayerKind, LayeredConfig};
use strata_config_reload::Live;

/// The longest that a listener is waited for.
pub(crate) const WAIT: Duration = Duration::from_secs(10);

/// The layer and the place that a value came from.
#[track_caller]
pub(crate) fn origin<C: LayeredConfig>(live: &Live<C>, path: &str) -> (LayerKind, String) {
    let path = FieldPath::parse(path).expect("it is a path");
    let explained = live.version().explain(&[path]);
    let origin = explained[0].origin.clone().expect("something sets it");
    (origin.layer, origin.at)
}
