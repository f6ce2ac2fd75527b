//! The subcommand: its shape for clap, and what each of its commands calls.

use std::fmt;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Arg, ArgMatches, Command};
use strata_config_core::{LayeredConfig, Loader, Sealer};
use strata_config_reload::{Declaration, Live, LiveBuilder, Preset};
use strata_config_store::{Store, StoreError};

#[cfg(feature = "pi-profile")]
use crate::board;
use crate::context::Context;
use crate::options::{self, Format, Options, RESERVED, Refused};
use crate::output::{Output, Terminal};
use crate::{check, diff, documents, explain, export, get, leaf_args, store};

/// The commands over one configuration.
pub struct ConfigCommand<C> {
    pub(crate) sources: Box<dyn Fn() -> Loader<C>>,
    pub(crate) presets: Vec<Preset>,
    pub(crate) declared: Vec<Declaration>,
    pub(crate) actor: Option<String>,
    pub(crate) store: String,
    pub(crate) sealer: Option<Arc<dyn Sealer>>,
    pub(crate) open: Box<Open>,
    /// The directory that stands for `/`, where the board's files are.
    #[cfg(feature = "pi-profile")]
    pub(crate) machine: std::path::PathBuf,
    #[cfg(feature = "flags")]
    pub(crate) flags: crate::flags::Collect<C>,
    #[cfg(feature = "migrate")]
    pub(crate) migrations: Option<strata_config_migrate::Migrations>,
}

/// How an address becomes a store.
type Open = dyn Fn(&str) -> Result<Arc<dyn Store>, StoreError>;

impl<C: LayeredConfig> ConfigCommand<C> {
    /// The commands over what this loader reads: the application's own sources, the weakest first.
    pub fn new(sources: impl Fn() -> Loader<C> + 'static) -> Self {
        Self {
            sources: Box::new(sources),
            presets: Vec::new(),
            declared: Vec::new(),
            actor: None,
            store: store::DEFAULT.to_owned(),
            sealer: None,
            open: Box::new(strata_config_store::open),
            #[cfg(feature = "pi-profile")]
            machine: "/".into(),
            #[cfg(feature = "flags")]
            flags: |configured, before| strata_config_flags::Collected::of(configured.config, before),
            #[cfg(feature = "migrate")]
            migrations: None,
        }
    }

    /// The application's presets, for `preset list` and `preset apply`.
    #[must_use]
    pub fn presets(mut self, presets: impl IntoIterator<Item = Preset>) -> Self {
        self.presets.extend(presets);
        self
    }

    /// The keys outside the struct that the application declares, so that the commands know what a store holds of them.
    #[must_use]
    pub fn declare(mut self, declarations: impl IntoIterator<Item = Declaration>) -> Self {
        self.declared.extend(declarations);
        self
    }

    /// A running configuration over sources, with all that the application says of it.
    pub(crate) fn over(&self, loader: Loader<C>) -> LiveBuilder<C> {
        let builder = Live::of(loader).presets(self.presets.iter().cloned());
        let builder = self.declared.iter().cloned().fold(builder, LiveBuilder::declare);
        match &self.sealer {
            Some(sealer) => builder.sealer(Arc::clone(sealer)),
            None => builder,
        }
    }

    /// What seals the secrets that are set in a store; without it such a change is refused. This library looks up no key.
    #[must_use]
    pub fn sealer(mut self, sealer: Arc<dyn Sealer>) -> Self {
        self.sealer = Some(sealer);
        self
    }

    /// Who makes the changes where `--actor` does not say: the user's login name, for instance. This library does not
    /// look it up.
    #[must_use]
    pub fn actor(mut self, name: impl Into<String>) -> Self {
        self.actor = Some(name.into());
        self
    }

    /// The store of the commands over one where `--store` names none; `.strata` where nothing is said. An application
    /// that keeps its store elsewhere says so here.
    #[must_use]
    pub fn store(mut self, address: impl Into<String>) -> Self {
        self.store = address.into();
        self
    }

    /// How an address becomes a store, for stores of the application's own; [`strata_config_store::open`] where nothing
    /// is said.
    #[must_use]
    pub fn open_stores(mut self, open: impl Fn(&str) -> Result<Arc<dyn Store>, StoreError> + 'static) -> Self {
        self.open = Box::new(open);
        self
    }

    /// How the flags of the configuration are found, for an application that makes flags of settings that are none
    /// themselves; every leaf that is a flag where nothing is said. What the application gives to
    /// [`Flags::follow_with`](strata_config_flags::Flags) it gives here, too.
    #[cfg(feature = "flags")]
    #[must_use]
    pub fn flags(
        mut self,
        collect: fn(
            &strata_config_flags::Configured<'_, C>,
            Option<&strata_config_flags::FlagSet>,
        ) -> strata_config_flags::Collected,
    ) -> Self {
        self.flags = collect;
        self
    }

    /// The application's chain of migrations: documents of older versions are brought up to date in memory wherever a
    /// command reads them, and the commands of `migrate` are there.
    #[cfg(feature = "migrate")]
    #[must_use]
    pub fn migrations(mut self, migrations: strata_config_migrate::Migrations) -> Self
    where
        C: 'static,
    {
        self.migrations = Some(migrations.clone());
        let sources = self.sources;
        self.sources = Box::new(move || sources().upgrade(migrations.clone()));
        self
    }

