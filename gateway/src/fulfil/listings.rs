//! Lists that a registry gives of an image, under the name that clients know it by.

use serde_json::Value;

use crate::answer::{Failure, Reply};
use crate::ecosystem::oci::{Content, Manifest, Renaming, Target};
use crate::head::Head;
use crate::upstream::Document;
use crate::upstream::registry::Question;

/// The type of a list of referrers (distribution specification, "Listing Referrers").
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The tags of an image, whose list names the image.
pub(super) fn tags(
    head: &Head<'_>,
    target: &Target<'_>,
    question: Question<'_>,
    found: &Document,
) -> Result<Reply, Failure> {
    let mut list: Value = serde_json::from_slice(&found.body).map_err(|_| Failure::Upstream)?;
    list["name"] = target.name.into();
    let reply = Reply::json(200, &list);
    Ok(with_next_page(reply, head, target, question, found))
}

/// What the upstream says refers to a manifest.
pub(super) fn referrers(
    head: &Head<'_>,
    target: &Target<'_>,
    question: Question<'_>,
    found: &Document,
) -> Reply {
    let mut reply = Reply::new(200, INDEX, found.body.clone());
    let filters = found.header("oci-filters-applied");
    if !filters.is_empty() {
        reply = reply.with("oci-filters-applied", filters.to_owned());
    }
    with_next_page(reply, head, target, question, found)
}

/// The index that stands under the tag for referrers, or an empty one. It is not filtered, which the
/// specification leaves to clients.
pub(super) fn kept_by_tag(kept: Result<&Manifest, &Failure>) -> Result<Reply, Failure> {
    let none = || {
        let index = serde_json::json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] });
        Reply::new(200, INDEX, index.to_string())
    };
    match kept {
        Ok(manifest) if matches!(manifest.content, Content::Index(_)) => {
            Ok(Reply::new(200, INDEX, manifest.bytes.clone()))
        }
        Ok(_) | Err(Failure::NotFound) => Ok(none()),
        Err(failure) => Err(*failure),
    }
}

/// A list's link to its next page becomes one of ours, or goes: the client would ask us for it.
fn with_next_page(
    reply: Reply,
    head: &Head<'_>,
    target: &Target<'_>,
    question: Question<'_>,
    found: &Document,
) -> Reply {
    let renaming = Renaming {
        upstream: &target.repository,
        ours: target.name,
        prefix: head.prefix,
    };
    let base = question.origin.url(question.sort, question.reference).ok();
    match base.and_then(|base| renaming.link(found.header("link"), &base)) {
        Some(link) => reply.with("link", link),
        None => reply,
    }
}
