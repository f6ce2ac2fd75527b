//! The configuration of these tests, and a run of its commands.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Command;
use strata_config::{ByteSize, ConfigEnum, LayeredConfig, Secret};
use strata_config_cli::{ConfigCommand, Output, Status, Terminal};

/// An application.
#[derive(LayeredConfig, Debug, Clone, PartialEq)]
#[config(env_prefix = "APP")]
pub(crate) struct AppConfig {
    /// A name.
    #[config(default = "app")]
    pub(crate) name: String,
    /// Writes more.
    #[config(default = false)]
    pub(crate) debug: bool,
    /// The format of answers; its flag has the name of an option.
    #[config(default = "plain")]
    pub(crate) format: String,
    /// How much is told.
    #[config(default = "info", alias = "loglevel")]
    pub(crate) log: Level,
    /// Origins.
    #[config(default = [], merge = "append", validate(length(max = 4)))]
    pub(crate) cors: Vec<String>,
    /// Words for things.
    #[config(default = [("team", "core")])]
    pub(crate) labels: BTreeMap<String, String>,
    /// Time to wait.
    #[config(default = "30s")]
    pub(crate) timeout: Duration,
    /// Room.
    #[config(default = "1MiB")]
    pub(crate) room: ByteSize,
    /// A share.
    #[config(default = 0.5, warn(range(max = 0.9), "that is a lot"))]
    pub(crate) share: f64,
    /// Maybe a number.
    pub(crate) limit: Option<i64>,
    #[config(nested)]
    pub(crate) db: DbConfig,
    #[config(nested)]
    pub(crate) tls: Option<TlsConfig>,
    /// Other machines.
    #[config(nested)]
    pub(crate) peers: Vec<PeerConfig>,
    /// Files that were read.
    #[config(computed = files)]
    pub(crate) files: usize,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct DbConfig {
    /// With a password.
    #[config(secret, default = Secret::new("sqlite:app.db".to_owned()))]
    pub(crate) url: Secret<String>,
    /// Connections that stay open.
    ///
    /// More are opened when needed.
    #[config(
        default = 8,
        validate(range(min = 1, max = 64)),
        fallback = 4,
        reload = "restart",
        profile(pi_zero_2w(default = 2, max = 20))
    )]
    pub(crate) pool_size: u16,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct TlsConfig {
    pub(crate) cert: String,
    #[config(default = 443)]
    pub(crate) port: u16,
}

#[derive(LayeredConfig, Debug, Clone, PartialEq)]
pub(crate) struct PeerConfig {
    pub(crate) host: String,
    #[config(default = 80)]
    pub(crate) port: u16,
}

#[derive(ConfigEnum, Debug, Clone, Copy, PartialEq)]
pub(crate) enum Level {
    Debug,
    Info,
}

fn files(info: &strata_config::LoadInfo) -> usize {
    info.files().count()
}

/// A folder with files, and variables.
pub(crate) struct Run {
    folder: tempfile::TempDir,
    vars: Vec<(&'static str, &'static str)>,
    pub(crate) terminal: Terminal,
}

impl Run {
    pub(crate) fn new(files: &[(&str, &str)], vars: &[(&'static str, &'static str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Self { folder, vars: vars.to_vec(), terminal: Terminal::default() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `config ARGS`; `{}` in an argument is the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        let (app, vars) = (self.path("app.toml"), self.vars.clone());
        let dotenv = self.path(".env");
        let config = ConfigCommand::new(move || {
            AppConfig::loader().file(&app).optional().dotenv(&dotenv).optional().env_from(vars.clone())
        });
        // Below `machine` a test says what the board is; where it says nothing, no board is found, whatever runs the test.
        #[cfg(feature = "pi-profile")]
        let config = config.machine(self.path("machine"));
        let folder = self.folder.path().to_str().unwrap();
        let args = ["app", "config"].into_iter().chain(args.iter().copied()).map(|arg| arg.replace("{}", folder));
        let matches = match Command::new("app").subcommand(config.command("config")).try_get_matches_from(args) {
            Ok(matches) => matches,
            Err(error) => {
                return Output { stdout: String::new(), stderr: error.to_string(), status: Status::Usage };
            }
        };
        let (_, matches) = matches.subcommand().unwrap();
        let mut output = config.execute(matches, self.terminal);
        output.stdout = self.short(&output.stdout);
        output.stderr = self.short(&output.stderr);
        output
    }

    fn short(&self, text: &str) -> String {
        text.replace(&format!("{}/", Path::new(self.folder.path()).display()), "")
    }

    /// The output of a run that must succeed.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!((output.status, output.stderr.as_str()), (Status::Success, ""), "{args:?}: {}", output.stdout);
        output.stdout
    }

    /// The JSON of a run.
    pub(crate) fn json(&self, args: &[&str]) -> serde_json::Value {
        let output = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
    }
}
