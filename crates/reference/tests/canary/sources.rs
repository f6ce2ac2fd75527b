//! The ways by which secrets come in, each in its own folder.

use std::path::Path;

use strata_config::{EnvSource, Loader};
use tempfile::TempDir;

use crate::case::{Case, Marked, Subject};
use crate::documents::{Language, place};

/// A way by which secrets come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A file in a language.
    File(Language),
    /// The same as a text in memory.
    Text(Language),
    /// A folder of files.
    Folder,
    /// A `.env` file.
    Dotenv,
    /// The same as a text in memory.
    DotenvText,
    /// Variables.
    Variables,
    /// Files that variables with `_FILE` name.
    VariableFiles,
    /// Files that a `.env` file's variables with `_FILE` name.
    DotenvFiles,
    /// Fernet tokens in a file, as whole values and within texts.
    Tokens,
    /// Fernet tokens in variables.
    TokenVariables,
    /// The command line's `--set`.
    Set,
    /// The settings' own options.
    Arguments,
    /// Values of the program.
    Values,
}

impl Way {
    pub(crate) const ALL: [Self; 17] = [
        Self::File(Language::Toml),
        Self::File(Language::Yaml),
        Self::File(Language::Json),
        Self::Text(Language::Toml),
        Self::Text(Language::Yaml),
        Self::Text(Language::Json),
        Self::Folder,
        Self::Dotenv,
        Self::DotenvText,
        Self::Variables,
        Self::VariableFiles,
        Self::DotenvFiles,
        Self::Tokens,
        Self::TokenVariables,
        Self::Set,
        Self::Arguments,
        Self::Values,
    ];

    /// Those that the binary has without showing secrets to the users of its machine.
    pub(crate) const OF_THE_BINARY: [Self; 9] = [
        Self::File(Language::Toml),
        Self::File(Language::Yaml),
        Self::File(Language::Json),
        Self::Dotenv,
        Self::Variables,
        Self::VariableFiles,
        Self::DotenvFiles,
        Self::Tokens,
        Self::TokenVariables,
    ];

    /// Whether it can carry every secret: items of lists and entries of maps have no variables of their own.
    fn carries_all(self) -> bool {
        matches!(self, Self::File(_) | Self::Text(_) | Self::Folder | Self::Tokens | Self::Values)
    }
}

/// A folder, the options of a command line, and variables that bring a case's secrets.
pub(crate) struct Brought {
    pub(crate) folder: TempDir,
    pub(crate) options: String,
    pub(crate) variables: Vec<(String, String)>,
}

impl Way {
    /// Writes files and names variables, so that a loader or the binary finds the secrets.
    pub(crate) fn bring(self, case: &Case) -> Brought {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let at = |name: &str| path.join(name);
        let mut brought = Brought { options: String::new(), variables: Vec::new(), folder };
        let named = || case.secrets.iter().filter_map(|secret| Some((secret.variable.clone()?, secret)));
        // What has no variable stands in a file in any case.
        if !self.carries_all() && named().count() < case.secrets.len() {
            std::fs::write(at("rest.json"), case.document().to_string()).unwrap();
            brought.options += " -f rest.json";
        }
        let token = |given: &str| match given.split_once("://user:") {
            Some((scheme, rest)) => {
                let (secret, host) = rest.split_once('@').expect("a URL has its host behind it");
                format!("{scheme}://user:${{{}}}@{host}", case.sealed(secret))
            }
            None => case.sealed(given),
        };
        let open = |secret: &Marked| if secret.fixed { secret.given.clone() } else { token(&secret.given) };
        let file = |variable: String, given: &str| {
            let own = at(&format!("{variable}.secret"));
            std::fs::write(&own, format!("{given}\n")).unwrap();
            (format!("{variable}_FILE"), own.to_str().unwrap().to_owned())
        };
        let lines = |pairs: Vec<(String, String)>| {
            pairs.iter().map(|(name, value)| format!("{name}='{value}'\n")).collect::<Vec<_>>().concat()
        };
        match self {
            Self::File(language) | Self::Text(language) => {
                let name = format!("secrets.{}", language.extension());
                std::fs::write(at(&name), language.write(&case.document())).unwrap();
                brought.options += &format!(" -f {name}");
            }
            Self::Folder => {
                std::fs::create_dir(at("conf.d")).unwrap();
                std::fs::write(at("conf.d/10-secrets.toml"), Language::Toml.write(&case.document())).unwrap();
            }
            Self::Dotenv | Self::DotenvText => {
                let pairs = named().map(|(name, secret)| (name, secret.given.clone())).collect();
                std::fs::write(at("secrets.env"), lines(pairs)).unwrap();
                brought.options += " --env-file secrets.env";
            }
            Self::Variables => {
                brought.variables = named().map(|(name, secret)| (name, secret.given.clone())).collect();
            }
            Self::VariableFiles => {
                brought.variables = named().map(|(name, secret)| file(name, &secret.given)).collect();
            }
            Self::DotenvFiles => {
                let pairs = named().map(|(name, secret)| file(name, &secret.given)).collect();
                std::fs::write(at("secrets.env"), lines(pairs)).unwrap();
                brought.options += " --env-file secrets.env";
            }
            Self::Tokens => {
                let mut document = case.document();
                for secret in &case.secrets {
                    *place(&mut document, &secret.path) = open(secret).into();
                }
                std::fs::write(at("secrets.yaml"), Language::Yaml.write(&document)).unwrap();
                brought.options += " -f secrets.yaml";
            }
            Self::TokenVariables => {
                brought.variables = named().map(|(name, secret)| (name, open(secret))).collect();
            }
            Self::Set | Self::Arguments | Self::Values => {}
        }
        brought
    }

    /// A loader that finds a case's secrets by this way.
    pub(crate) fn loader<S: Subject>(self, case: &Case, brought: &Brought) -> Loader<S> {
        let at = |name: &str| brought.folder.path().join(name);
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let loader = S::secrets(Loader::<S>::new(), Some(&case.fernet()));
        let loader = if brought.options.contains("rest.json") { loader.file(at("rest.json")) } else { loader };
        let flat = || case.secrets.iter().filter(|secret| secret.variable.is_some());
        match self {
            Self::File(language) => loader.file(at(&format!("secrets.{}", language.extension()))),
            Self::Text(language) => {
                let name = format!("secrets.{}", language.extension());
                loader.text(name.clone(), read(&at(&name)))
            }
            Self::Folder => loader.dir(at("conf.d")),
            Self::Dotenv | Self::DotenvFiles => loader.dotenv(at("secrets.env")),
            Self::DotenvText => loader.dotenv_text("secrets.env", read(&at("secrets.env"))),
            Self::Variables | Self::VariableFiles | Self::TokenVariables => {
                loader.env_source(EnvSource::given(brought.variables.clone()))
            }
            Self::Tokens => loader.file(at("secrets.yaml")),
            Self::Set => flat().fold(loader, |loader, secret| loader.set(secret.path.as_str(), &secret.given)),
            Self::Arguments => {
                let option =
                    |secret: &Marked| format!("--{}={}", secret.path.as_str().replace(['.', '_'], "-"), secret.given);
                loader.args(["program".to_owned()].into_iter().chain(flat().map(option)))
            }
            Self::Values => loader.values("the program", &case.document()),
        }
    }
}

/// A valid loader of a case by a plain file, where another way is not the point.
pub(crate) fn plain<S: Subject>(case: &Case) -> (Brought, Loader<S>) {
    let way = Way::File(Language::Toml);
    let brought = way.bring(case);
    let loader = way.loader(case, &brought);
    (brought, loader)
}
