//! A server of its own, for programs that have none to mount the interface in.

mod accept;
mod connection;
#[cfg(feature = "tls")]
mod tls;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

#[cfg(feature = "tls")]
pub use tls::Tls;

use crate::admin::Admin;

/// Serves the interface until the future ends; then requests that have begun are answered, and changes that have begun
/// are made.
///
/// # Errors
/// As [`Server::serve`]'s.
pub async fn serve(
    listener: TcpListener,
    admin: Admin,
    until: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    Server::new(admin).serve(listener, until).await
}

/// A server of the interface alone: HTTP/1.1 with limits on what a connection may cost.
#[must_use = "nothing is served until `serve` is called"]
pub struct Server {
    admin: Admin,
    settings: Settings,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

/// What a connection may cost.
#[derive(Debug, Clone)]
struct Settings {
    header_time: Duration,
    grace: Duration,
    connections: usize,
    reason: String,
}

impl Server {
    /// A server of the interface.
    pub fn new(admin: Admin) -> Self {
        let settings = Settings {
            header_time: Duration::from_secs(10),
            grace: Duration::from_secs(10),
            connections: 1024,
            reason: "the server is shutting down".to_owned(),
        };
        Self {
            admin,
            settings,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// How long a client may take to send the head of a request; also how long a connection may stay open between two: 10 s
    /// where nothing is said.
    pub fn header_time(mut self, time: Duration) -> Self {
        self.settings.header_time = time;
        self
    }

    /// How many connections there may be at once; more wait until one ends: 1,024 where nothing is said.
    pub fn connections(mut self, count: usize) -> Self {
        self.settings.connections = count.clamp(1, 1 << 20);
        self
    }

    /// How long requests that have begun may take to end at a shutdown, and after them changes: 10 s each where nothing
    /// is said.
    pub fn grace(mut self, time: Duration) -> Self {
        self.settings.grace = time;
        self
    }

    /// What streams are told when the server ends.
    pub fn reason(mut self, reason: impl Into<String>) -> Self {
        self.settings.reason = reason.into();
        self
    }

    /// Speaks TLS, and nothing else.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Serves until the future ends. Then no connection is accepted any more, streams are told the reason and end,
    /// requests that have begun are answered, and changes that have begun are made, also those whose clients are gone.
    ///
    /// # Errors
    /// The listener has no address; or it is reachable by others while nobody has configured a token (see
    /// [`Admin::serve_anywhere`]).
    pub async fn serve(self, listener: TcpListener, until: impl Future<Output = ()> + Send) -> io::Result<()> {
        let address = listener.local_addr()?;
        let mut admin = self.admin;
        admin.is_alone = true;
        permit(&admin, address)?;
        if address.ip().to_canonical().is_loopback() {
            admin.security.hosts.get_or_insert_default();
        }
        #[cfg(feature = "tls")]
        let handshake = connection::Handshake { tls: self.tls };
        #[cfg(not(feature = "tls"))]
        let handshake = connection::Handshake {};
        accept::run(listener, admin, self.settings, handshake, until).await;
        Ok(())
    }
}

/// Others may not reach an interface that nobody has locked.
fn permit(admin: &Admin, address: SocketAddr) -> io::Result<()> {
    if address.ip().to_canonical().is_loopback() || admin.has_configured_tokens() || admin.security.anywhere {
        return Ok(());
    }
    let text = format!(
        "others can reach {address}, and no token is configured: configure one, or listen on a loopback address such as \
         127.0.0.1:{}",
        address.port()
    );
    Err(io::Error::new(io::ErrorKind::PermissionDenied, text))
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("admin", &self.admin).field("settings", &self.settings).finish_non_exhaustive()
    }
}
