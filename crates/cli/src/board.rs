//! `profile`: the board that was found, the profile that counts, and what it says of the settings. And its choice, which
//! every command makes.

mod text;
mod view;

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command};
use strata_config_core::{LayeredConfig, Loader, Mode, Schema};
use strata_config_pi_profile::{Board, Choice, Chosen, Profiles};

use crate::command::ConfigCommand;
use crate::explain::escaped;
use crate::options::{Format, Options, Refused};
use crate::output::{Output, Terminal};
use view::View;

/// The command's name.
pub(crate) const NAME: &str = "profile";

const ABOUT: &str = "Shows the board that was found, the profile that counts, and what it limits";

/// No settings, where no configuration is asked for.
static NOTHING: Schema = Schema::new("", "", &[]);

pub(crate) fn command() -> Command {
    Command::new(NAME).about(ABOUT)
}

/// A choice, and what led to it.
pub(crate) struct Found {
    board: Board,
    profiles: Profiles,
    pub(crate) chosen: Chosen,
}

/// `app config profile`.
pub(crate) fn run<C: LayeredConfig>(command: &ConfigCommand<C>, levels: &[&ArgMatches]) -> Result<Output, Refused> {
    let options = Options::read::<C>(levels).map_err(Refused::Usage)?;
    let found = found(command, &options)?;
    let mut loader = Loader::<C>::new().mode(options.mode.unwrap_or(Mode::Normal));
    if let Some(profile) = &found.chosen.profile {
        loader = loader.profile(profile.clone());
    }
    // The defaults alone, whatever is missing: this command loads no configuration.
    let outcome = loader.read();
    let view = View::of(&found, C::SCHEMA, outcome.budget());
    Ok(answer(&view, options.format))
}

/// Makes the choice of a command's options.
pub(crate) fn chosen<C: LayeredConfig>(command: &ConfigCommand<C>, mut options: Options) -> Result<Options, Refused> {
    options.chosen = found(command, &options)?.chosen.profile;
    Ok(options)
}

pub(crate) fn found<C: LayeredConfig>(command: &ConfigCommand<C>, options: &Options) -> Result<Found, Refused> {
    let files = options.profiles.iter().map(PathBuf::as_path);
    let profiles = Profiles::read::<C>(files).map_err(|report| Refused::Invalid(report, options.format))?;
    choose(&command.machine, profiles, options.profile.as_deref(), C::SCHEMA)
}

fn choose(
    machine: &std::path::Path,
    profiles: Profiles,
    choice: Option<&str>,
    schema: &'static Schema,
) -> Result<Found, Refused> {
    let choice = choice.map_or(Choice::Auto, Choice::from);
    let board = Board::detect(machine);
    let chosen =
        profiles.choose(&choice, &board, schema).map_err(|unknown| Refused::Usage(escaped(&unknown.to_string())))?;
    Ok(Found { board, profiles, chosen })
}

fn answer(view: &View, format: Format) -> Output {
    match format {
        Format::Json => Output::json(view),
        Format::Text => Output::text(text::render(view)),
    }
}

impl<C: LayeredConfig> ConfigCommand<C> {
    /// The directory that stands for `/`, below which the board's files are looked for: another one for tests.
    #[must_use]
    pub fn machine(mut self, root: impl Into<PathBuf>) -> Self {
        self.machine = root.into();
        self
    }

    /// The board, and the profile that the options choose, for an application that shows them itself.
    ///
    /// # Errors
    /// What is wrong with the options or with the files of profiles that they name, as the command's own answer.
    pub fn board(&self, levels: &[&ArgMatches], terminal: Terminal) -> Result<(Board, Chosen), Output> {
        let options = Options::read::<C>(levels).map_err(|message| Output::usage(&message))?;
        let found = found(self, &options).map_err(|refused| refused.output(&terminal))?;
        Ok((found.board, found.chosen))
    }
}

/// The command `profile` by itself, over no configuration: the board, and the built-in profile that would count.
#[derive(Debug, Clone)]
pub struct BoardCommand {
    machine: PathBuf,
}

impl BoardCommand {
    /// The command over this machine.
    #[must_use]
    pub fn new() -> Self {
        Self { machine: "/".into() }
    }

    /// The directory that stands for `/`, below which the board's files are looked for: another one for tests.
    #[must_use]
    pub fn machine(mut self, root: impl Into<PathBuf>) -> Self {
        self.machine = root.into();
        self
    }

    /// The command under its name, `profile`.
    #[must_use]
    pub fn command(&self) -> Command {
        command()
            .arg(Arg::new("profile").long("profile").value_name("NAME|auto|none").help("The profile to choose [auto]"))
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT")
                    .value_parser(["text", "json"])
                    .help("How the answer is written [text]"),
            )
    }

    /// Runs the command, and gives the answer back.
    pub fn execute(&self, matches: &ArgMatches, terminal: Terminal) -> Output {
        let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
        let format = if text("format") == Some("json") { Format::Json } else { Format::Text };
        match choose(&self.machine, Profiles::default(), text("profile"), &NOTHING) {
            Ok(found) => answer(&View::of(&found, &NOTHING, None), format),
            Err(refused) => refused.output(&terminal),
        }
    }
}

impl Default for BoardCommand {
    fn default() -> Self {
        Self::new()
    }
}
