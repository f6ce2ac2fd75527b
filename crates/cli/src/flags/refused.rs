//! Flags that can't be carried over, told by name.

use std::fmt::Write;

use serde::{Serialize, Serializer};
use strata_config_core::LayeredConfig;
use strata_config_flags::interchange::Refused;

use crate::check::count;
use crate::context::Context;
use crate::explain::escaped;
use crate::options::Format;
use crate::output::{Failure, Output, Status};

/// Flags by name, and what there is to say about each: `[{"flag","problems"}]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told<'r>(pub(super) &'r [Refused]);

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct One<'r> {
            flag: &'r str,
            problems: &'r [String],
        }
        serializer.collect_seq(self.0.iter().map(|one| One { flag: &one.flag, problems: &one.problems }))
    }
}

impl Told<'_> {
    /// A line for each problem.
    pub(super) fn lines(self, word: &str) -> String {
        let mut out = String::new();
        for (flag, problem) in
            self.0.iter().flat_map(|one| one.problems.iter().map(move |problem| (one.flag.as_str(), problem)))
        {
            // Writing to a string cannot fail.
            let _ = match (flag.is_empty(), flag.split_once(' ')) {
                (true, _) => writeln!(out, "{word}: {}", escaped(problem)),
                (_, Some((kind @ ("segment" | "trip"), name))) => {
                    writeln!(out, "{word}: {kind} `{}`: {}", escaped(name), escaped(problem))
                }
                _ => writeln!(out, "{word}: flag `{}`: {}", escaped(flag), escaped(problem)),
            };
        }
        out
    }
}

/// The answer where something was refused and nothing was done for that.
#[derive(Serialize)]
struct Answer<'r> {
    error: Failure,
    refused: Told<'r>,
    remarks: Told<'r>,
}

/// What was refused, where nothing is done for that; `help` says what could be.
pub(super) fn output<C: LayeredConfig>(
    context: &Context<'_, C>,
    refused: &[Refused],
    remarks: &[Refused],
    help: &str,
) -> Output {
    let message = format!("{} can't be carried over{help}", count(refused.len(), "part"));
    let output = match context.options.format {
        Format::Json => Output::json(&Answer {
            error: Failure { code: "refused", message },
            refused: Told(refused),
            remarks: Told(remarks),
        }),
        Format::Text => {
            let said = Told(refused).lines("error") + &Told(remarks).lines("warning");
            Output::text("").with_stderr(&format!("{said}{message}\n"))
        }
    };
    output.with_status(Status::Invalid)
}
