//! The HTTP client that asks the provider: bounded in time and size, and led nowhere else.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;

/// Longest time for one request; a sign-in takes up to five of them.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of an answer: keys and tokens are a few thousand.
const MOST_BYTES: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum TransportError {
    #[error("{0}")]
    Failed(#[source] reqwest::Error),
    #[error("its answer has more than {MOST_BYTES} bytes")]
    TooLarge,
}

/// Asks the provider.
#[derive(Clone, Debug)]
pub(super) struct Transport(reqwest::Client);

impl Transport {
    /// # Panics
    /// Where no TLS provider was installed in this process: a mistake of the caller.
    pub(super) fn new() -> Self {
        let client = reqwest::Client::builder()
            .user_agent(concat!("weir/", env!("CARGO_PKG_VERSION")))
            // A redirect could lead to a host of the inner network.
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .build();
        Self(client.expect("the caller has installed a TLS provider"))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let mut answer = self.0.execute(request).await.map_err(failed)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(failed)? {
            if body.len() + part.len() > MOST_BYTES {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

fn failed(error: reqwest::Error) -> TransportError {
    TransportError::Failed(error)
}
