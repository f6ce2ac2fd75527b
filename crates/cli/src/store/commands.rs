//! The shape of the commands over a store, for clap.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, value_parser};

use super::time;
use crate::options;

pub(crate) fn commands() -> impl Iterator<Item = Command> {
    writes().into_iter().chain(reads()).map(|command| {
        let nested = command.get_subcommands().next().is_some();
        let command = command.args(options::args());
        if nested {
            command
                .mut_subcommands(|below| below.args(options::args()))
                .subcommand_required(true)
                .arg_required_else_help(true)
        } else {
            command
        }
    })
}

fn writes() -> [Command; 7] {
    let presets = || {
        let file = value_parser!(PathBuf);
        option("presets", "FILE", "Reads presets from a TOML, YAML or JSON file, besides the application's own")
            .action(ArgAction::Append)
            .value_parser(file)
    };
    [
        Command::new("set")
            .about("Sets values in the store, all or none, above every other source")
            .arg(
                Arg::new("entry")
                    .value_names(["PATH", "VALUE"])
                    .num_args(2..)
                    .required(true)
                    .allow_negative_numbers(true)
                    .help("A setting and its value, as a variable writes it, or JSON; more pairs may follow"),
            )
            .args(change()),
        Command::new("unset")
            .about("Removes values that were set in the store, so that weaker sources show again")
            .arg(
                Arg::new("path")
                    .value_name("PATH")
                    .num_args(1..)
                    .required(true)
                    .help("A setting or a section; all below it is removed"),
            )
            .args(change()),
        Command::new("reset").about("Removes everything that was set in the store").args(change()),
        Command::new("rollback")
            .about("Goes back to a revision of the history, as a new revision")
            .arg(
                Arg::new("revision")
                    .value_name("REVISION")
                    .required(true)
                    .value_parser(value_parser!(u64))
                    .help("The revision, as `history` shows it; 0 is the empty store"),
            )
            .args(change()),
        Command::new("restore")
            .about(
                "Takes what a backup holds, as a new revision; its history and snapshots too, as far as they are new",
            )
            .arg(
                Arg::new("backup")
                    .value_name("FILE")
                    .required(true)
                    .value_parser(value_parser!(PathBuf))
                    .help("A file that `backup` wrote; `-` is standard input"),
            )
            .args(change()),
        Command::new("snapshot")
            .about("Keeps what the store holds now, and goes back to it")
            .subcommand(
                Command::new("create")
                    .about("Keeps what the store holds now")
                    .arg(option("description", "TEXT", "What it is for"))
                    .arg(tag("A word to find it by; a snapshot with a tag is never removed by itself"))
                    .arg(actor()),
            )
            .subcommand(Command::new("list").about("Lists the snapshots"))
            .subcommand(
                Command::new("rollback").about("Goes back to a snapshot, as a new revision").arg(id()).args(change()),
            )
            .subcommand(Command::new("delete").about("Removes a snapshot").arg(id())),
        Command::new("preset")
            .about("Named sets of values, applied as one change")
            .subcommand(Command::new("list").about("Lists the presets, and what is wrong with them").arg(presets()))
            .subcommand(
                Command::new("apply")
                    .about("Applies a preset, all of it or nothing")
                    .arg(Arg::new("name").value_name("NAME").required(true).help("The preset's name"))
                    .arg(presets())
                    .args(change()),
            ),
    ]
}

fn reads() -> [Command; 4] {
    let limit = |help| option("limit", "N", help).value_parser(value_parser!(usize));
    [
        Command::new("history")
            .about("Shows who changed what, when and why; the newest change first")
            .arg(limit("At most so many changes"))
            .arg(option("path", "PATH", "Changes of this setting or section"))
            .arg(option("actor", "NAME", "Changes that this actor made"))
            .arg(option("tag", "TAG", "Changes that have this tag"))
            .arg(option("since", "TIME", "Changes at or after this time").value_parser(time::first))
            .arg(option("until", "TIME", "Changes at or before this time").value_parser(time::last)),
        Command::new("verify").about("Reads the whole store, and says where its history does not hang together"),
        Command::new("backup").about("Writes everything that the store holds as one JSON document").arg(
            Arg::new("backup")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("The file; standard output where there is none, or it is `-`"),
        ),
        Command::new("watch")
            .about("Shows changes of files and of the store as they happen, until it is stopped")
            .arg(limit("Ends after so many changes")),
    ]
}

/// The options of every command that makes a change.
pub(crate) fn change() -> [Arg; 6] {
    [
        actor(),
        option("reason", "TEXT", "Why the change is made"),
        option("request", "ID", "The request's own name: a second change of this name does nothing"),
        tag("A word to find the change by"),
        option("if-revision", "N", "Makes the change only if the store is at this revision")
            .value_parser(value_parser!(u64)),
        Arg::new("dry-run")
            .long("dry-run")
            .action(ArgAction::SetTrue)
            .help("Checks the change and shows what it would do; stores nothing"),
    ]
}

fn option(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help)
}

fn actor() -> Arg {
    option("actor", "NAME", "Who makes the change")
}

fn tag(help: &'static str) -> Arg {
    option("tag", "TAG", help).action(ArgAction::Append)
}

fn id() -> Arg {
    Arg::new("id").value_name("ID").required(true).help("The snapshot's id, as `snapshot list` shows it")
}
