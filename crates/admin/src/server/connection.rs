//! One connection: its handshake, its requests, its end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The most bytes and headers of a request's head that are read at all; the interface's own limits are far below.
const HEAD: usize = 64 * 1024;
const HEADERS: usize = 256;

/// What comes before HTTP.
pub(super) struct Handshake {
    #[cfg(feature = "tls")]
    pub(super) tls: Option<super::Tls>,
}

/// One connection.
pub(super) struct Connection {
    pub(super) router: Router,
    pub(super) peer: SocketAddr,
    pub(super) header_time: Duration,
    /// The request under way is the last.
    pub(super) stop: CancellationToken,
    /// Its time is over.
    pub(super) abort: CancellationToken,
}

impl Connection {
    /// Until either side ends it.
    #[cfg_attr(not(feature = "tls"), expect(unused_variables, reason = "there is only one kind without TLS"))]
    pub(super) async fn run(self, stream: TcpStream, handshake: &Handshake) {
        let peer = self.peer;
        // Answers are small, and written whole.
        let _ = stream.set_nodelay(true);
        #[cfg(feature = "tls")]
        let ended = match &handshake.tls {
            Some(tls) => match self.greet(stream, tls).await {
                Ok(stream) => self.serve(stream).await,
                Err(error) => Err(error),
            },
            None => self.serve(stream).await,
        };
        #[cfg(not(feature = "tls"))]
        let ended = self.serve(stream).await;
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "a connection ended early");
        }
    }

    #[cfg(feature = "tls")]
    async fn greet(
        &self,
        stream: TcpStream,
        tls: &super::Tls,
    ) -> io::Result<tokio_rustls::server::TlsStream<TcpStream>> {
        tokio::select! {
            greeted = tokio::time::timeout(self.header_time, tls.accept(stream)) => greeted?,
            () = self.stop.cancelled() => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> io::Result<()> {
        let Self { router, peer, header_time, stop, abort } = self;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(header_time).max_headers(HEADERS).max_buf_size(HEAD);
        let connection = builder.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut connection = pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => return ended.map_err(io::Error::other),
            () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        tokio::select! {
            ended = connection => ended.map_err(io::Error::other),
            () = abort.cancelled() => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
