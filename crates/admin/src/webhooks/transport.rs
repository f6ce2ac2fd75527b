//! One try to send one message.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;

use super::error::WebhookError;
use super::queue::Parcel;
use super::signature::{ID, SIGNATURE, TIMESTAMP};
use super::webhook::Webhook;

/// What an answer may have beside its status before the connection is given up.
const MOST_ANSWER: usize = 64 << 10;

/// How long the rest of an answer is waited for, so that its connection can be used again.
const ANSWER_TIME: Duration = Duration::from_millis(500);

#[cfg(feature = "webhooks-tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "webhooks-tls"))]
type Connector = HttpConnector;

/// A client of HTTP/1.1 that follows no redirects.
pub(super) struct Transport(Client<Connector, Body>);

/// Why a message has not arrived.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) why: String,
    /// When the receiver wants it again.
    pub(super) after: Option<Duration>,
    /// The receiver wants no more.
    pub(super) is_gone: bool,
}

impl Transport {
    /// A client for addresses of this scheme.
    pub(super) fn of(scheme: &str) -> Result<Self, WebhookError> {
        match scheme {
            "http" | "https" => {}
            _ => return Err(WebhookError::Url("it begins with neither `http://` nor `https://`")),
        }
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_max_idle_per_host(1).pool_timer(TokioTimer::new());
        Ok(Self(client.build(connector(scheme)?)))
    }
}

#[cfg(feature = "webhooks-tls")]
fn connector(scheme: &str) -> Result<Connector, WebhookError> {
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore, version};
    let told = |error: &dyn Error| WebhookError::Certificates(error.to_string());
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    let builder = hyper_rustls::HttpsConnectorBuilder::new();
    let builder = if scheme == "https" {
        builder.with_provider_and_native_roots(ring::default_provider()).map_err(|error| told(&error))?
    } else {
        // Nothing is trusted where nothing is asked for it.
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_protocol_versions(&[&version::TLS13])
            .map_err(|error| told(&error))?;
        builder.with_tls_config(config.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
    };
    Ok(builder.https_or_http().enable_http1().wrap_connector(http))
}

#[cfg(not(feature = "webhooks-tls"))]
fn connector(scheme: &str) -> Result<Connector, WebhookError> {
    match scheme {
        "http" => Ok(HttpConnector::new()),
        _ => Err(WebhookError::Url("`https://` needs the feature `webhooks-tls`")),
    }
}

/// Sends a message once.
pub(super) async fn send(hook: &Webhook, parcel: &Parcel) -> Result<(), Failure> {
    let failure = |why: String| Failure { why, after: None, is_gone: false };
    let request = request(hook, parcel).map_err(|error| failure(error.to_string()))?;
    let answer = match timeout(hook.time, hook.transport.0.request(request)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(failure(reasons(&error))),
        Err(_) => return Err(failure(format!("no answer within {:?}", hook.time))),
    };
    let (head, body) = answer.into_parts();
    let _ = timeout(ANSWER_TIME, axum::body::to_bytes(Body::new(body), MOST_ANSWER)).await;
    if head.status.is_success() {
        return Ok(());
    }
    let after = retry_after(&head.headers, SystemTime::now());
    Err(Failure { why: head.status.to_string(), after, is_gone: head.status == StatusCode::GONE })
}

fn request(hook: &Webhook, parcel: &Parcel) -> Result<Request<Body>, axum::http::Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
    let signatures: Vec<_> =
        hook.secrets.iter().map(|secret| secret.sign(&parcel.id, &now, parcel.body.as_bytes())).collect();
    Request::post(&hook.uri)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("strata/", env!("CARGO_PKG_VERSION")))
        .header(ID, &parcel.id)
        .header(SIGNATURE, signatures.join(" "))
        .header(TIMESTAMP, now)
        .body(Body::from(parcel.body.clone()))
}

/// When the receiver wants the message again: in seconds, or a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let seconds = text.parse().map(Duration::from_secs).ok();
    seconds.or_else(|| httpdate::parse_http_date(text).ok()?.duration_since(now).ok())
}

/// An error with what is behind it: the first alone says next to nothing.
fn reasons(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_come_back_is_read_as_seconds_or_a_date() {
        let after = |text: &str| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, text.parse().unwrap())]);
            retry_after(&headers, UNIX_EPOCH + Duration::from_secs(784_111_770))
        };
        assert_eq!(after("120"), Some(Duration::from_secs(120)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(7)));
        for none in ["", "-1", "soon", "Sun, 06 Nov 1983 08:49:37 GMT"] {
            assert_eq!(after(none), None, "{none}");
        }
    }
}
