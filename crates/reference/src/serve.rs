//! `serve`: runs a system with its interface over HTTP, until a signal.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use strata_config_admin::auth::{Scopes, Token, Tokens};
use strata_config_cli::ConfigCommand;
use strata_config_reference::System;
use strata_config_reload::WatchOptions;

/// The command's name.
pub(crate) const NAME: &str = "serve";

pub(crate) fn command() -> Command {
    let listen = Arg::new("listen").long("listen").value_name("ADDRESS").default_value("127.0.0.1:7000");
    Command::new(NAME)
        .about("Runs the system, with its interface over HTTP and the console")
        .arg(listen.value_parser(value_parser!(SocketAddr)).help("The address; port 0 takes a free one"))
}

pub(crate) fn run<S: System>(commands: &ConfigCommand<S>, matches: &ArgMatches) -> ExitCode {
    match serve(commands, matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve<S: System>(commands: &ConfigCommand<S>, matches: &ArgMatches) -> Result<(), Box<dyn Error>> {
    let live = commands.live(matches)?.watch(WatchOptions::default()).open()?;
    let (token, text) = match std::env::var("STRATA_ADMIN_TOKEN") {
        Ok(text) => (Token::new("admin", &text, Scopes::ALL)?, text),
        Err(_) => Token::random("admin", Scopes::ALL)?,
    };
    let admin = S::admin(&live)?.tokens(Tokens::new([token]));
    let address: SocketAddr = *matches.get_one("listen").ok_or("an address is needed")?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    println!("listening on http://{address}\nconsole: http://{address}/console#token={text}");
    let signal = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    Ok(strata_config_admin::serve(listener, admin, signal).await?)
}
