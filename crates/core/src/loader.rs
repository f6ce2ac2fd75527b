//! The loader: which sources, in which order, how strictly; then one call that reads, folds, builds and reports.

use std::ffi::OsString;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::document::Document;
use crate::encode;
use crate::env::EnvSource;
use crate::explain::Explainer;
use crate::gather::Gathered;
use crate::layer::{Layer, LayerKind};
use crate::layered::LayeredConfig;
use crate::loaded::{Loaded, Outcome};
use crate::mode::Mode;
use crate::plan::{Plan, Planned, Source};
use crate::profile::{Applied, Profile};
use crate::report::Report;
use crate::resolve::{Resolver, Resolving};
use crate::source::args::Tree;
use crate::stack::Stack;
use crate::upgrade::Upgrade;
use crate::validator::{Added, Validator};

/// Collects sources and loads a `C` from them; a later source overrides an earlier one.
#[derive(Debug)]
#[must_use = "a loader does nothing until `load` is called"]
pub struct Loader<C> {
    pub(crate) plan: Plan,
    added: Option<Added<C>>,
    strict_if: Option<fn(&C) -> bool>,
    config: PhantomData<fn() -> C>,
}

impl<C> Clone for Loader<C> {
    fn clone(&self) -> Self {
        Self { plan: self.plan.clone(), added: self.added.clone(), strict_if: self.strict_if, config: PhantomData }
    }
}

impl<C: LayeredConfig> Loader<C> {
    /// A loader without sources: it knows the defaults alone.
    pub fn new() -> Self {
        // Generic structs are checked where they are used; the others were checked where they are defined.
        const { crate::schema::check(C::SCHEMA) };
        Self { plan: Plan::default(), added: None, strict_if: None, config: PhantomData }
    }

