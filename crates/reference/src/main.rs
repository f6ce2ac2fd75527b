//! `strata SYSTEM COMMAND`: the reference systems on the command line.

#[cfg(feature = "aws")]
mod aws;
mod serve;
mod token;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches, Command};
use strata_config::Loader;
use strata_config_cli::{BoardCommand, ConfigCommand, Output, Shell, Terminal, completions, secret, secret_command};
use strata_config_reference::System;
use strata_config_reference::dual_write::DualWriteConfig;
use strata_config_reference::lazy_loading::LazyLoadingConfig;
use strata_config_reference::learning::LearningConfig;
use strata_config_reference::phase2a::Phase2aConfig;
use strata_config_reference::webapp::WebappConfig;
use strata_config_secrets::Fernet;

/// What runs where nothing is asked for.
const DEFAULT: [&str; 2] = [Phase2aConfig::NAME, serve::NAME];

const EXAMPLES: &str = "Examples:
  strata phase2a serve --listen 127.0.0.1:8000
  strata phase2a explain
  HTTP_POOL_SIZE=50 strata phase2a -f site.toml explain connection_pool
  strata learning check --mode strict
  strata webapp export --as env
  strata phase2a preset apply canary --reason 'the first users'
  strata phase2a history
  strata phase2a flags eval request_pipeline --context client_ip=10.0.0.7
  strata profile
  strata phase2a check --profile pi_zero_2w
  strata completions bash > ~/.local/share/bash-completion/completions/strata

What is changed while a system runs is kept in .strata/SYSTEM of the working directory; --store names another store.

Without arguments: strata phase2a serve. Exit status: 0 fine, 1 invalid configuration, 2 wrong usage.";

/// The commands that belong to no system.
const PROFILE: &str = "profile";
const COMPLETIONS: &str = "completions";
const SECRET: &str = "secret";

/// A reference system, whatever its type.
struct Entry {
    name: &'static str,
    command: fn() -> Command,
    /// The command for a completion script, with the settings' paths.
    completable: fn() -> Command,
    run: fn(&ArgMatches) -> ExitCode,
}

const SYSTEMS: [Entry; 5] = [
    entry::<Phase2aConfig>(),
    entry::<DualWriteConfig>(),
    entry::<WebappConfig>(),
    entry::<LearningConfig>(),
    entry::<LazyLoadingConfig>(),
];

fn main() -> ExitCode {
    let mut args: Vec<OsString> = std::env::args_os().collect();
    if args.len() < 2 {
        args = ["strata"].into_iter().chain(DEFAULT).map(OsString::from).collect();
    }
    match program(|system| (system.command)()).try_get_matches_from(args) {
        Ok(matches) => run(&matches),
        Err(error) => {
            // Whoever closed the pipe does not want to read it.
            let _ = error.print();
            u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
    }
}

fn command() -> Command {
    Command::new("strata")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Layered configuration: shows where every value comes from, and everything that is wrong at once")
        .after_help(EXAMPLES)
        .override_usage("strata <SYSTEM> [OPTIONS] <COMMAND>")
        .subcommand_help_heading("Systems")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

/// The whole program for clap, its systems made by one of an entry's functions.
fn program(system: fn(&Entry) -> Command) -> Command {
    let shell = Arg::new("shell").value_name("SHELL").required(true).value_parser(EnumValueParser::<Shell>::new());
    let completions =
        Command::new(COMPLETIONS).about("Writes the script that makes a shell complete all this").arg(shell);
    let others = [BoardCommand::new().command(), completions, secret_command(), token::command()];
    command().subcommands(SYSTEMS.iter().map(system)).subcommands(others)
}

fn run(matches: &ArgMatches) -> ExitCode {
    let Some((name, below)) = matches.subcommand() else { return ExitCode::FAILURE };
    if let (COMPLETIONS, Some(shell)) = (name, below.try_get_one::<Shell>("shell").ok().flatten()) {
        return Output::of(completions(&mut program(|system| (system.completable)()), *shell)).print();
    }
    if name == PROFILE {
        return BoardCommand::new().execute(below, Terminal::detect()).print();
    }
    if name == token::NAME {
        return token::run(below);
    }
    if name == SECRET {
        return secret(below).print();
    }
    let system = SYSTEMS.into_iter().find(|system| system.name == name);
    system.map_or(ExitCode::FAILURE, |system| (system.run)(below))
}

const fn entry<S: System>() -> Entry {
    Entry {
        name: S::NAME,
        command: || with_serve(&commands::<S>(), commands::<S>().command(S::NAME)),
        completable: || with_serve(&commands::<S>(), commands::<S>().completable(S::NAME)),
        run: |matches| match matches.subcommand() {
            Some((serve::NAME, below)) => {
                serve::run(&commands::<S>().store(serve::store(&directory::<S>())), &[matches, below])
            }
            _ => commands::<S>().run(matches),
        },
    }
}

/// The command that runs the system, beside those of every application.
fn with_serve<S: System>(commands: &ConfigCommand<S>, command: Command) -> Command {
    command.subcommand(serve::command().args(commands.args()))
}

/// Where a system's store is when nobody says: each has one of its own, so that several can be tried in one directory.
fn directory<S: System>() -> String {
    format!(".strata/{}", S::NAME)
}

/// A loader that reads the secrets of AWS, too.
#[cfg(feature = "aws")]
fn with_remote_secrets<S: System>(loader: Loader<S>, keys: Option<&Arc<Fernet>>) -> Loader<S> {
    loader.resolver(aws::resolver(&directory::<S>(), keys))
}

/// Without the feature no other machine is asked.
#[cfg(not(feature = "aws"))]
fn with_remote_secrets<S: System>(loader: Loader<S>, _: Option<&Arc<Fernet>>) -> Loader<S> {
    loader
}

/// The commands over a system's own sources, in the order that [`System`] says.
fn commands<S: System>() -> ConfigCommand<S> {
    let here = Path::new("");
    // The keys are those of this process: a key that stood beside what it seals would seal nothing.
    let keys = Fernet::of_environment(|name| std::env::var(name).ok()).map(Arc::new);
    let (reader, sealer) = (keys.clone(), keys);
    let sources = move || {
        let loader = S::secrets(S::env_files(S::files(S::loader(), here), here).env(), reader.as_ref());
        with_remote_secrets(loader, reader.as_ref())
    };
    let commands = ConfigCommand::new(sources);
    let commands = match sealer {
        Some(keys) => commands.sealer(keys),
        None => commands,
    };
    let commands = commands.presets(S::presets()).declare(S::declarations()).flags(S::flags).store(directory::<S>());
    let commands = match S::migrations() {
        Some(migrations) => commands.migrations(migrations),
        None => commands,
    };
    // The login name, as shells and cron say it.
    match ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty())) {
        Some(user) => commands.actor(user),
        None => commands,
    }
}
