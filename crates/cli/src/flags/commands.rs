//! The shape of the commands over flags, for clap.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};
use strata_config_flags::model::Moment;

use super::format;
use crate::{options, store};

pub(crate) fn command() -> Command {
    let option = |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value);
    let switch = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
    let key = || Arg::new("key").value_name("KEY").help("The flag's key");
    let format = || option("as", "AS").value_parser(format::names()).default_value(format::DEFAULT);
    let context = || {
        [
            option("context", "NAME=VALUE").action(ArgAction::Append).help(
                "An attribute of whom it is evaluated for; `targetingKey` is the unit. What is no JSON is a text",
            ),
            option("context-json", "OBJECT").help("All attributes at once, as a JSON object; `--context` is stronger"),
            option("at", "TIME")
                .value_parser(value_parser!(Moment))
                .help("The moment to evaluate at, such as 2026-11-21T08:00:00Z; now, where nothing is said"),
            option("default", "VALUE").help("What the program uses where the flag has no answer"),
        ]
    };
    Command::new("flags")
        .about("Feature flags: what there is, what somebody gets and why, and the formats of other systems")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .args(options::args())
        .subcommand(Command::new("list").about("Lists the flags: what they serve, whose they are, where they were set"))
        .subcommand(
            Command::new("eval")
                .about("Evaluates a flag for somebody, or all flags")
                .arg(key().required_unless_present("all"))
                .arg(switch("all").conflicts_with_all(["key", "default"]).help("Evaluates every flag"))
                .args(context()),
        )
        .subcommand(
            Command::new("explain")
                .about("Evaluates a flag and tells every step, and where the flag was set")
                .arg(key().required(true))
                .args(context()),
        )
        .subcommand(
            Command::new("import")
                .about("Stores the flags of another system, all or none")
                .arg(
                    Arg::new("from")
                        .value_name("FILE")
                        .required(true)
                        .value_parser(value_parser!(PathBuf))
                        .help("A JSON file; `-` is standard input"),
                )
                .arg(format().help("Whose format it is; `strata` is that of `flags export --as strata`"))
                .arg(switch("partial").help("Stores what can be stored, and leaves out what is refused"))
                .args(store::change()),
        )
        .subcommand(
            Command::new("export")
                .about("Writes all flags in the format of another system")
                .arg(format().help("The format; `strata` says everything"))
                .arg(switch("partial").help("Leaves out what the format can't say")),
        )
        .mut_subcommands(|below| below.args(options::args()))
}