    /// Reads a TOML, YAML or JSON file, by its extension. It must exist, unless [`Self::optional`] follows.
    /// `{environment}` in the path stands for the environment's name ([`Self::environment`]).
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        self.source(Source::File { path: path.into(), required: true }, Gathered::files)
    }

    /// Reads a file that exists for each environment: `{}` in the pattern is the environment's name.
    pub fn files_for(self, pattern: &str, environment: &str) -> Self {
        self.file(pattern.replace("{}", environment))
    }

    /// Reads the file that a variable names, if it is set.
    pub fn file_from_env(self, variable: impl Into<String>) -> Self {
        self.source(Source::FileFromEnv(variable.into()), Gathered::files)
    }

    /// Reads every TOML, YAML and JSON file of a folder, in the order of their names (`conf.d`).
    pub fn dir(self, path: impl Into<PathBuf>) -> Self {
        self.source(Source::Dir { path: path.into(), required: true }, Gathered::dirs)
    }

    /// The source added last need not exist.
    pub fn optional(mut self) -> Self {
        if let Some(Source::File { required, .. } | Source::Dir { required, .. } | Source::Dotenv { required, .. }) =
            self.plan.sources.last_mut().map(|planned| &mut planned.source)
        {
            *required = false;
        }
        self
    }

    /// Reads a document in memory; its name says its format and is what positions are reported under.
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.source(Source::Text { name: name.into(), text: text.into(), environment: None }, Gathered::files)
    }

    /// Reads a document in memory where the environment has this name ([`Self::environment`]): what a program itself
    /// says of its environments.
    pub fn text_for(self, environment: impl Into<String>, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.source(
            Source::Text { name: name.into(), text: text.into(), environment: Some(environment.into()) },
            Gathered::files,
        )
    }

    /// Reads a `.env` file. Its variables are those of the environment, weaker or stronger by the order of the calls.
    pub fn dotenv(self, path: impl Into<PathBuf>) -> Self {
        self.source(Source::Dotenv { path: path.into(), required: true }, Gathered::dotenvs)
    }

    /// Reads the text of a `.env` file in memory.
    pub fn dotenv_text(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.source(Source::DotenvText { name: name.into(), text: text.into() }, Gathered::dotenvs)
    }

    /// Reads the environment of this process.
    pub fn env(self) -> Self {
        self.env_source(EnvSource::process())
    }

    /// Reads these variables in place of the environment, as tests do.
    pub fn env_from<K: Into<OsString>, V: Into<OsString>>(self, vars: impl IntoIterator<Item = (K, V)>) -> Self {
        self.env_source(EnvSource::given(vars))
    }

    /// Reads this environment.
    pub fn env_source(mut self, env: EnvSource) -> Self {
        self.plan.env = Some(env);
        self.source(Source::Env, Gathered::variables)
    }

    /// Looks variables up here, for `${VAR}` in `.env` files, [`Self::file_from_env`] and the like, without reading
    /// settings from them.
    pub fn variables(mut self, env: EnvSource) -> Self {
        self.plan.env = Some(env);
        self
    }

    /// Reads the command line: `--set PATH=VALUE`, and `--kebab-path VALUE` for every leaf. The first argument is the
    /// program's name.
    pub fn args<A: Into<OsString>>(self, args: impl IntoIterator<Item = A>) -> Self {
        let args = args.into_iter().skip(1).map(Into::into).collect();
        self.source(Source::Args(args), Gathered::arguments)
    }

    /// Sets one value, as `--set PATH=VALUE` does.
    pub fn set(mut self, path: &str, value: &str) -> Self {
        if let Some(Planned { source: Source::Set(tree), .. }) = self.plan.sources.last_mut() {
            tree.set_path(path, value);
            return self;
        }
        let mut tree = Tree::new();
        tree.set_path(path, value);
        self.source(Source::Set(tree), Gathered::sets)
    }

    /// Adds a layer that the program made.
    pub fn layer(self, layer: Layer) -> Self {
        self.source(Source::Layer(layer), Gathered::values)
    }

    /// Adds the program's own values, from anything that serde writes; `name` is their origin.
    pub fn values<T: Serialize + ?Sized>(self, name: impl Into<String>, values: &T) -> Self {
        let document: Document = encode::to_document(values);
        self.layer(Layer::new(LayerKind::Program, name, document))
    }

    /// Reads a file as an option of the command line asks for it: weaker than every variable and argument, though they
    /// were added before, and stronger than the files before them.
    pub fn file_below_variables(self, path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        self.insert(Source::File { path, required: true }, Gathered::files, |source| {
            matches!(source, Source::Dotenv { .. } | Source::DotenvText { .. }) || source.is_env_or_args()
        })
    }

    /// Reads a `.env` file as an option of the command line asks for it: weaker than the environment and arguments,
    /// though they were added before, and stronger than the files before them.
    pub fn dotenv_below_env(self, path: impl Into<PathBuf>) -> Self {
        self.insert(Source::Dotenv { path: path.into(), required: true }, Gathered::dotenvs, Source::is_env_or_args)
    }

    /// Applies a board's profile, or what settings' attributes say of one of this name: its defaults stand right above the
    /// defaults, its limits over everything, and its memory is what the configuration may need ([`Loaded::budget`]).
    pub fn profile(mut self, profile: impl Into<Profile>) -> Self {
        self.plan.profile = Some(Applied::new(profile.into()));
        self
    }

    /// Applies no board's profile, whatever was asked for before.
    pub fn no_profile(mut self) -> Self {
        self.plan.profile = None;
        self
    }

    /// The environment's name, for `{environment}` in paths.
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.plan.environment = Some(name.into());
        self
    }

    /// Takes the environment's name from a variable, where it is set.
    pub fn environment_from(mut self, variable: impl Into<String>) -> Self {
        self.plan.environment_from = Some(variable.into());
        self
    }

    /// How strictly values are judged.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.plan.mode = mode;
        self.plan.mode_from = None;
        self.strict_if = None;
        self
    }

    /// Judges strictly where the configuration itself says so; [`Self::mode`] afterwards overrules it.
    pub fn strict_if(mut self, strict: fn(&C) -> bool) -> Self {
        self.strict_if = Some(strict);
        self
    }

    /// Takes the mode from a variable, where it is set: `strict`, `normal`, `lenient`, or a boolean for strict.
    pub fn mode_from_env(mut self, variable: impl Into<String>) -> Self {
        let variable = variable.into();
        self.plan.reserved.push(variable.clone());
        self.plan.mode_from = Some(variable);
        self
    }

    /// Reads references to secrets that stand elsewhere, such as `fernet:…` and `aws-sm:…`, in settings that are secret. Of
    /// two resolvers of one scheme the later one counts.
    pub fn resolver(mut self, resolver: Arc<dyn Resolver>) -> Self {
        self.resolving().resolvers.push(resolver);
        self
    }

    /// Every value of the secret setting at this path is a reference of this scheme where it names none:
    /// `.refers("jwt_secret_encrypted", "fernet-base64")`. It is never taken for the secret itself.
    pub fn refers(mut self, path: impl Into<String>, scheme: impl Into<String>) -> Self {
        self.resolving().implied.push((path.into(), scheme.into()));
        self
    }

    /// A loader without sources and choices that reads documents as this one does: with its resolvers, and with what
    /// brings older versions up to date.
    pub fn without_sources(&self) -> Self {
        let mut loader = Self::new();
        loader.plan.resolving.clone_from(&self.plan.resolving);
        loader.plan.upgrade.clone_from(&self.plan.upgrade);
        loader
    }

    fn resolving(&mut self) -> &mut Resolving {
        self.plan.resolving.get_or_insert_with(|| Box::new(Resolving::new()))
    }

    /// Adds rules that the program made at run time.
    pub fn validator(mut self, validator: Validator<C>) -> Self {
        self.added = Some(Added { validator, place: Explainer::place_in });
        self
    }

    /// Brings every document up to date that was written for an older version of the program, in memory, before its
    /// settings are read: files, documents in memory, and what a store holds.
    pub fn upgrade(mut self, upgrade: impl Upgrade + 'static) -> Self {
        self.plan.upgrade = Some(Arc::new(upgrade));
        self
    }

    /// Reads everything and builds the configuration.
    ///
    /// # Errors
    /// Everything that is wrong in all sources.
    pub fn load(self) -> Result<Loaded<C>, Report> {
        self.read().into_loaded()
    }

    /// Reads everything; what could be read is there even where something is wrong.
    #[must_use]
    pub fn read(self) -> Outcome<C> {
        let gathered = Gathered::new(self.plan, C::SCHEMA);
        Outcome::build(gathered, self.added.as_ref(), self.strict_if)
    }

    /// Reads every source and keeps each by itself, so that one of them can be read again: for a live configuration.
    #[must_use]
    pub fn stack(mut self) -> Stack<C> {
        let sources = std::mem::take(&mut self.plan.sources);
        for planned in &sources {
            if let Source::FileFromEnv(variable) = &planned.source {
                self.plan.reserved.push(variable.clone());
            }
        }
        Stack::new(Gathered::new(self.plan, C::SCHEMA), sources, self.added, self.strict_if)
    }

    /// Inserts a source before the first that must stay stronger.
    fn insert(mut self, source: Source, read: fn(&mut Gathered, Source), stronger: fn(&Source) -> bool) -> Self {
        let sources = &mut self.plan.sources;
        let at = sources.iter().position(|planned| stronger(&planned.source)).unwrap_or(sources.len());
        sources.insert(at, Planned { source, read });
        self
    }

    fn source(mut self, source: Source, read: fn(&mut Gathered, Source)) -> Self {
        self.plan.sources.push(Planned { source, read });
        self
    }
}

impl<C: LayeredConfig> Default for Loader<C> {
    fn default() -> Self {
        Self::new()
    }
}
