//! A document with its backups and its history: TOML, YAML and JSON, of several blocks.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use strata_config_migrate::{MigrateError, Migrations};

use super::{
    Config, NEWEST, OLDEST, Outcome, Problem, STEPS, Seen, Subject, check_left_over, check_records, migrations,
};

/// Each format's document of the oldest and of the newest version, as a migration writes them from one another.
const TOML: [&str; 2] = [
    "# The service.\nversion = \"1\" # of this file\nlisten = 9000 # not 80\nnotes = [NOTES]\n# Patience.\ntimeout = 5 # enough\n\n\
     [http] # all of it\nregion = 'eu'\n",
    "# The service.\nversion = \"4\" # of this file\nport = 9000 # not 80\nnotes = [NOTES]\n\n\
     [http] # all of it\nregion = 'eu'\n# Patience.\ntimeout_ms = 5000 # enough\n",
];
const YAML: [&str; 2] = [
    "# The service.\n\nversion: \"1\" # of this file\nlisten: 9000 # not 80\nnotes: [NOTES]\nhttp: # all of it\n  region: 'eu'\n\
     # Patience.\ntimeout: 5 # enough\n",
    "# The service.\n\nversion: \"4\" # of this file\nport: 9000 # not 80\nnotes: [NOTES]\nhttp: # all of it\n  region: 'eu'\n  \
     # Patience.\n  timeout_ms: 5000 # enough\n",
];
const JSON: [&str; 2] = [
    "// The service.\n{\n  \"version\": \"1\", // of this file\n  \"listen\": 9000, // not 80\n  \"notes\": [NOTES],\n  \
     \"http\": {\"region\": \"eu\"},\n  \"timeout\": 5\n}\n",
    "// The service.\n{\n  \"version\": \"4\", // of this file\n  \"port\": 9000, // not 80\n  \"notes\": [NOTES],\n  \
     \"http\": {\"region\": \"eu\", \"timeout_ms\": 5000}\n}\n",
];

/// Notes, and the letters of each: several blocks.
const NOTES: usize = 10;
const LETTERS: usize = 1_000;

pub(crate) struct Document {
    path: PathBuf,
    oldest: String,
    newest: String,
}

impl Document {
    /// The document; where there is none, it comes into being as a whole.
    pub(crate) fn open(path: &Path) -> Result<Self, Problem> {
        let [oldest, newest] = match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => TOML,
            Some("yaml") => YAML,
            _ => JSON,
        };
        let notes = vec![format!("\"{}\"", "x".repeat(LETTERS)); NOTES];
        let text = |text: &str| text.replace("NOTES", &notes.join(", "));
        let document = Self { path: path.to_owned(), oldest: text(oldest), newest: text(newest) };
        if !path.try_exists()? {
            let new = path.with_extension("new");
            fs::create_dir_all(document.folder())?;
            let mut file = File::create(&new)?;
            file.write_all(document.oldest.as_bytes())?;
            file.sync_all()?;
            fs::rename(new, path)?;
            File::open(document.folder())?.sync_all()?;
        }
        Ok(document)
    }

    fn folder(&self) -> &Path {
        self.path.parent().expect("a file is in a folder")
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn beside(&self, end: &str) -> PathBuf {
        self.folder().join(self.name() + end)
    }

    fn text_of(&self, version: &str) -> &str {
        if version == OLDEST { &self.oldest } else { &self.newest }
    }

    /// The version of a text that is wholly of one.
    fn version_of(&self, path: &Path) -> Result<&'static str, Problem> {
        match fs::read_to_string(path)? {
            text if text == self.oldest => Ok(OLDEST),
            text if text == self.newest => Ok(NEWEST),
            text => Err(format!("{} is of no version:\n{text}", path.display()).into()),
        }
    }
}

impl Subject for Document {
    fn look(&self) -> Result<Seen, Problem> {
        let version = self.version_of(&self.path)?;
        let records = Migrations::file_history(&self.path)?;
        check_records(&records, &self.name(), version)?;
        for entry in fs::read_dir(self.folder())? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "bak") {
                self.version_of(&path)?;
            }
        }
        if let Some(first) = records.len().checked_sub(STEPS) {
            let from = &records[first].from;
            let backup = fs::read_to_string(self.beside(&format!(".{from}.bak")))?;
            if backup != self.text_of(from) {
                return Err(format!("the backup of version {from} is of another").into());
            }
        }
        Ok(Seen { version, records })
    }

    fn migrate(&self, actor: &str) -> Result<(), MigrateError> {
        let mut plan = migrations().plan_file::<Config>(&self.path, None)?;
        if plan.plan().is_empty() {
            plan = migrations().plan_file::<Config>(&self.path, Some(OLDEST))?;
        }
        plan.write(actor, false).map(drop)
    }

    fn left_over(&self) -> Outcome {
        check_left_over(self.folder())
    }

    fn forget(&self) -> Outcome {
        Ok(fs::remove_file(self.beside(".migrations.jsonl"))?)
    }
}