    /// The subcommand, under a name: `app config explain`.
    #[must_use]
    pub fn command(&self, name: impl Into<clap::builder::Str>) -> Command {
        let about = C::SCHEMA.doc.lines().next().unwrap_or_default().trim().trim_end_matches('.').to_owned();
        let about = if about.is_empty() { "Shows and checks the configuration".to_owned() } else { about };
        let command = Command::new(name)
            .about(about)
            .subcommand_required(true)
            .arg_required_else_help(true)
            .args(self.args())
            .subcommands(commands().map(|command| command.args(options::args()).args(settings::<C>(true))))
            .subcommands(store::commands())
            .subcommands(documents::commands())
            .subcommand(crate::secret::secret_command().subcommand(store::reseal_command()));
        #[cfg(feature = "flags")]
        let command = command.subcommand(crate::flags::command());
        #[cfg(feature = "migrate")]
        let command = match &self.migrations {
            Some(_) => command.subcommand(crate::migrate::command()),
            None => command,
        };
        #[cfg(feature = "pi-profile")]
        let command = command.subcommand(board::command().args(options::args()));
        command
    }

    /// As [`Self::command`], for a completion script alone: where a setting's path may stand, the shell offers them all.
    #[cfg(feature = "completions")]
    #[must_use]
    pub fn completable(&self, name: impl Into<clap::builder::Str>) -> Command {
        crate::completions::with_paths(self.command(name), C::SCHEMA)
    }

    /// Runs what the command line asked for, prints the answer and gives the exit status.
    pub fn run(&self, matches: &ArgMatches) -> ExitCode {
        self.execute_to(matches, Terminal::detect(), &mut std::io::stdout()).print()
    }

    /// Runs what the command line asked for, and gives the answer back.
    pub fn execute(&self, matches: &ArgMatches, terminal: Terminal) -> Output {
        let mut said = Vec::new();
        let mut output = self.execute_to(matches, terminal, &mut said);
        output.stdout.insert_str(0, &String::from_utf8_lossy(&said));
        output
    }

    /// As [`execute`](Self::execute); what a command says while it runs goes to `stdout`.
    fn execute_to(&self, matches: &ArgMatches, terminal: Terminal, stdout: &mut dyn Write) -> Output {
        let Some((name, below)) = matches.subcommand() else {
            return Output::usage("a command is needed, such as explain or check");
        };
        if name == crate::secret::NAME && below.subcommand_name() != Some(store::RESEAL) {
            return crate::secret::secret_within(matches, below);
        }
        if let Some(document) = documents::run(name, C::SCHEMA, below) {
            return document;
        }
        // `secret` itself takes none of the options.
        let own = (name != crate::secret::NAME).then_some(below);
        let levels = [Some(matches), own, below.subcommand().map(|(_, deeper)| deeper)];
        let levels: Vec<&ArgMatches> = levels.into_iter().flatten().collect();
        #[cfg(feature = "pi-profile")]
        if name == board::NAME {
            return board::run(self, &levels).unwrap_or_else(|refused| refused.output(&terminal));
        }
        let options = match self.options(&levels) {
            Ok(options) => options,
            Err(refused) => return refused.output(&terminal),
        };
        let context = Context { options, command: self, terminal };
        if let Some(output) = store::run(&context, name, below, stdout) {
            return output;
        }
        match name {
            #[cfg(feature = "flags")]
            "flags" => crate::flags::run(&context, below),
            #[cfg(feature = "migrate")]
            "migrate" => crate::migrate::run(&context, below),
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
    /// What is wrong with the options; a store among them, since only [`Self::live`] can read one.
    pub fn loader(&self, matches: &ArgMatches) -> Result<Loader<C>, String> {
        let options = self.options(&[matches]).map_err(|refused| refused.to_string())?;
        match options.store {
            Some(_) => Err("`--store` has no effect here: this command reads no store".to_owned()),
            None => Ok(options.add_to((self.sources)())),
        }
    }

    /// As [`Self::loader`], for an application that runs on: with the application's presets, and with the store that
    /// the options name, or else the application's own ([`Self::store`]). The levels are those of the command line that
    /// take the options, the outermost first: `app -f site.toml run -f more.toml` has two.
    ///
    /// # Errors
    /// What is wrong with the options, or why the store can't be opened.
    pub fn live(&self, levels: &[&ArgMatches]) -> Result<LiveBuilder<C>, String> {
        let options = self.options(levels).map_err(|refused| refused.to_string())?;
        let store = (self.open)(options.store.as_ref().unwrap_or(&self.store)).map_err(|error| error.to_string())?;
        Ok(self.over(options.add_to((self.sources)())).store(store))
    }

    /// The running configuration of [`Self::live`], or the answer that says why there is none: as `check` says it. It
    /// opens also over a store whose newest revision can't be used any more, so that it can be mended.
    ///
    /// # Errors
    /// What is wrong with the options, the store or the configuration, to be printed as the command's own answer.
    pub fn open(&self, levels: &[&ArgMatches], terminal: Terminal) -> Result<Live<C>, Output> {
        let options = self.options(levels).map_err(|refused| refused.output(&terminal))?;
        let context = Context { options, command: self, terminal };
        let store = context.store_to_write()?;
        context.open(self.over(context.loader()).store(store).or_newest_usable())
    }

    /// What `explain` shows of a running configuration: every value and where it came from.
    #[must_use]
    pub fn table(&self, live: &Live<C>, terminal: Terminal) -> String {
        explain::table(&live.version().explain(&[]), &terminal)
    }

    /// The options, with the profile that they choose.
    fn options(&self, levels: &[&ArgMatches]) -> Result<Options, Refused> {
        let options = Options::read::<C>(levels).map_err(Refused::Usage)?;
        #[cfg(feature = "pi-profile")]
        let options = board::chosen(self, options)?;
        Ok(options)
    }

    /// Whether the options ask for answers in JSON: `--format json`.
    #[must_use]
    pub fn wants_json(&self, levels: &[&ArgMatches]) -> bool {
        Options::read::<C>(levels).is_ok_and(|options| options.format == Format::Json)
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
