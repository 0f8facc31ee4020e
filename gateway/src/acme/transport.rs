//! How the authority is asked: by the client that also asks upstreams, within bounds.

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the authority cannot be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    /// The file with the authority's own authority is none.
    #[error("cannot read {file}: {reason}")]
    Root { file: String, reason: String },
    /// There is no TLS to be had.
    #[error("cannot set up TLS for the authority: {0}")]
    Tls(#[from] reqwest::Error),
}

/// Asks by HTTPS.
pub(crate) struct Transport(reqwest::Client);

impl Transport {
    /// Trusts those whom the system trusts, or `root` alone.
    pub(crate) fn new(root: Option<&Path>) -> Result<Self, TransportError> {
        let client = reqwest::Client::builder()
            .https_only(true)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::limited(3));
        let client = match root {
            Some(file) => client.tls_certs_only(roots(file)?),
            None => client,
        };
        Ok(Self(client.build()?))
    }
}

fn roots(file: &Path) -> Result<Vec<reqwest::Certificate>, TransportError> {
    let failed = |reason: String| TransportError::Root {
        file: file.display().to_string(),
        reason,
    };
    let text = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
    reqwest::Certificate::from_pem_bundle(&text).map_err(|error| failed(error.to_string()))
}

impl HttpClient for Transport {
    fn request(
        &self,
        request: http::Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move {
            let other = |error: reqwest::Error| Error::Other(Box::new(error));
            let request = request.map(reqwest::Body::wrap);
            let request = reqwest::Request::try_from(request).map_err(other)?;
            let answer = client.execute(request).await.map_err(other)?;
            Ok(BytesResponse::from(http::Response::from(answer)))
        })
    }
}
