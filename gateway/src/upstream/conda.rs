//! Where a conda channel says that its packages are.

use url::Url;
use weir_config::catalogue::Index;

use super::Client;
use super::held::{Documents, Held, Key};
use crate::answer::Failure;
use crate::ecosystem::conda::{self, Listing, lists};
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::document::files::Files;

/// How much of a list is read to learn where its packages are: it says so in its first lines.
const BEGINNING: usize = 8 * 1024;

/// The address of the packages that `listing` has elsewhere; none where they are beside it. A channel
/// that cannot be asked is taken for one that keeps them there.
pub(crate) async fn base(
    documents: &Documents,
    client: &Client,
    index: &Index,
    listing: Listing,
    folder: &str,
    root: &str,
) -> Option<Url> {
    let held = match listing {
        Listing::Whole => {
            let url = conda::whole(index, folder)?;
            let key = Key {
                index: url.to_string(),
                name: String::new(),
                form: lists::BASE,
                base: String::new(),
            };
            Box::pin(documents.get(key, beginning(client, index, url))).await
        }
        Listing::Shards => {
            let wanted = conda::shards(index, folder)?;
            super::document::document(documents, client, &wanted, root).await
        }
    };
    held.ok()?.files.get(lists::BASE)?.url()
}

async fn beginning(client: &Client, index: &Index, url: Url) -> Result<Held, Failure> {
    let headers = super::headers("", index.credentials.as_ref());
    let found = client.beginning(url.clone(), headers, BEGINNING).await?;
    super::failure(found.status).map_or(Ok(()), Err)?;
    let base = lists::base_of(&found.body, &url);
    let files: Files = base
        .map(|base| (lists::BASE.to_owned(), base.into()))
        .into_iter()
        .collect();
    let body = Vec::new();
    Ok(Held::new(Rewritten { body, files }, lists::BASE))
}
