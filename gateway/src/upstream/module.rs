//! What a registry says of where a Terraform module is to be had.

use serde_json::Value;
use url::Url;
use weir_config::catalogue::Index;

use super::held::{Documents, Held, Key};
use super::{Client, Document};
use crate::answer::Failure;
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::document::files::Files;
use crate::ecosystem::terraform::source::{self, Lead};

/// The header that tells it (Terraform documentation, "Download Source Code for a Specific Module Version").
pub(crate) const SOURCE: &str = "x-terraform-get";

/// The source that the registry tells at `url`.
pub(crate) async fn source(
    documents: &Documents,
    client: &Client,
    index: &Index,
    url: Url,
) -> Result<Lead, Failure> {
    let key = Key {
        index: url.to_string(),
        name: String::new(),
        form: SOURCE,
        base: String::new(),
    };
    let held = documents.get(key, fetch(client, index, &url)).await?;
    let written = std::str::from_utf8(&held.body).map_err(|_| Failure::Upstream)?;
    Ok(source::read(written, &url))
}

async fn fetch(client: &Client, index: &Index, url: &Url) -> Result<Held, Failure> {
    let credentials = index
        .credentials
        .as_ref()
        .filter(|_| url.origin() == index.upstream.origin());
    let headers = super::headers("application/json", credentials);
    let found = client.get(url.clone(), headers).await?;
    super::failure(found.status).map_or(Ok(()), Err)?;
    let written = told(&found)
        .filter(|written| written.bytes().all(|byte| byte.is_ascii_graphic()))
        .ok_or(Failure::Upstream)?;
    let told = Rewritten {
        body: written.into_bytes(),
        files: Files::default(),
    };
    Ok(Held::new(told, SOURCE))
}

/// In the header, or as `location` of a JSON body, which newer registries write.
fn told(found: &Document) -> Option<String> {
    let header = found.header(SOURCE);
    if !header.is_empty() {
        return Some(header.to_owned());
    }
    let body: Value = serde_json::from_slice(&found.body).ok()?;
    body.get("location")?.as_str().map(str::to_owned)
}
