//! Package documents of npm registries.

use std::sync::Arc;

use url::Url;
use weir_config::catalogue::Index;

use super::freshness::Freshness;
use super::held::{Documents, Fetched, Held, Key};
use super::{Changed, Client};
use crate::answer::Failure;
use crate::ecosystem::document::address::Address;
use crate::ecosystem::npm::{ABBREVIATED, packument, segment};

/// The form that installers read.
const SHORT: &str = "short";
/// The form with everything.
const WHOLE: &str = "whole";

/// Which document, for whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) index: &'a Index,
    pub(crate) package: &'a str,
    /// A version or tag; the document of all versions without one.
    pub(crate) version: Option<&'a str>,
    pub(crate) abbreviated: bool,
    /// The index's root here as the client knows it, without a slash at its end.
    pub(crate) base: &'a str,
}

impl Wanted<'_> {
    fn key(self) -> Key {
        let name = self.version.map_or_else(
            || self.package.to_owned(),
            |version| format!("{}/{version}", self.package),
        );
        let form = if self.abbreviated { SHORT } else { WHOLE };
        Key {
            index: self.index.upstream.to_string(),
            name,
            form,
            base: self.base.to_owned(),
        }
    }
}

/// A document with its tarballs pointed at this host.
pub(crate) async fn document(
    documents: &Documents,
    client: &Client,
    wanted: Wanted<'_>,
) -> Result<Arc<Held>, Failure> {
    documents
        .renewed(wanted.key(), |known| fetch(client, wanted, known))
        .await
}

/// Where a tarball of the package really is.
pub(crate) async fn tarball(
    documents: &Documents,
    client: &Client,
    wanted: Wanted<'_>,
    filename: &str,
) -> Result<Url, Failure> {
    let short = Wanted {
        abbreviated: true,
        ..wanted
    };
    let whole = Wanted {
        abbreviated: false,
        ..wanted
    };
    for held in [short, whole] {
        if let Some(url) = documents.file(&held.key(), filename).await {
            return Ok(url);
        }
    }
    let failure = match document(documents, client, short).await {
        Ok(document) => {
            let file = document.files.get(filename);
            return file.and_then(Address::url).ok_or(Failure::NotFound);
        }
        Err(failure) => failure,
    };
    if matches!(failure, Failure::Upstream | Failure::Limited)
        && let Some(url) = documents.last_known_file(&whole.key(), filename).await
    {
        return Ok(url);
    }
    Err(failure)
}

async fn fetch(
    client: &Client,
    wanted: Wanted<'_>,
    known: Option<Freshness>,
) -> Result<Fetched, Failure> {
    let version = wanted
        .version
        .map(|version| format!("/{version}"))
        .unwrap_or_default();
    let url = wanted
        .index
        .upstream
        .join(&format!("{}{version}", segment(wanted.package)))
        .map_err(|_| Failure::Upstream)?;
    let accept = if wanted.abbreviated {
        ABBREVIATED
    } else {
        "application/json"
    };
    let headers = super::headers(accept, wanted.index.credentials.as_ref());
    let answer = client.get_changed(url, headers, known.as_ref()).await?;
    let document = match answer {
        Changed::Answer(document) => document,
        Changed::No(freshness) => return Ok(Fetched::Unchanged(freshness)),
    };
    super::failure(document.status).map_or(Ok(()), Err)?;
    let form = if document.header("content-type").contains("install-v1") {
        SHORT
    } else {
        WHOLE
    };
    let rewritten = packument::rewrite(wanted.package, wanted.base, &document.body);
    let held = Held::new(rewritten, form).fresh(document.freshness());
    Ok(Fetched::New(held))
}

/// The content type of a held document.
pub(crate) fn content_type(held: &Held) -> &'static str {
    if held.form == SHORT {
        ABBREVIATED
    } else {
        "application/json"
    }
}
