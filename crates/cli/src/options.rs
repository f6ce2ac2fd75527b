//! The options of every command, before it or after it, and the loader that they make.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, value_parser};
use strata_config_core::{LayeredConfig, Loader, Mode};

use crate::leaf_args;
use crate::output::{Output, Terminal};

/// The names that no setting's flag may take, those of later commands too.
pub(crate) const RESERVED: [&str; 23] = [
    "file", "env-file", "set", "profile", "profiles", "mode", "store", "format", "as", "help", "version", "context",
    "listen", "write", "tag", "label", "output", "check", "color", "quiet", "verbose", "to", "lossy",
];

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    #[default]
    Text,
    Json,
}

/// What the options said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) files: Vec<PathBuf>,
    env_files: Vec<PathBuf>,
    pub(crate) profile: Option<String>,
    /// Files with profiles of the user's own.
    #[cfg(feature = "pi-profile")]
    pub(crate) profiles: Vec<PathBuf>,
    /// The profile that the choice led to.
    #[cfg(feature = "pi-profile")]
    pub(crate) chosen: Option<strata_config_core::Profile>,
    pub(crate) mode: Option<Mode>,
    pub(crate) format: Format,
    /// The address of a store.
    pub(crate) store: Option<String>,
    /// `--set` and the settings' flags, in the order of the command line.
    args: Vec<OsString>,
}

/// The options, without the settings' flags.
pub(crate) fn args() -> Vec<Arg> {
    let option = |name: &'static str| Arg::new(name).long(name).help_heading("Options of every command");
    let profile = if cfg!(feature = "pi-profile") {
        "Applies the profile of a board; `auto` that of this one, where it has one [auto]"
    } else {
        "Applies what the settings say of a board's profile; `auto` changes nothing"
    };
    vec![
        option("file")
            .short('f')
            .value_name("PATH")
            .action(ArgAction::Append)
            .value_parser(value_parser!(PathBuf))
            .help("Reads a TOML, YAML or JSON file above the application's own, below every variable"),
        option("env-file")
            .value_name("PATH")
            .action(ArgAction::Append)
            .value_parser(value_parser!(PathBuf))
            .help("Reads a `.env` file, below the environment"),
        option("set").value_name("PATH=VALUE").action(ArgAction::Append).help("Sets one value, above everything else"),
        option("profile").value_name("NAME|auto|none").help(profile),
        #[cfg(feature = "pi-profile")]
        option("profiles")
            .value_name("PATH")
            .action(ArgAction::Append)
            .value_parser(value_parser!(PathBuf))
            .help("Reads profiles of one's own from a TOML, YAML or JSON file"),
        option("mode")
            .value_name("MODE")
            .value_parser(["strict", "normal", "lenient"])
            .help("strict: warnings are errors; lenient: an invalid value is replaced by its fallback"),
        option("store")
            .value_name("URL")
            .help("Uses this store: `file:DIRECTORY`, `sqlite:FILE`, or a directory alone"),
        option("format").value_name("FORMAT").value_parser(["text", "json"]).help("How the answer is written [text]"),
    ]
}

/// Why options are of no use.
#[derive(Debug)]
pub(crate) enum Refused {
    /// A mistake in the command line.
    Usage(String),
    /// A file that they name has mistakes.
    #[cfg_attr(not(feature = "pi-profile"), expect(dead_code, reason = "only profiles are read from files this early"))]
    Invalid(strata_config_core::Report, Format),
}

impl Refused {
    /// As a command's answer.
    pub(crate) fn output(&self, terminal: &Terminal) -> Output {
        match self {
            Self::Usage(message) => Output::usage(message),
            Self::Invalid(report, format) => Output::invalid(report, *format, terminal),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Invalid(report, _) => fmt::Display::fmt(report, f),
        }
    }
}

impl Options {
    /// Reads the options before the command and those after it; of two that exclude each other the later one counts.
    pub(crate) fn read<C: LayeredConfig>(levels: &[&ArgMatches]) -> Result<Self, String> {
        let mut options = Self::default();
        for matches in levels {
            let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
            options.files.extend(matches.get_many("file").unwrap_or_default().cloned());
            options.env_files.extend(matches.get_many("env-file").unwrap_or_default().cloned());
            options.profile = text("profile").map(str::to_owned).or(options.profile);
            #[cfg(feature = "pi-profile")]
            options.profiles.extend(matches.get_many("profiles").unwrap_or_default().cloned());
            options.store = text("store").map(str::to_owned).or(options.store);
            options.mode = text("mode").and_then(Mode::parse).or(options.mode);
            match text("format") {
                Some("json") => options.format = Format::Json,
                Some(_) => options.format = Format::Text,
                None => {}
            }
            let mut args: Vec<(usize, OsString)> = leaf_args::given(C::SCHEMA, matches);
            let indices = matches.indices_of("set").unwrap_or_default();
            for (index, entry) in indices.zip(matches.get_many::<String>("set").unwrap_or_default()) {
                // What stands there may be a secret, so it is not repeated.
                if !entry.contains('=') {
                    return Err("`--set` needs PATH=VALUE".to_owned());
                }
                args.push((index, format!("--set={entry}").into()));
            }
            args.sort_by_key(|(index, _)| *index);
            options.args.extend(args.into_iter().map(|(_, arg)| arg));
        }
        Ok(options)
    }

    /// Adds what the options said to an application's own sources.
    pub(crate) fn add_to<C: LayeredConfig>(&self, mut loader: Loader<C>) -> Loader<C> {
        for path in &self.files {
            loader = loader.file_below_variables(path);
        }
        for path in &self.env_files {
            loader = loader.dotenv_below_env(path);
        }
        if let Some(mode) = self.mode {
            loader = loader.mode(mode);
        }
        loader = self.profiled(loader);
        // The first argument is the program's name.
        loader.args(std::iter::once(OsString::new()).chain(self.args.iter().cloned()))
    }

    /// Where `auto` finds no board, the application's own choice stays.
    #[cfg(feature = "pi-profile")]
    fn profiled<C: LayeredConfig>(&self, loader: Loader<C>) -> Loader<C> {
        use strata_config_pi_profile::Choice;

        match (&self.chosen, self.profile.as_deref().map(Choice::from)) {
            (Some(profile), _) => loader.profile(profile.clone()),
            (None, Some(Choice::None)) => loader.no_profile(),
            (None, _) => loader,
        }
    }

    #[cfg(not(feature = "pi-profile"))]
    fn profiled<C: LayeredConfig>(&self, loader: Loader<C>) -> Loader<C> {
        match self.profile.as_deref() {
            None | Some("auto") => loader,
            Some("none") => loader.no_profile(),
            Some(name) => loader.profile(name),
        }
    }
}
