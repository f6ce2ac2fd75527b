//! A server of its own, for programs that have none to mount the interface in.

use std::future::Future;
use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::admin::Admin;

/// Serves the interface until the future ends; then requests that have begun are answered, and changes that have begun
/// are made.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    admin: Admin,
    until: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (router, app) = admin.build();
    let telling = Arc::clone(&app);
    let until = async move {
        until.await;
        telling.shutdown.begin("the server is shutting down");
    };
    axum::serve(listener, router).with_graceful_shutdown(until).await?;
    app.work.close();
    app.work.wait().await;
    Ok(())
}
