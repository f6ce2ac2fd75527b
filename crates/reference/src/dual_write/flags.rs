//! Categories and adapters as feature flags: which events are sampled, and which transport its breaker lets through.

use std::time::Duration;

use strata_config::{FieldPath, Report};
use strata_config_flags::model::{Definition, Guard, GuardAction, Scalar, Serve, Share, Status};
use strata_config_flags::{Collected, Configured, FlagSet};

use super::{
    AdapterHealthConfig, AdapterType, CategoriesConfig, Category, CriticalCategory, DualWriteConfig, WebsocketHealth,
};

/// How far back reports count, and how many of them are needed before a share or a mean says anything.
const WINDOW: Duration = Duration::from_secs(60);
const LEAST_REPORTS: u32 = 20;

/// Good reports in a row that close a breaker, after its time of recovery.
const TRIALS: u32 = 3;

/// The flags of a configuration: those of its section `flags`, one for each category, which says whether an event is
/// sampled, and one for each adapter, which says whether it is in use. Their keys are the names.
pub(super) fn collect(configured: &Configured<'_, DualWriteConfig>, before: Option<&FlagSet>) -> Collected {
    let config = configured.config;
    let mut found = Collected::of(config, before);
    for category in Category::ALL {
        found.add(category.key(), percentage_path(category), sampling(config, category));
    }
    for adapter in AdapterType::ALL {
        found.add(adapter.key(), threshold_path(adapter), in_use(config, adapter));
    }
    found
}

/// Checks the flags together, those of categories and adapters among them.
pub(super) fn check(config: &DualWriteConfig, report: &mut Report) {
    // What is set where makes no flag valid or invalid.
    let nothing_is_set = |_: &_| false;
    if let Err(found) = collect(&Configured::new(config, &nothing_is_set), None).compile(None) {
        report.append(found);
    }
}

/// Sampled or not: the event's unit decides, for each category anew.
fn sampling(config: &DualWriteConfig, category: Category) -> Definition {
    let settings = config.category(category);
    let share = Share::from_percent(f64::from(settings.percentage)).unwrap_or(Share::NOBODY);
    let adapters: Vec<String> = config.adapters_for_category(category).iter().map(ToString::to_string).collect();
    Definition {
        description: Some(format!("Events of the category `{category}` that are sampled")),
        status: if settings.enabled { Status::Enabled } else { Status::Disabled },
        metadata: [("adapters".to_owned(), Scalar::String(adapters.join(",")))].into(),
        // Nobody and everybody need no unit.
        ..Definition::boolean(match share {
            Share::NOBODY => Serve::Variant("off".to_owned()),
            Share::EVERYBODY => Serve::Variant("on".to_owned()),
            share => Serve::share(share),
        })
    }
}

/// In use, until its breaker opens.
fn in_use(config: &DualWriteConfig, adapter: AdapterType) -> Definition {
    Definition {
        description: Some(format!("The adapter `{adapter}`, unless its circuit breaker is open")),
        guard: config.circuit_breaker_enabled.then(|| breaker(config, adapter)),
        ..Definition::boolean(Serve::Variant("on".to_owned()))
    }
}

/// Opens above the failures that the breaker or the adapter itself bears, whichever are fewer, and where writes take
/// longer than so many times the adapter's latency.
fn breaker(config: &DualWriteConfig, adapter: AdapterType) -> Guard {
    let health = config.adapter_health.get(adapter);
    Guard {
        error_rate: Some(config.circuit_breaker_failure_threshold.min(health.error_threshold)),
        latency_ms: Some(health.latency_threshold_ms as f64),
        latency_multiplier: config.circuit_breaker_latency_multiplier,
        min_samples: LEAST_REPORTS,
        window: WINDOW,
        recovery: Duration::from_secs(config.circuit_breaker_recovery_time_s),
        half_open_probes: TRIALS,
        action: GuardAction::Off,
        ..Guard::default()
    }
}

/// The five structs have the same fields, so the constants of one name those of all; and so have the two below.
fn percentage_path(category: Category) -> FieldPath {
    DualWriteConfig::CATEGORIES.join(&CategoriesConfig::path(category)).join(&CriticalCategory::PERCENTAGE)
}

fn threshold_path(adapter: AdapterType) -> FieldPath {
    DualWriteConfig::ADAPTER_HEALTH.join(&AdapterHealthConfig::path(adapter)).join(&WebsocketHealth::ERROR_THRESHOLD)
}
