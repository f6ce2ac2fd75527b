//! Completion scripts for shells.

use clap::Command;
use clap::builder::PossibleValuesParser;
use strata_config_core::{FieldPath, Schema, options};

pub use clap_complete::Shell;

/// The script that makes a shell complete an application's commands and options, and the paths of settings where
/// [`ConfigCommand::completable`](crate::ConfigCommand::completable) made the command.
///
/// ```
/// use clap::Command;
/// use strata_config::LayeredConfig;
/// use strata_config_cli::{ConfigCommand, Shell, completions};
///
/// #[derive(LayeredConfig)]
/// struct AppConfig {
///     /// TCP port.
///     #[config(default = 8080)]
///     port: u16,
/// }
///
/// let config = ConfigCommand::new(|| AppConfig::loader().env());
/// let mut app = Command::new("app").subcommand(config.completable("config"));
/// assert!(completions(&mut app, Shell::Bash).contains("explain"));
/// ```
#[must_use]
pub fn completions(app: &mut Command, shell: Shell) -> String {
    let name = app.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, app, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The arguments that are paths of settings.
const PATHS: [&str; 2] = ["path", "entry"];

/// A command whose paths a shell completes; it must not parse, since maps have paths that no schema lists.
pub(crate) fn with_paths(command: Command, schema: &'static Schema) -> Command {
    let mut paths: Vec<String> = Vec::new();
    for option in options(schema) {
        let mut path = FieldPath::ROOT;
        for segment in option.path.segments() {
            path = path.child(&segment);
            if paths.iter().all(|known| *known != path.as_str()) {
                paths.push(path.to_string());
            }
        }
    }
    command.mut_subcommands(|below| {
        below.mut_args(|arg| match PATHS.contains(&arg.get_id().as_str()) {
            true => arg.value_parser(PossibleValuesParser::new(paths.clone())),
            false => arg,
        })
    })
}
