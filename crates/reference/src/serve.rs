//! `serve`: runs a system with its interface over HTTP and the console, until a signal.

mod access;
mod listener;
mod log;
mod signals;
mod webhooks;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::json;
use strata_config_cli::{ConfigCommand, Output, Terminal};
use strata_config_reference::System;

use access::Access;
use signals::Signals;

/// The command's name.
pub(crate) const NAME: &str = "serve";

pub(crate) fn command() -> Command {
    let listen = Arg::new("listen")
        .long("listen")
        .value_name("ADDRESS")
        .value_parser(value_parser!(SocketAddr))
        .help("The address, such as 127.0.0.1:7000, which is the default; port 0 takes a free one");
    Command::new(NAME)
        .about("Runs the system, with its interface over HTTP and the console")
        .after_help(access::HELP)
        .arg(listen)
        .arg(webhooks::arg())
        .arg(
            Arg::new("audit")
                .long("audit")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Writes every attempt to change something to this file, too, one JSON line each"),
        )
}

/// Where a system that runs keeps what is changed: in the directory that every other command looks in. What is there
/// already is used; where nothing is, an SQLite database is made there.
pub(crate) fn store(directory: &str) -> String {
    let is_used = Path::new(directory).read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if is_used { directory.to_owned() } else { format!("sqlite:{directory}/") }
}

/// Runs until a signal comes; the levels of the command line take the options of every command.
pub(crate) fn run<S: System>(commands: &ConfigCommand<S>, levels: &[&ArgMatches]) -> ExitCode {
    match serve(commands, levels) {
        Ok(()) => ExitCode::SUCCESS,
        Err(output) => output.print(),
    }
}

fn serve<S: System>(commands: &ConfigCommand<S>, levels: &[&ArgMatches]) -> Result<(), Output> {
    let as_json = commands.wants_json(levels);
    let asked = levels.last().and_then(|matches| matches.get_one::<SocketAddr>("listen").copied());
    let access = Access::from_environment().map_err(|problem| Output::error("tokens", problem, as_json))?;
    access.permits(asked).map_err(|problem| Output::mistake(&problem))?;

    let webhooks = webhooks::read(levels.last().copied()).map_err(|problem| Output::mistake(&problem))?;

    let terminal = Terminal::detect();
    let (_, chosen) = commands.board(levels, terminal)?;
    #[cfg(feature = "aws")]
    make_folder(&crate::directory::<S>()).map_err(|error| Output::error("start", error.to_string(), as_json))?;
    let live = commands.open(levels, terminal)?;
    log::start(&live);
    #[cfg(feature = "aws")]
    crate::aws::follow_rotations(&live).map_err(|error| Output::error("start", error.to_string(), as_json))?;
    let admin = S::admin(&live).map_err(|error| Output::error("start", error.to_string(), as_json))?;
    let mut admin = webhooks::added(admin.tokens(access.tokens().clone()), webhooks).board("/", chosen.by);
    if let Some(file) = levels.last().and_then(|matches| matches.get_one::<PathBuf>("audit")) {
        admin = admin.audit_file(file).map_err(|error| Output::error("audit", error.to_string(), as_json))?;
    }

    let failed = |error: std::io::Error| Output::error("listen", error.to_string(), as_json);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(failed)?;
    runtime.block_on(async {
        let mut signals = Signals::new().map_err(failed)?;
        let listener = listener::bind(asked).await.map_err(|problem| Output::error("listen", problem, as_json))?;
        let address = format!("http://{}", listener.local_addr().map_err(failed)?);
        let console = format!("{address}/console{}", access.fragment());
        say(&match as_json {
            true => json!({"listening": address, "console": console, "store": live.status().store}).to_string(),
            false => {
                let table = commands.table(&live, terminal);
                format!("{table}\nstore: {}\nlistening on {address}\nconsole: {console}", live.status().store)
            }
        });
        let stopped = async move {
            let signal = signals.next().await;
            say(&match as_json {
                true => json!({"stopping": signal}).to_string(),
                false => format!("{signal}: what has begun is finished, then this ends"),
            });
            // Whoever asks twice does not want to wait.
            tokio::spawn(async move {
                signals.next().await;
                std::process::exit(1);
            });
        };
        strata_config_admin::serve(listener, admin, stopped).await.map_err(failed)
    })?;
    say(if as_json { "{\"stopped\":true}" } else { "stopped" });
    Ok(())
}

/// The folder of the copy of remote secrets, which stands beside the store.
#[cfg(feature = "aws")]
fn make_folder(directory: &str) -> std::io::Result<()> {
    crate::aws::copy(directory).parent().map_or(Ok(()), std::fs::create_dir_all)
}

/// A line for whoever started this, at once. Where nobody reads any more, the server goes on all the same.
fn say(line: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
