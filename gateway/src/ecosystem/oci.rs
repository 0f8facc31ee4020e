//! Container images by the OCI distribution specification, in facade mode.
//!
//! Clients speak to us as to a registry that needs no sign-in (or, for private images, signs in
//! through us); we speak to the upstream with a token of our own. Manifests pass through here so
//! that a layer can be traced to the image it belongs to; layers are handed to the upstream's
//! storage. So several registries and renamed images live on one domain.

use weir_config::catalogue::Image;

use crate::answer::{Dialect, Failure, Reply};
use crate::ecosystem::{Decision, Plan};
use crate::head::{Head, Method, Refusal};

/// The image types that clients understand, asked for where a client names none.
pub(crate) const MANIFEST_TYPES: &str = "application/vnd.oci.image.index.v1+json, \
application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, \
application/vnd.docker.distribution.manifest.v2+json";

/// What is asked of a registry, about which image of ours.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ask<'a> {
    /// A manifest or index by tag or digest.
    Manifest(Subject<'a>),
    /// A config, a layer, or something attached.
    Blob(Subject<'a>),
    /// Tags, referrers: documents that pass through.
    Listing(Subject<'a>, &'a str),
    /// A token: for private images the client's own credentials, checked by the upstream.
    Token,
    /// The client must sign in, if it knows yet for which image.
    SignIn(Option<Subject<'a>>),
}

/// An image and the thing in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) package: &'a str,
    pub(crate) image: &'a Image,
    /// Tag or digest.
    pub(crate) reference: &'a str,
}

/// A path under `/v2/`, taken apart.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    Version,
    Token,
    Thing { name: &'a str, sort: &'a str, reference: &'a str },
    Other,
}

/// The name is split off from the right, so that a repository may be called `org/tags/app`.
fn place(path: &str) -> Place<'_> {
    let rest = match path.strip_prefix("/v2") {
        Some("" | "/") => return Place::Version,
        Some("/token") => return Place::Token,
        Some(rest) => rest.trim_start_matches('/'),
        None => return Place::Other,
    };
    let mut parts = rest.rsplitn(3, '/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(reference), Some(sort @ ("manifests" | "blobs" | "tags" | "referrers")), Some(name)) if !reference.is_empty() => {
            Place::Thing { name, sort, reference }
        }
        _ => Place::Other,
    }
}

/// Decides a request under `/v2`; `find` knows the domain's images by the name clients pull.
pub(crate) fn decide<'a>(head: &Head<'a>, find: impl Fn(&str) -> Option<(&'a str, &'a Image)>, any_private: bool) -> Decision<'a> {
    if !matches!(head.method, Method::Get | Method::Head) {
        return fail(Failure::Refused(Refusal::Method));
    }
    match place(head.path) {
        // A client signs in where `/v2/` says so; with only public images nobody has to.
        Place::Version if any_private && head.field("authorization").is_none() => {
            Decision::uncounted(Plan::Oci(Ask::SignIn(None))).in_dialect(Dialect::Oci)
        }
        Place::Version => Decision::uncounted(Plan::Reply(version())).in_dialect(Dialect::Oci),
        Place::Token if any_private => Decision::uncounted(Plan::Oci(Ask::Token)).in_dialect(Dialect::Oci),
        Place::Thing { name, sort, reference } => match find(name) {
            Some((package, image)) => about(head, Subject { package, image, reference }, sort),
            None => fail(Failure::UnknownImage),
        },
        Place::Token | Place::Other => fail(Failure::UnknownImage),
    }
}

fn about<'a>(head: &Head<'a>, subject: Subject<'a>, sort: &'a str) -> Decision<'a> {
    let ask = match sort {
        _ if subject.image.private && head.field("authorization").is_none() => Ask::SignIn(Some(subject)),
        "manifests" => Ask::Manifest(subject),
        "blobs" => Ask::Blob(subject),
        _ => Ask::Listing(subject, sort),
    };
    // The fact depends on what the manifest says; the registry side makes it.
    Decision::uncounted(Plan::Oci(ask)).in_dialect(Dialect::Oci)
}

fn fail<'a>(failure: Failure) -> Decision<'a> {
    Decision::uncounted(Plan::Fail(failure)).in_dialect(Dialect::Oci)
}

fn version() -> Reply {
    Reply::json(200, &serde_json::json!({})).with("docker-distribution-api-version", "registry/2.0")
}

/// Whether a reference is a digest, by the grammar of the image specification.
pub(crate) fn is_digest(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(algorithm, encoded)| {
        !algorithm.is_empty() && encoded.len() >= 32 && encoded.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Tags that hold signatures and attestations of another image (`sha256-<hex>.sig`).
pub(crate) fn is_attachment(tag: &str) -> bool {
    tag.strip_prefix("sha256-").is_some_and(|rest| rest.len() >= 64 && rest.as_bytes()[..64].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_stands_before_the_last_keyword() {
        let thing = |name, sort, reference| Place::Thing { name, sort, reference };
        assert_eq!(place("/v2/server/manifests/1.2"), thing("server", "manifests", "1.2"));
        assert_eq!(place("/v2/org/tags/app/tags/list"), thing("org/tags/app", "tags", "list"));
        assert_eq!(place("/v2/a/b/c/blobs/sha256:00"), thing("a/b/c", "blobs", "sha256:00"));
        assert_eq!(place("/v2/"), Place::Version);
        assert_eq!(place("/v2"), Place::Version);
        assert_eq!(place("/v2/_catalog"), Place::Other);
        assert_eq!(place("/v2/server/manifests/"), Place::Other);
        assert_eq!(place("/v3/server/manifests/1"), Place::Other);
    }

    #[test]
    fn digests_and_attachments_are_told_from_tags() {
        let hex = "0123456789abcdef".repeat(4);
        assert!(is_digest(&format!("sha256:{hex}")));
        assert!(!is_digest("1.2.3") && !is_digest("sha256:short"));
        assert!(is_attachment(&format!("sha256-{hex}.sig")));
        assert!(!is_attachment("sha256-x"));
    }
}
