//! Documents that name files, of the ecosystems that need no more than that.

use std::sync::Arc;

use reqwest::header::LOCATION;
use url::Url;

use super::freshness::Freshness;
use super::held::{Documents, Fetched, Held, Key};
use super::{Changed, Client};
use crate::answer::Failure;
use crate::ecosystem::document::address::Address;
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
    documents
        .renewed(key, |known| fetch(client, wanted, base, known))
        .await
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
    let address = document.files.get(file);
    address.and_then(Address::url).ok_or(Failure::NotFound)
}

async fn fetch(
    client: &Client,
    wanted: &Document<'_>,
    base: &str,
    known: Option<Freshness>,
) -> Result<Fetched, Failure> {
    // The account is the upstream's own: none of it where its documents or redirects lead elsewhere.
    let headers = |url: &Url| {
        let credentials = wanted.index.credentials.as_ref();
        let theirs = url.origin() == wanted.index.upstream.origin();
        super::headers(wanted.accept, credentials.filter(|_| theirs))
    };
    let known = known.as_ref();
    let mut url = wanted.url.clone();
    let mut answer = client
        .get_changed(url.clone(), headers(&url), known)
        .await?;
    if let Changed::Answer(found) = &answer
        && let Some(further) = super::next(&url, found.status, found.headers.get(LOCATION))
    {
        // Once; addresses resolve against where it led.
        url = further;
        answer = client
            .get_changed(url.clone(), headers(&url), known)
            .await?;
    }
    let found = match answer {
        Changed::Answer(found) if found.status == 200 => found,
        Changed::Answer(found) => {
            return Err(super::failure(found.status).unwrap_or(Failure::Upstream));
        }
        Changed::No(freshness) => return Ok(Fetched::Unchanged(freshness)),
    };
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
    let held = Held::new(rewritten, wanted.content_type);
    Ok(Fetched::New(held.fresh(found.freshness())))
}
