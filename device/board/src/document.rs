//! The file that the program reads: written anew before each reload, and different each time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file of the settings.
#[derive(Debug)]
pub(crate) struct Document {
    path: PathBuf,
}

impl Document {
    /// A file in a directory, with its first content.
    ///
    /// # Errors
    /// Where it can't be written.
    pub(crate) fn new(directory: &Path) -> io::Result<Self> {
        let document = Self { path: directory.join("phase2a.toml") };
        document.write(0)?;
        Ok(document)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes its content of a number beside it, and renames that into its place, as editors do.
    ///
    /// # Errors
    /// Where it can't be written.
    pub(crate) fn write(&self, number: u64) -> io::Result<()> {
        let new = self.path.with_extension("new");
        fs::write(&new, content(number))?;
        fs::rename(&new, &self.path)
    }

    /// The time that answers are kept, in the content of a number: what tells one from the next.
    pub(crate) const fn cache_ttl(number: u64) -> u64 {
        300 + number
    }
}

/// It asks for more than the board carries, so that limits have something to do.
fn content(number: u64) -> String {
    format!(
        "# What this site says, for the {number}. time.
phase_2a_enabled = true
max_memory_usage_mb = 450
rollout_ip_whitelist = [\"10.0.0.0/8\", \"192.168.1.17\"]
config_version = \"1.2.0\"

[connection_pool]
rollout_strategy = \"gradual\"
http_total_pool_size = 500
http_connections_per_host = {}
db_pool_size = 40
max_concurrent_connections = 5000
connection_retry_delay = 0.5

[request_pipeline]
rollout_strategy = \"canary\"
cache_ttl_seconds = {}
cache_max_size = 50000
cache_memory_limit_mb = 40
max_batch_wait_time_ms = 80

[flags.flags]
new_dashboard = \"{}%\"
",
        1 + number % 30,
        Document::cache_ttl(number),
        number % 100,
    )
}
