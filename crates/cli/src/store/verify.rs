//! `verify`: whether the store is as it was written.

use serde::Serialize;
use strata_config_core::LayeredConfig;

use crate::check::count;
use crate::context::Context;
use crate::options::Format;
use crate::output::{Output, Status};

/// The shape of `--format json`.
#[derive(Serialize)]
struct Answer {
    intact: bool,
    /// The revision behind which the history begins.
    from: u64,
    entries: usize,
    snapshots: usize,
    damages: Vec<Damaged>,
}

#[derive(Serialize)]
struct Damaged {
    revision: Option<u64>,
    message: String,
}

pub(super) fn run<C: LayeredConfig>(context: &Context<'_, C>) -> Result<Output, Output> {
    let verified = context.store_to_read()?.verify().map_err(|error| context.store_failed(&error))?;
    let status = if verified.is_intact() { Status::Success } else { Status::Invalid };
    let (entries, snapshots) = (verified.entries, verified.snapshots);
    if context.options.format == Format::Json {
        let damages = verified.damages.iter();
        let answer = Answer {
            intact: verified.is_intact(),
            from: verified.anchor.revision,
            entries,
            snapshots,
            damages: damages
                .map(|damage| Damaged { revision: damage.revision(), message: damage.to_string() })
                .collect(),
        };
        return Ok(Output::json(&answer).with_status(status));
    }
    let held = format!("{}, {}", count(entries, "revision"), count(snapshots, "snapshot"));
    if verified.is_intact() {
        return Ok(Output::text(format!("the store is intact: {held}\n")));
    }
    let damages: String = verified.damages.iter().map(|damage| format!("error: {damage}\n")).collect();
    let found = format!("the store is damaged: {held}\n");
    Ok(Output::text("").with_stderr(&(damages + &found)).with_status(status))
}
