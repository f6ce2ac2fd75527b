//! Where a server listens.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

/// Where it listens when nobody says.
pub(super) const DEFAULT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7000);

/// Listens on an address that was asked for, which must be free; or else on the default one, or where that is busy, on any
/// free port.
pub(super) async fn bind(asked: Option<SocketAddr>) -> Result<TcpListener, String> {
    let failed = |address: SocketAddr| move |error: io::Error| format!("can't listen on {address}: {error}");
    let address = asked.unwrap_or(DEFAULT);
    match TcpListener::bind(address).await {
        Err(error) if asked.is_none() && error.kind() == io::ErrorKind::AddrInUse => {
            tracing::warn!("port {} is in use, so that a free one is taken", DEFAULT.port());
            let free = SocketAddr::new(DEFAULT.ip(), 0);
            TcpListener::bind(free).await.map_err(failed(free))
        }
        bound => bound.map_err(failed(address)),
    }
}
