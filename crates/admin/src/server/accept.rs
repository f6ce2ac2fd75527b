//! Connections, from the first that is accepted to the last that ends.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Settings;
use super::connection::{Connection, Handshake};
use crate::admin::Admin;

/// Accepts connections until the future ends, and ends them in good order.
pub(super) async fn run(
    listener: TcpListener,
    admin: Admin,
    settings: Settings,
    handshake: Handshake,
    until: impl Future<Output = ()> + Send,
) {
    let (router, app) = admin.build();
    let room = Arc::new(Semaphore::new(settings.connections));
    let connections = TaskTracker::new();
    let (stop, abort) = (CancellationToken::new(), CancellationToken::new());
    let handshake = Arc::new(handshake);
    let accepting = async {
        loop {
            // Room first: what finds none waits in the system's queue.
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
            let (stream, peer) = accept(&listener).await;
            let connection = Connection {
                router: router.clone(),
                peer,
                header_time: settings.header_time,
                stop: stop.clone(),
                abort: abort.clone(),
            };
            let handshake = Arc::clone(&handshake);
            connections.spawn(async move {
                connection.run(stream, &handshake).await;
                drop(permit);
            });
        }
    };
    tokio::select! {
        () = accepting => {}
        () = until => {}
    }
    drop(listener);
    app.shutdown.begin(&settings.reason);
    stop.cancel();
    connections.close();
    if timeout(settings.grace, connections.wait()).await.is_err() {
        tracing::warn!(connections = connections.len(), "connections did not end in time and are cut");
        abort.cancel();
        connections.wait().await;
    }
    app.work.close();
    if timeout(settings.grace, app.work.wait()).await.is_err() {
        tracing::error!("changes did not end in time; their outcome will show in the history");
    }
    // Last, since the changes that were just made are sent as well.
    #[cfg(feature = "webhooks")]
    if let Some(webhooks) = app.webhooks.get() {
        webhooks.finish().await;
    }
}

/// The next connection. Where the system has no room for one, it is asked again a little later.
async fn accept(listener: &TcpListener) -> (TcpStream, std::net::SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) if is_of_one(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Whether only that one connection failed.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
