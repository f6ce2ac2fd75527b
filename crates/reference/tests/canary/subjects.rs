//! The five systems, and the shelf: every check runs on each.

/// A module for each check, with a test for each of these configurations.
macro_rules! for_systems {
    ($systems:tt $check:ident $($more:ident)*) => {
        mod $check {
            use strata_config_reference::dual_write::DualWriteConfig;
            use strata_config_reference::lazy_loading::LazyLoadingConfig;
            use strata_config_reference::learning::LearningConfig;
            use strata_config_reference::phase2a::Phase2aConfig;
            use strata_config_reference::webapp::WebappConfig;

            use super::$check as check;
            use crate::subjects::test_each;

            test_each!($systems);
        }
        crate::subjects::for_systems!($systems $($more)*);
    };
    ($systems:tt) => {};
}

macro_rules! test_each {
    ({$($name:ident: $config:ty),*}) => {
        $(
            #[test]
            fn $name() {
                check::<$config>();
            }
        )*
    };
}

/// Checks of the five systems: of what the binary has.
macro_rules! for_the_five {
    ($($check:ident;)*) => {
        crate::subjects::for_systems!({
            phase2a: Phase2aConfig,
            dual_write: DualWriteConfig,
            webapp: WebappConfig,
            learning: LearningConfig,
            lazy_loading: LazyLoadingConfig
        } $($check)*);
    };
}

/// Checks of the five systems and of the shelf.
macro_rules! for_every_system {
    ($($check:ident;)*) => {
        crate::subjects::for_systems!({
            phase2a: Phase2aConfig,
            dual_write: DualWriteConfig,
            webapp: WebappConfig,
            learning: LearningConfig,
            lazy_loading: LazyLoadingConfig,
            shelf: crate::shelf::Shelf
        } $($check)*);
    };
}

pub(crate) use {for_every_system, for_systems, for_the_five, test_each};
