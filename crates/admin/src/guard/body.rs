//! A request's body on its way in: it has a time to come in, and is hashed while it does.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use hyper::body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::Attempt;

/// A body that is watched; one without a byte is left as it is.
pub(super) fn watched(request: Request, attempt: &Arc<Attempt>, time: Duration) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    let attempt = Arc::clone(attempt);
    request.map(|inner| Body::new(Watched { inner, attempt, end: Box::pin(sleep(time)) }))
}

struct Watched {
    inner: Body,
    attempt: Arc<Attempt>,
    end: Pin<Box<Sleep>>,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.inner).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    self.attempt.saw(data);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending if self.end.as_mut().poll(context).is_ready() => {
                self.attempt.is_late();
                Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
