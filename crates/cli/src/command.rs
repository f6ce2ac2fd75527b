//! The subcommand: its shape for clap, and what each of its commands calls.

use std::fmt;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command};
use strata_config_core::{LayeredConfig, Loader};

use crate::context::Context;
use crate::options::{self, Options, RESERVED};
use crate::output::{Output, Terminal};
use crate::{check, diff, documents, explain, export, get, leaf_args};

/// The commands over one configuration.
pub struct ConfigCommand<C> {
    sources: Box<dyn Fn() -> Loader<C>>,
}

impl<C: LayeredConfig> ConfigCommand<C> {
    /// The commands over what this loader reads: the application's own sources, the weakest first.
    pub fn new(sources: impl Fn() -> Loader<C> + 'static) -> Self {
        Self { sources: Box::new(sources) }
    }

    /// The subcommand, under a name: `app config explain`.
    #[must_use]
    pub fn command(&self, name: impl Into<clap::builder::Str>) -> Command {
        let about = C::SCHEMA.doc.lines().next().unwrap_or_default().trim().trim_end_matches('.').to_owned();
        let about = if about.is_empty() { "Shows and checks the configuration".to_owned() } else { about };
        Command::new(name)
            .about(about)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .args(self.args())
            .subcommands(commands().map(|command| command.args(options::args()).args(settings::<C>(true))))
            .subcommands(documents::commands())
    }

    /// Runs what the command line asked for, prints the answer and gives the exit status.
    pub fn run(&self, matches: &ArgMatches) -> ExitCode {
        self.execute(matches, Terminal::detect()).print()
    }

    /// Runs what the command line asked for, and gives the answer back.
    pub fn execute(&self, matches: &ArgMatches, terminal: Terminal) -> Output {
        let Some((name, below)) = matches.subcommand() else {
            return Output::usage("a command is needed, such as explain or check");
        };
        if let Some(document) = documents::run(name, C::SCHEMA, below) {
            return document;
        }
        let options = match Options::read::<C>(&[matches, below]) {
            Ok(options) => options,
            Err(message) => return Output::usage(&message),
        };
        let context = Context { options, sources: &*self.sources, terminal };
        match name {
            "explain" => explain::run(&context, below),
            "check" => check::run(&context),
            "get" => get::run(&context, below),
            "diff" => diff::run(&context, below),
            "export" => export::run(&context, below),
            other => Output::usage(&format!("`{other}` is no command of the configuration")),
        }
    }

    /// The options of every command and the settings' flags, for an application that takes them itself:
    /// `app -f site.toml --port 9000 run`. [`Self::loader`] reads them.
    #[must_use]
    pub fn args(&self) -> Vec<Arg> {
        options::args().into_iter().chain(settings::<C>(false)).collect()
    }

    /// The application's sources, and what the options of [`Self::args`] add.
    ///
    /// # Errors
    /// What is wrong with the options.
    pub fn loader(&self, matches: &ArgMatches) -> Result<Loader<C>, String> {
        Ok(Options::read::<C>(&[matches])?.add_to((self.sources)()))
    }
}

/// The settings' flags, but those that share a name with an option. A command takes them, too, without listing them.
fn settings<C: LayeredConfig>(hidden: bool) -> impl Iterator<Item = Arg> {
    let free = |arg: &Arg| arg.get_long().is_some_and(|name| !RESERVED.contains(&name));
    leaf_args::leaf_args(C::SCHEMA).into_iter().filter(free).map(move |arg| arg.hide_short_help(true).hide(hidden))
}

fn commands() -> impl Iterator<Item = Command> {
    let path = || Arg::new("path").value_name("PATH");
    let file = |id: &'static str| {
        Arg::new(id).value_name("FILE").required(true).value_parser(clap::value_parser!(std::path::PathBuf))
    };
    [
        Command::new("explain")
            .about("Shows every value and where it came from; one setting's path shows all that is known of it")
            .arg(path().num_args(0..).help("A setting or a section, such as `db` or `db.pool_size`")),
        Command::new("check").about("Reports everything that is wrong or questionable"),
        Command::new("get")
            .about("Prints one bare value, or a section as JSON")
            .arg(path().required(true).help("A setting or a section, such as `db.pool_size`")),
        Command::new("diff")
            .about("Shows what differs between two files, each read over the defaults alone")
            .arg(file("old").help("The file before"))
            .arg(file("new").help("The file after")),
        Command::new("export").about("Writes the whole configuration, without secrets and computed values").arg(
            Arg::new("as")
                .long("as")
                .value_name("AS")
                .value_parser(["toml", "yaml", "json", "env"])
                .default_value("toml")
                .help("The language of the document"),
        ),
    ]
    .into_iter()
}

impl<C> fmt::Debug for ConfigCommand<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigCommand").finish_non_exhaustive()
    }
}
