//! Figures about flags, in the text format of Prometheus.

use std::fmt::{self, Write};

use crate::flags::Flags;
use crate::guards::BreakerState;

/// Writes every figure in the [text format](https://prometheus.io/docs/instrumenting/exposition_formats/) of Prometheus,
/// version 0.0.4.
///
/// There is a series for each flag, variant and reason that was served, so their number is bounded by the definitions;
/// of keys that no flag has, only the sum is told.
///
/// # Errors
/// Those of the writer.
pub fn prometheus(flags: &Flags, to: &mut impl Write) -> fmt::Result {
    let mut out = Exposition(to);
    let snapshot = flags.snapshot();
    out.gauge("flags", "Flags in the set.", snapshot.set().keys().len() as f64)?;
    out.gauge("revision", "Revision of the flags in use.", snapshot.revision() as f64)?;
    out.gauge("generation", "Sets that this program has used.", snapshot.generation() as f64)?;
    out.gauge("kill_switch", "Whether every flag is off.", f64::from(u8::from(snapshot.set().is_killed())))?;
    evaluations(flags, &mut out)?;
    guards(flags, &mut out)?;
    out.head("stale", "gauge", "Signs that a flag has outlived its use.")?;
    for stale in flags.stale(flags.clock().now()) {
        // Keys that no flag has come from anywhere, and would make series without bound.
        for sign in stale.signs.iter().filter(|_| snapshot.set().definition(&stale.key).is_some()) {
            out.sample("stale", &[("flag", &stale.key), ("sign", sign.as_str())], 1.0)?;
        }
    }
    Ok(())
}

fn evaluations<W: Write>(flags: &Flags, out: &mut Exposition<'_, W>) -> fmt::Result {
    let exposures = flags.exposures();
    out.head(
        "evaluations_total",
        "counter",
        "Answers, by what was served and why; no variant is the program's default.",
    )?;
    for (key, flag) in &exposures.flags {
        for served in &flag.counts {
            let variant = served.variant.as_deref().unwrap_or_default();
            let labels = [("flag", key.as_str()), ("variant", variant), ("reason", served.reason.as_str())];
            out.sample("evaluations_total", &labels, served.count as f64)?;
        }
    }
    out.head("type_mismatches_total", "counter", "Questions for a value of another type than the flag's.")?;
    for (key, flag) in exposures.flags.iter().filter(|(_, flag)| flag.type_mismatches > 0) {
        out.sample("type_mismatches_total", &[("flag", key)], flag.type_mismatches as f64)?;
    }
    out.head("not_found_total", "counter", "Questions for keys that no flag has.")?;
    out.sample("not_found_total", &[], exposures.not_found() as f64)?;
    out.head("exposure_events_dropped_total", "counter", "Single answers lost to queues that were full.")?;
    out.sample("exposure_events_dropped_total", &[], flags.exposure_events_dropped() as f64)
}

fn guards<W: Write>(flags: &Flags, out: &mut Exposition<'_, W>) -> fmt::Result {
    let guards = flags.guards();
    out.head("guard_state", "gauge", "The state of a flag's guard: 1 for the state that it is in.")?;
    for guard in &guards {
        for state in ["closed", "half_open", "open"] {
            let is_in = f64::from(u8::from(guard.state.as_str() == state));
            out.sample("guard_state", &[("flag", &guard.key), ("state", state)], is_in)?;
        }
    }
    out.head("guard_samples", "gauge", "Reports within the window of a flag's guard.")?;
    for guard in &guards {
        out.sample("guard_samples", &[("flag", &guard.key)], guard.samples.count as f64)?;
    }
    out.head("guard_error_ratio", "gauge", "The share of failures within the window of a flag's guard.")?;
    for guard in &guards {
        out.sample("guard_error_ratio", &[("flag", &guard.key)], guard.samples.error_rate())?;
    }
    out.head("guard_latency_seconds", "gauge", "The mean latency within the window of a flag's guard.")?;
    for guard in &guards {
        if let Some(mean) = guard.samples.mean_latency() {
            out.sample("guard_latency_seconds", &[("flag", &guard.key)], mean.as_secs_f64())?;
        }
    }
    out.head("guard_open_since_seconds", "gauge", "When a flag's guard that is open has tripped, as a Unix time.")?;
    for guard in &guards {
        if let BreakerState::Open { since } = guard.state {
            let seconds = since.millis() as f64 / 1_000.0;
            out.sample("guard_open_since_seconds", &[("flag", &guard.key)], seconds)?;
        }
    }
    Ok(())
}

/// Writes the text format; every name gets our prefix.
struct Exposition<'w, W>(&'w mut W);

impl<W: Write> Exposition<'_, W> {
    fn head(&mut self, name: &str, kind: &str, help: &str) -> fmt::Result {
        writeln!(self.0, "# HELP strata_flags_{name} {help}\n# TYPE strata_flags_{name} {kind}")
    }

    fn gauge(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        self.head(name, "gauge", help)?;
        self.sample(name, &[], value)
    }

    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) -> fmt::Result {
        write!(self.0, "strata_flags_{name}")?;
        for (number, (label, text)) in labels.iter().enumerate() {
            write!(self.0, "{}{label}=\"", if number == 0 { '{' } else { ',' })?;
            for letter in text.chars() {
                match letter {
                    '\\' => self.0.write_str("\\\\")?,
                    '"' => self.0.write_str("\\\"")?,
                    '\n' => self.0.write_str("\\n")?,
                    other => self.0.write_char(other)?,
                }
            }
            self.0.write_char('"')?;
        }
        writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" })
    }
}
