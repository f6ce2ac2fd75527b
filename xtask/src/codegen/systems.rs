//! `docs/reference`: every artefact of the five reference systems.

use strata_config_codegen::Artefact;
use strata_config_reference::System;
use strata_config_reference::dual_write::DualWriteConfig;
use strata_config_reference::lazy_loading::LazyLoadingConfig;
use strata_config_reference::learning::LearningConfig;
use strata_config_reference::phase2a::Phase2aConfig;
use strata_config_reference::webapp::WebappConfig;

use super::File;

/// The files of all systems.
pub(super) fn files() -> impl Iterator<Item = File> {
    files_of::<Phase2aConfig>()
        .chain(files_of::<DualWriteConfig>())
        .chain(files_of::<WebappConfig>())
        .chain(files_of::<LearningConfig>())
        .chain(files_of::<LazyLoadingConfig>())
}

fn files_of<S: System>() -> impl Iterator<Item = File> {
    Artefact::ALL.into_iter().map(|artefact| File {
        path: format!("docs/reference/{}.{}", S::NAME, artefact.extension()),
        text: Box::new(move || Ok(artefact.text(S::SCHEMA))),
    })
}
