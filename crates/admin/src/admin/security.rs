//! What an application says of the interface's safety.

use std::io;
use std::path::Path;

use axum::http::HeaderValue;
use ipnet::IpNet;

use super::Admin;
use crate::audit::AuditFile;
use crate::guard::Limits;

impl Admin {
    /// How much a request may be, how long it may take, and how many there may be.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.security.limits = limits;
        self
    }

    /// The names that clients call the server by, without ports, beside `localhost`, `127.0.0.1` and `[::1]`: requests with
    /// any other header `Host` are refused with 421. So no page can reach the interface by binding a name of its own to
    /// this machine's address. The [`Server`](crate::Server) checks it by itself where it listens on a loopback address;
    /// elsewhere nothing is checked where no names are given.
    pub fn hosts(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.security.hosts.get_or_insert_default().extend(names.into_iter().map(Into::into));
        self
    }

    /// Proxies before the server, by address or network: what they say in `X-Forwarded-For` is believed. Without them the
    /// peer's own address counts, and the header is ignored.
    pub fn proxies(mut self, networks: impl IntoIterator<Item = IpNet>) -> Self {
        self.security.proxies.extend(networks);
        self
    }

    /// Lets pages of these origins (`https://console.example`) ask, and read the `ETag` of the answer. Without it no page of
    /// another origin may.
    pub fn cors(mut self, origins: impl IntoIterator<Item = HeaderValue>) -> Self {
        self.security.origins.extend(origins);
        self
    }

    /// Appends the audit to a file as well, a line of JSON for each attempt to change something. The file is renamed when
    /// it has 16 MiB (`audit.jsonl.1` is the newest of four). The entry of a change is on the disk before the change is
    /// answered. Where the disk is full, changes are made all the same: entries wait in memory, up to 10,000, and
    /// the status tells it, with the number of those that were lost.
    ///
    /// # Errors
    /// The file can't be opened for appending.
    pub fn audit_file(mut self, path: impl AsRef<Path>) -> io::Result<Self> {
        self.audit = Some(AuditFile::open(path.as_ref())?);
        Ok(self)
    }

    /// Lets the [`Server`](crate::Server) listen on addresses that others reach though nobody has configured a token, or
    /// only one was made by chance.
    pub fn serve_anywhere(mut self) -> Self {
        self.security.anywhere = true;
        self
    }
}
