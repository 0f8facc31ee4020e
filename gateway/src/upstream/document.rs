//! Documents that name files, of the ecosystems that need no more than that.

use std::sync::Arc;

use url::Url;

use super::Client;
use super::held::{Documents, Held, Key};
use crate::answer::Failure;
use crate::ecosystem::document::{Document, Source};

/// The document with its addresses pointed at `base`, the index's root here without a slash at its end.
pub(crate) async fn document(
    documents: &Documents,
    client: &Client,
    wanted: &Document<'_>,
    base: &str,
) -> Result<Arc<Held>, Failure> {
    let key = Key {
        index: wanted.url.to_string(),
        name: wanted.name.to_string(),
        form: wanted.content_type,
        base: base.to_owned(),
    };
    documents.get(key, fetch(client, wanted, base)).await
}

/// Where the document says that `file` is.
pub(crate) async fn file(
    documents: &Documents,
    client: &Client,
    wanted: &Document<'_>,
    base: &str,
    file: &str,
) -> Result<Url, Failure> {
    let document = document(documents, client, wanted, base).await?;
    document.files.get(file).cloned().ok_or(Failure::NotFound)
}

async fn fetch(client: &Client, wanted: &Document<'_>, base: &str) -> Result<Held, Failure> {
    // The account is the upstream's own: none of it where its documents or redirects lead elsewhere.
    let headers = |url: &Url| {
        let credentials = wanted.index.credentials.as_ref();
        let theirs = url.origin() == wanted.index.upstream.origin();
        super::headers(wanted.accept, credentials.filter(|_| theirs))
    };
    let mut url = wanted.url.clone();
    let mut found = client.get(url.clone(), headers(&url)).await?;
    if (301..=308).contains(&found.status) {
        // Once; addresses resolve against where it led.
        url = url
            .join(found.header("location"))
            .map_err(|_| Failure::Upstream)?;
        found = client.get(url.clone(), headers(&url)).await?;
    }
    if found.status != 200 {
        return Err(super::failure(found.status).unwrap_or(Failure::Upstream));
    }
    let source = Source {
        index: wanted.index,
        name: &wanted.name,
        url: &url,
        base,
        body: &found.body,
    };
    let rewritten = (wanted.rewrite)(&source).map_err(|error| {
        tracing::warn!(host = url.host_str(), %error, "upstream document cannot be read");
        Failure::Upstream
    })?;
    Ok(Held::new(rewritten, wanted.content_type))
}
