//! The `config` subcommand that any clap application embeds: where every value came from, what is wrong, what differs.
//!
//! ```
//! use clap::Command;
//! use strata_config::LayeredConfig;
//! use strata_config_cli::ConfigCommand;
//!
//! #[derive(LayeredConfig)]
//! struct AppConfig {
//!     /// TCP port.
//!     #[config(default = 8080)]
//!     port: u16,
//! }
//!
//! // `app config explain`, `app config check -f site.toml`, `app config get port --set port=9000`, …
//! let config = ConfigCommand::new(|| AppConfig::loader().file("app.toml").optional().env());
//! let app = Command::new("app").subcommand(config.command("config"));
//! let matches = app.get_matches_from(["app", "config", "get", "port", "--set", "port=9000"]);
//! if let Some(("config", matches)) = matches.subcommand() {
//!     config.run(matches); // prints 9000 and gives the exit status
//! }
//! ```
//!
//! # Sources
//!
//! The application's own loader says which sources there are; options add to it. Whatever their order on the command
//! line, a file of `-f` is stronger than the application's files and weaker than every variable, one of `--env-file`
//! is weaker than the environment, and `--set` and the settings' own flags are the strongest. Of several of a kind the
//! last wins.
//!
//! # Over a store
//!
//! What is changed while a program runs stands in a store, above all other sources. `explain`, `check`, `get` and `export`
//! read one only where `--store` names it; these commands use the application's own, [`.strata`](ConfigCommand::store) in
//! the working directory where nothing is said. Reading a store that was never written makes none.
//!
//! | command | what it does; shape of `--format json` |
//! |---|---|
//! | `set PATH VALUE [PATH VALUE]…`, `unset PATH…`, `reset` | changes what the store holds, all or nothing: *change* |
//! | `rollback REVISION`, `snapshot rollback ID`, `restore FILE`, `preset apply NAME` | makes what was, or is prepared, a new revision: *change* |
//! | `snapshot create`, `snapshot list` | `{"id","revision","at","actor","description","tags"}`, and a list of these |
//! | `snapshot delete ID` | `{"deleted"}` |
//! | `history` | the newest first: `[{"revision","at","actor","source","reason","request","tags","changes","hash"}]` |
//! | `verify` | `{"intact","from","entries","snapshots","damages":[{"revision","message"}]}`; exit status 1 where it is not intact |
//! | `backup [FILE]` | the backup, one JSON document, to standard output; with a file `{"file","revision","entries","snapshots"}` |
//! | `preset list` | `[{"name","description","values","valid","changes","errors"}]`; exit status 1 where one is not valid |
//! | `watch` | a line for each event: `{"at","kind","revision","generation","actor","reason","source","changes","report"}` |
//!
//! A *change* is `{"revision","stored","dry_run","replayed","changes","pending","warnings"}`, its `changes` and `pending`
//! are `[{"path","old","new","reload"}]`. All of these take `--actor`, `--reason`, `--tag`, `--request`, `--if-revision` and
//! `--dry-run`. A value is written as a variable says it (`on`, `5m`, `256MB`, `a,b`), or as JSON where it has parts.
//!
//! With `--store`, `explain` adds to a value `"last_change": {"revision","at","actor","source","reason"}`, where the
//! store's history knows one.
//!
//! # Flags
//!
//! With the feature `flags`, these commands are about the feature flags that the configuration holds. They read the
//! application's own store where nothing is said, since `flags import` writes there.
//!
//! | command | what it does; shape of `--format json` |
//! |---|---|
//! | `flags list` | `{"kill_switch","flags","segments"}`; a flag is `{"key","type","status","serves","description","owner","lifecycle","expires","stale","guard","origin","definition"}` |
//! | `flags eval KEY` | `{"key","value","variant","reason","metadata"}`, with `why`, `rule_id`, `bucket` and the flag's own in `metadata`; with `--all` a list of these |
//! | `flags explain KEY` | the same, and `"steps"`, a list of `{"flag","asked","outcome"}`, `"origin"`, `"definition"` |
//! | `flags import FILE` | a *change*, and `"imported"`, a list of keys, `"refused"` and `"remarks"`, lists of `{"flag","problems"}` |
//! | `flags export` | the other system's document |
//!
//! Where a flag has no answer: `{"key","errorCode","errorDetails"}`, in OpenFeature's words, and exit status 1. A value
//! that the flag leaves to the program is that of `--default`, or null. `--as` is one of `flagd`, `unleash`,
//! `growthbook`, of which each is a feature of this crate, and `strata`, which says everything.
//!
//! An import sets a flag where the configuration has a setting of this key, and else in its map of flags; flags that it
//! does not name stay what they are. Where a weaker source, such as a file, defines the flag in a map, too, maps merge:
//! then it is refused if parts of that source's flag would stay in it. What can't be carried over, in or out, is told by name, and nothing is written
//! unless `--partial` says so: in JSON `{"error","refused","remarks"}`, where the error's code is `refused`.
//!
//! # Secrets
//!
//! `secret keygen|encrypt|decrypt|rotate` makes keys, and the `fernet:` references that they open. It loads no configuration,
//! and takes keys from `ENCRYPTION_KEY`, the file of `ENCRYPTION_KEY_FILE`, or `--key-file`; values from standard input alone.
//! In JSON: `{"key"}`, `{"reference"}`, `{"readable","place"}` (with `--reveal` `{"secret"}`), `{"text","tokens","renewed"}`.
//! What can't be read is `{"error": {"code": "secret", "message"}}`, exit status 1. An application that has no configuration
//! of its own there adds [`secret_command`], and runs it by [`secret()`].
//!
//! `secret reseal` seals anew what older keys sealed in the store: a *change*. Its keys are those of
//! [`ConfigCommand::sealer`].
//!
//! # Boards
//!
//! With the feature `pi-profile`, every command detects the board: `--profile auto`, which is the default, applies the
//! profile of a board that the device tree names, and leaves the application's own choice on any other machine;
//! `--profile NAME` applies one by its name, whatever the machine is, and `--profiles FILE` adds profiles of one's own.
//! `profile` shows what was found and what the profile says of the settings; it loads no configuration, so its budget is
//! that of the defaults:
//! `{"board","profile","chosen_by","memory":{"total","ceiling","system"},"profiles","settings":[{"path","default",
//! "profile_default","min","max","hard","because"}],"budget":{"need","ceiling","total","fits","shares":[{"path","value",
//! "cost","need"}]}}`, sizes in bytes; `chosen_by` is `auto`, `option` or `none`, `because` is `setting`, `attribute` or
//! `class NAME`. [`BoardCommand`] is this command over no configuration.
//!
//! # Versions
//!
//! With the feature `migrate`, and where the application [declares](ConfigCommand::migrations) its chain of steps, these
//! commands are about the versions of documents: of files by `-f`, and of a store by `--store`. `up` and `down` show what
//! they would do, and do it where `--write` says so; nothing is written before everything is planned.
//!
//! | command | what it does; shape of `--format json` |
//! |---|---|
//! | `migrate plan`, `migrate up`, `migrate down` | for each document `{"target","document","from","to","direction","steps":[{"id","description","from","to","checksum","changes","micros","irreversible"}],"changes","nodes","micros","lossless","patch","written","backup","revision"}`; `patch` is RFC 6902 |
//! | `migrate history` | `[{"target","id","checksum","direction","from","to","actor","at","micros","document"}]` |
//!
//! What can't be done has one of the codes `newer`, `unreachable`, `version`, `irreversible`, `step`, `invalid`, `changed`,
//! `conflict`, `lossy`, `failed`, `unknown`.
//!
//! # Exit status
//!
//! 0 is fine; 1 an invalid configuration, with the report on standard error (with `--format json` on standard output), or
//! a store that fails (as JSON `{"error": {"code","message"}}`, where `code` is `store`, `unknown`, `conflict`, `vetoed`,
//! `missing`, `file`, `watch` or `refused`); 2 a mistake in the command line, such as a path that names no setting.
//!
//! # Limits
//!
//! Without the feature `pi-profile` no board is detected, and `--profile NAME` applies what attributes say of that name. A list's items and a
//! map's entries have no flags of their own; `--set` sets a map's entry (`--set labels.a=1`) and a whole list, not an item
//! of one. The commands remove nothing of a store's past: how much is kept is the application's choice. While a file or a
//! variable is invalid, nothing can be written to the store; where the stored values are, a change that mends them can be. `set` takes a value from the command line, where other
//! users of the machine may see it.

#[cfg(feature = "pi-profile")]
mod board;
mod check;
mod columns;
mod command;
#[cfg(feature = "completions")]
mod completions;
mod context;
mod diff;
mod documents;
mod explain;
mod export;
#[cfg(feature = "flags")]
mod flags;
mod get;
mod leaf_args;
#[cfg(feature = "migrate")]
mod migrate;
mod options;
mod output;
mod secret;
mod select;
mod store;

#[cfg(feature = "pi-profile")]
pub use board::BoardCommand;
pub use command::ConfigCommand;
#[cfg(feature = "completions")]
pub use completions::{Shell, completions};
pub use leaf_args::{leaf_args, with_leaf_args};
pub use output::{Output, Status, Terminal};
pub use secret::{secret, secret_command};
