//! What a crates index says of itself.

use std::sync::Arc;

use serde_json::Value;
use url::Url;
use weir_config::catalogue::Index;

use super::freshness::Freshness;
use super::held::{Documents, Fetched, Held, Key};
use super::{Changed, Client};
use crate::answer::Failure;
use crate::ecosystem::cargo::{download_template, expand};
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::document::files::Files;

/// The index's `config.json` with downloads pointed at `base`.
pub(crate) async fn config(
    documents: &Documents,
    client: &Client,
    index: &Index,
    base: &str,
) -> Result<Arc<Held>, Failure> {
    let key = |form, base: &str| Key {
        index: index.upstream.to_string(),
        name: "config.json".to_owned(),
        form,
        base: base.to_owned(),
    };
    let theirs = documents
        .renewed(key("theirs", ""), |known| fetch(client, index, known))
        .await?;
    documents
        .get(key("ours", base), async {
            Ok(rewrite(&theirs.body, base)?.no_fresher_than(&theirs))
        })
        .await
}

/// Where a crate's archive really is.
pub(crate) async fn archive(
    documents: &Documents,
    client: &Client,
    index: &Index,
    name: &str,
    version: &str,
) -> Result<Url, Failure> {
    let key = Key {
        index: index.upstream.to_string(),
        name: "config.json".to_owned(),
        form: "theirs",
        base: String::new(),
    };
    let theirs = documents
        .renewed(key, |known| fetch(client, index, known))
        .await?;
    let config: Value = serde_json::from_slice(&theirs.body).map_err(|_| Failure::Upstream)?;
    let template = config
        .get("dl")
        .and_then(Value::as_str)
        .ok_or(Failure::Upstream)?;
    Url::parse(&expand(template, name, version)).map_err(|_| Failure::Upstream)
}

async fn fetch(
    client: &Client,
    index: &Index,
    known: Option<Freshness>,
) -> Result<Fetched, Failure> {
    let url = index
        .upstream
        .join("config.json")
        .map_err(|_| Failure::Upstream)?;
    let headers = super::headers("", index.credentials.as_ref());
    let answer = client.get_changed(url, headers, known.as_ref()).await?;
    let document = match answer {
        Changed::Answer(document) => document,
        Changed::No(freshness) => return Ok(Fetched::Unchanged(freshness)),
    };
    super::failure(document.status).map_or(Ok(()), Err)?;
    let freshness = document.freshness();
    let theirs = Rewritten {
        body: document.body.into(),
        files: Files::default(),
    };
    Ok(Fetched::New(Held::new(theirs, "theirs").fresh(freshness)))
}

/// Only where downloads are changes; `api` stays, so that publishing and searching go where they went.
fn rewrite(config: &[u8], base: &str) -> Result<Held, Failure> {
    let mut config: Value = serde_json::from_slice(config).map_err(|_| Failure::Upstream)?;
    let fields = config.as_object_mut().ok_or(Failure::Upstream)?;
    fields.insert("dl".to_owned(), download_template(base).into());
    fields.remove("auth-required");
    Ok(Held::new(
        Rewritten {
            body: config.to_string().into_bytes(),
            files: Files::default(),
        },
        "ours",
    ))
}
