//! `check`: everything that is wrong or questionable.

use strata_config_core::LayeredConfig;

use crate::context::Context;
use crate::options::Format;
use crate::output::{Output, Status};

pub(crate) fn run<C: LayeredConfig>(context: &Context<'_, C>) -> Output {
    let outcome = match context.read() {
        Ok(read) => read.outcome,
        Err(output) => return output,
    };
    let report = outcome.report();
    let status = if report.is_valid() { Status::Success } else { Status::Invalid };
    if context.options.format == Format::Json {
        return Output::json(report).with_status(status);
    }
    let said = report.render(context.terminal.colour_stderr);
    match status {
        Status::Success => {
            let values = count(outcome.explain(&[]).len(), "value");
            let warnings = count(report.warnings().count(), "warning");
            Output::text(format!("configuration is valid: {values}, {warnings}\n")).with_stderr(&said)
        }
        _ => Output::invalid(report, Format::Text, &context.terminal),
    }
}

/// A number of things in words.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
