//! `token`: makes a token for the interface over HTTP, and its entry for a file of tokens.

use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use strata_config_admin::auth::{Scope, Scopes, Token};
use strata_config_cli::Output;
use strata_config_store::Timestamp;

/// The command's name.
pub(crate) const NAME: &str = "token";

pub(crate) fn command() -> Command {
    let option = |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    Command::new(NAME)
        .about("Makes a token for `serve`, and its entry for the file that STRATA_TOKENS_FILE names")
        .arg(option("actor", "NAME").required(true).help("Whose it is: the name that history tells"))
        .arg(
            option("scope", "SCOPE")
                .action(ArgAction::Append)
                .required(true)
                .value_parser(value_parser!(Scope))
                .help("What it permits: read, write, flags, rollback or admin; several are said one by one"),
        )
        .arg(
            option("expires", "TIME")
                .value_parser(value_parser!(Timestamp))
                .help("When it ends, such as 2027-01-01T00:00:00Z; never where nothing is said"),
        )
        .arg(
            Arg::new("must-match")
                .long("must-match")
                .action(ArgAction::SetTrue)
                .help("Refuses its changes where they do not say which configuration they are meant for"),
        )
        .arg(option("format", "FORMAT").value_parser(["text", "json"]).help("How the answer is written [text]"))
}

pub(crate) fn run(matches: &ArgMatches) -> ExitCode {
    let as_json = matches.get_one::<String>("format").is_some_and(|format| format == "json");
    made(matches, as_json).unwrap_or_else(|problem| Output::error("token", problem, as_json)).print()
}

fn made(matches: &ArgMatches, as_json: bool) -> Result<Output, String> {
    let actor = matches.get_one::<String>("actor").ok_or("a token is somebody's")?;
    let scopes: Scopes = matches.get_many::<Scope>("scope").unwrap_or_default().copied().collect();
    let (mut token, text) = Token::random(actor, scopes).map_err(|error| error.to_string())?;
    if let Some(end) = matches.get_one::<Timestamp>("expires") {
        token = token.expires(*end);
    }
    if matches.get_flag("must-match") {
        token = token.must_match();
    }
    let entry = token.entry();
    Ok(Output::of(match as_json {
        true => format!("{}\n", json!({"token": text, "entry": entry})),
        false => format!("# The token, which is shown this once: {text}\n{}\n", entry.trim_end()),
    }))
}
