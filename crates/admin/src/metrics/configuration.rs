//! Every figure of the interface, of its configuration and of its flags, as text.

use strata_config_reload::{Condition, Status};
use strata_config_store::Timestamp;

use super::text::Exposition;
use crate::context::App;
use crate::events::Way;

/// Every figure, in the text format of Prometheus. It asks the store how it is, so it may wait.
pub(crate) fn exposition(app: &App) -> String {
    let mut out = Exposition::default();
    let version = env!("CARGO_PKG_VERSION");
    out.family("strata_info", "gauge", "What is configured, and the version of this interface.");
    out.sample("strata_info", &[("name", &app.name), ("version", version)], 1);
    out.gauge("strata_start_time_seconds", "When this interface began, as a Unix time.", seconds(app.started));
    configuration(&app.live.status(), &mut out);
    out.gauge(
        "strata_config_warnings",
        "Values that are questionable, though accepted.",
        app.live.current().warnings().findings().len(),
    );
    app.requests.write(&mut out);
    parts(app, &mut out);
    if let Some(experiments) = &app.experiments {
        out.family("strata_experiment_exposures_total", "counter", "How often a preset of an experiment was served.");
        for (experiment, presets) in experiments.exposures() {
            for (preset, count) in presets {
                let labels = [("experiment", &*experiment), ("preset", &*preset)];
                out.sample("strata_experiment_exposures_total", &labels, count);
            }
        }
    }
    if let Some(flags) = &app.flags {
        // Writing to a string never fails.
        let _ = strata_config_flags::metrics::prometheus(flags, out.as_mut());
    }
    out.into_text()
}

/// The parts of the interface that may fail apart from the configuration.
fn parts(app: &App, out: &mut Exposition) {
    out.family("strata_event_streams", "gauge", "Clients that follow events.");
    out.sample("strata_event_streams", &[("way", "sse")], app.hub.listeners(Way::Sse));
    out.sample("strata_event_streams", &[("way", "websocket")], app.hub.listeners(Way::WebSocket));
    let Some(audit) = app.audit.file_status() else { return };
    let is_written = u8::from(audit.failing_since.is_none());
    out.gauge("strata_audit_up", "Whether the file of the audit can be written.", is_written);
    out.gauge("strata_audit_waiting", "Entries that wait for the file of the audit.", audit.waiting);
    out.counter("strata_audit_lost_total", "Entries that the file of the audit will never hold.", audit.lost);
}

fn configuration(status: &Status, out: &mut Exposition) {
    let statistics = &status.statistics;
    out.gauge("strata_config_revision", "The store's commit that is in effect.", status.revision);
    out.gauge("strata_config_store_revision", "The store's newest commit that is known.", status.store_revision);
    out.gauge("strata_config_generation", "Changes of the configuration in this process.", status.generation);
    out.gauge("strata_config_last_change_time_seconds", "When it last changed, as a Unix time.", seconds(status.since));
    out.gauge("strata_config_age_seconds", "Time since the configuration last changed.", statistics.age_seconds);
    out.gauge("strata_config_pending", "Settings that wait for a restart.", status.pending.len());
    out.counter("strata_config_writes_total", "Changes that were asked for and made.", statistics.writes);
    out.counter("strata_config_writes_refused_total", "Changes that were refused.", statistics.refused);
    out.counter("strata_config_reloads_total", "Times that sources were read again.", statistics.reloads);
    out.counter(
        "strata_config_reload_failures_total",
        "Times that the last known good configuration stood in for one that could not be used.",
        statistics.failures,
    );
    out.family("strata_config_condition", "gauge", "How well it is: 1 for the condition that it is in.");
    for (condition, name) in
        [(Condition::Healthy, "healthy"), (Condition::Degraded, "degraded"), (Condition::Critical, "critical")]
    {
        out.sample("strata_config_condition", &[("condition", name)], u8::from(status.condition == condition));
    }
    sources(status, out);
    copy(status, out);
}

fn sources(status: &Status, out: &mut Exposition) {
    // Two sources may have one name: together they are up where both are.
    let mut sources: Vec<(&str, bool, Option<Timestamp>, Option<Timestamp>)> = Vec::new();
    for source in &status.sources {
        match sources.iter_mut().find(|(name, ..)| *name == source.name) {
            Some((_, ok, since, copy)) => {
                *ok &= source.ok;
                *since = since.or(source.failing_since);
                *copy = copy.or(source.copy_of);
            }
            None => sources.push((&source.name, source.ok, source.failing_since, source.copy_of)),
        }
    }
    out.family("strata_config_source_up", "gauge", "Whether what a source says now is in effect.");
    for (name, ok, ..) in &sources {
        out.sample("strata_config_source_up", &[("source", name)], u8::from(*ok));
    }
    out.family("strata_config_source_failing_since_seconds", "gauge", "Since when a source is not, as a Unix time.");
    for (name, _, since, _) in &sources {
        if let Some(since) = since {
            out.sample("strata_config_source_failing_since_seconds", &[("source", name)], seconds(*since));
        }
    }
    let help = "Of when the oldest copy is that stands in for a source of secrets, as a Unix time.";
    out.family("strata_config_source_copy_of_seconds", "gauge", help);
    for (name, .., copy) in &sources {
        if let Some(copy) = copy {
            out.sample("strata_config_source_copy_of_seconds", &[("source", name)], seconds(*copy));
        }
    }
}

/// The last known good copy, where the store keeps one.
fn copy(status: &Status, out: &mut Exposition) {
    let Some(copy) = &status.statistics.copy else { return };
    out.counter("strata_config_copy_hits_total", "Times that the copy stood in for the store.", copy.hits);
    out.counter("strata_config_copy_misses_total", "Times that there was no copy when it was needed.", copy.misses);
    out.gauge("strata_config_copy_in_use", "Whether the copy stands in for the store now.", u8::from(copy.in_use));
    if let Some(revision) = copy.revision {
        out.gauge("strata_config_copy_revision", "The revision that the copy holds.", revision);
    }
    if let Some(age) = copy.age_seconds {
        out.gauge("strata_config_copy_age_seconds", "Time since the store was known to hold what the copy holds.", age);
    }
}

fn seconds(time: Timestamp) -> f64 {
    time.millis() as f64 / 1_000.0
}
