//! What a command says, and how it gets to a terminal: nothing else in this crate prints.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;
use strata_config_core::Report;

use crate::options::Format;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All is well.
    Success,
    /// The configuration is invalid, or has no answer.
    Invalid,
    /// The command line has a mistake.
    Usage,
}

impl Status {
    /// The exit status: 0, 1 or 2.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Invalid => 1,
            Self::Usage => 2,
        }
    }
}

/// What a command says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "an output says nothing until it is printed"]
pub struct Output {
    /// The text for standard output.
    pub stdout: String,
    /// The text for standard error.
    pub stderr: String,
    /// How the command ended.
    pub status: Status,
}

/// Why something could not be done: `{"error": {"code", "message"}}` in JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    /// What a program tells apart: `store`, `unknown`, `conflict`, `vetoed`, `missing`, `file`.
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Where the output goes: it decides on colours and widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terminal {
    /// Standard output takes colours.
    pub colour_stdout: bool,
    /// Standard error takes colours.
    pub colour_stderr: bool,
    /// Columns of standard output; `None` where it is no terminal, so that nothing is cut.
    pub width: Option<usize>,
}

impl Terminal {
    /// The terminal of this process. Colours are for terminals alone, and never where `NO_COLOR` is set.
    #[must_use]
    pub fn detect() -> Self {
        let colour = takes_colour(|name| std::env::var_os(name));
        let stdout = io::stdout().is_terminal();
        let width = stdout.then(terminal_size::terminal_size).flatten();
        Self {
            colour_stdout: colour && stdout,
            colour_stderr: colour && io::stderr().is_terminal(),
            width: width.map(|(terminal_size::Width(columns), _)| usize::from(columns)),
        }
    }
}

/// Whether a terminal's user wants colours, and it has some.
fn takes_colour(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    variable("NO_COLOR").is_none_or(|value| value.is_empty()) && variable("TERM").is_none_or(|term| term != "dumb")
}

impl Output {
    /// A text for standard output: what a command of the application's own says.
    pub fn of(stdout: impl Into<String>) -> Self {
        Self::text(stdout)
    }

    /// What a command of the application's own could not do, in the words of these commands: exit status 1, and in JSON
    /// `{"error": {"code", "message"}}`.
    pub fn error(code: &'static str, message: impl Into<String>, json: bool) -> Self {
        let format = if json { Format::Json } else { Format::Text };
        Self::failed(&Failure { code, message: message.into() }, format)
    }

    /// A mistake in the command line that a command of the application's own found: exit status 2.
    pub fn mistake(message: &str) -> Self {
        Self::usage(message)
    }

    /// A successful command's text.
    pub(crate) fn text(stdout: impl Into<String>) -> Self {
        Self { stdout: stdout.into(), stderr: String::new(), status: Status::Success }
    }

    /// A successful command's JSON document.
    pub(crate) fn json(value: &(impl Serialize + ?Sized)) -> Self {
        // Maps have text keys and numbers are finite, so that writing cannot fail.
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        Self::text(text + "\n")
    }

    /// A mistake in the command line.
    pub(crate) fn usage(message: &str) -> Self {
        Self { stdout: String::new(), stderr: format!("error: {message}\n"), status: Status::Usage }
    }

    /// A question that a valid configuration has no answer to.
    pub(crate) fn refused(message: &str) -> Self {
        Self { stdout: String::new(), stderr: format!("error: {message}\n"), status: Status::Invalid }
    }

    /// The report of an invalid configuration.
    pub(crate) fn invalid(report: &Report, format: Format, terminal: &Terminal) -> Self {
        let output = match format {
            Format::Json => Self::json(report),
            Format::Text => Self::text("").with_stderr(&report.render(terminal.colour_stderr)),
        };
        output.with_status(Status::Invalid)
    }

    /// What could not be done though the command line is right: a document with the same words in JSON.
    pub(crate) fn failed(failure: &Failure, format: Format) -> Self {
        match format {
            Format::Json => Self::json(&serde_json::json!({ "error": failure })).with_status(Status::Invalid),
            Format::Text => Self::refused(&failure.message),
        }
    }

    pub(crate) fn with_stderr(mut self, text: &str) -> Self {
        self.stderr.push_str(text);
        self
    }

    pub(crate) fn with_status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// Prints to the streams of this process. Whoever closes a pipe early has read enough: that is no mistake.
    #[must_use]
    pub fn print(&self) -> ExitCode {
        let code = ExitCode::from(self.status.code());
        let stdout = write(&mut io::stdout().lock(), &self.stdout);
        match stdout.and(write(&mut io::stderr().lock(), &self.stderr)) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                // Where the streams can't be written, there is nobody to tell but the caller.
                let _ = writeln!(io::stderr(), "error: the output can't be written: {error}");
                ExitCode::from(Status::Invalid.code())
            }
            _ => code,
        }
    }
}

/// A line for people who watch, at once.
pub(crate) fn note(text: &str) {
    // Where standard error is closed, nobody wants to know.
    let _ = writeln!(io::stderr(), "warning: {text}");
}

/// A line for standard output at once, since more may come much later.
///
/// # Errors
/// Where nobody reads any more.
pub(crate) fn line_now(stdout: &mut dyn Write, line: &str) -> io::Result<()> {
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

fn write(stream: &mut impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_color_is_kept_where_it_is_not_empty() {
        let with =
            |name: &'static str, value: &'static str| takes_colour(move |asked| (asked == name).then(|| value.into()));
        assert!(with("NO_COLOR", "") && with("TERM", "xterm") && with("OTHER", "1"));
        assert!(!with("NO_COLOR", "1") && !with("NO_COLOR", "0") && !with("TERM", "dumb"));
    }
}
