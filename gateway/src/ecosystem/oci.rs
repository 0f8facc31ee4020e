//! Container images by the OCI distribution specification, in facade mode.
//!
//! Clients speak to us as to a registry that needs no sign-in (or, for private images, signs in
//! through us); we speak to the upstream with a token of our own. Manifests pass through here so
//! that a layer can be traced to the image it belongs to; layers are handed to the upstream's
//! storage. So several registries and renamed images live on one domain.

mod accept;
mod link;
mod manifest;
mod reference;

use std::borrow::Cow;

use weir_config::catalogue::{Image, Package};
use weir_event::Kind;

use crate::answer::{Dialect, Failure, Reply};
use crate::cors::Page;
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};
use crate::traced::Pattern;

pub(crate) use accept::{MANIFEST_TYPES, accepts};
pub(crate) use link::Renaming;
pub(crate) use manifest::{Child, Content, Image as Parts, Manifest, Platform, ecosystem};
pub(crate) use reference::{is_attachment, is_digest, is_tag, precision, referrers_tag};

/// What is asked of a registry, about which image of ours.
#[derive(Clone, Debug)]
pub(crate) enum Ask<'a> {
    /// A manifest or index by tag or digest.
    Manifest(Subject<'a>),
    /// A config, a layer, or something attached.
    Blob(Subject<'a>),
    /// The tags there are.
    Tags(Target<'a>),
    /// What refers to a manifest: signatures, attestations, descriptions.
    Referrers(Subject<'a>),
    /// A token: for private images the client's own credentials, checked by the upstream.
    Token,
    /// The client must sign in, if it knows yet for which image.
    SignIn(Option<&'a str>),
}

/// An image and the thing in it.
#[derive(Clone, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) target: Target<'a>,
    /// Tag or digest.
    pub(crate) reference: &'a str,
}

/// An image by the name that a client pulls, and where it lives.
#[derive(Clone, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) package: Cow<'a, str>,
    pub(crate) name: &'a str,
    pub(crate) repository: Cow<'a, str>,
    pub(crate) image: &'a Image,
    /// The package as written, which is a pattern where `image` is one.
    pub(crate) written: &'a str,
}

impl<'a> Target<'a> {
    /// The image called `name`, if it is one of `image`.
    pub(crate) fn new(package: &'a Package, image: &'a Image, name: &'a str) -> Option<Self> {
        let taken = image.name.take(name)?;
        Some(Self {
            package: taken.fill(&package.name),
            name,
            repository: taken.fill(&image.repository),
            image,
            written: &package.name,
        })
    }
}

/// A path under `/v2/`, taken apart.
#[derive(Debug, PartialEq, Eq)]
enum Place<'a> {
    Version,
    Token,
    Thing {
        name: &'a str,
        sort: &'a str,
        reference: &'a str,
    },
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
        (
            Some(reference),
            Some(sort @ ("manifests" | "blobs" | "tags" | "referrers")),
            Some(name),
        ) if !reference.is_empty() => Place::Thing {
            name,
            sort,
            reference,
        },
        _ => Place::Other,
    }
}

/// Decides a request under `/v2`; `find` knows the domain's images by the name clients pull.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    find: impl Fn(&'a str) -> Option<Target<'a>>,
    any_private: bool,
) -> Decision<'a> {
    let place = place(head.path);
    let by_form = head.method == Method::Post && place == Place::Token && any_private;
    if !matches!(head.method, Method::Get | Method::Head) && !by_form {
        return fail(Failure::Refused(Refusal::Method));
    }
    match place {
        // A client signs in where `/v2/` says so; with only public images nobody has to.
        Place::Version if any_private && head.field("authorization").is_none() => {
            Decision::uncounted(Plan::Oci(Ask::SignIn(None))).in_dialect(Dialect::Oci)
        }
        Place::Version => Decision::uncounted(Plan::Reply(version())).in_dialect(Dialect::Oci),
        Place::Token if any_private => {
            Decision::uncounted(Plan::Oci(Ask::Token)).in_dialect(Dialect::Oci)
        }
        Place::Thing {
            name,
            sort,
            reference,
        } => match find(name) {
            Some(target) => about(head, target, sort, reference),
            None => unknown_image(),
        },
        Place::Token | Place::Other => fail(Failure::UnknownImage),
    }
}

fn about<'a>(
    head: &Head<'a>,
    target: Target<'a>,
    sort: &'a str,
    reference: &'a str,
) -> Decision<'a> {
    if target.image.private && head.field("authorization").is_none() {
        return Decision::uncounted(Plan::Oci(Ask::SignIn(Some(target.name))))
            .in_dialect(Dialect::Oci);
    }
    let by_digest = is_digest(reference);
    let subject = |target| Subject { target, reference };
    let (ask, fact) = match sort {
        "manifests" if by_digest || is_tag(reference) => {
            // Whether an image has signatures is asked at every pull, mostly in vain.
            let fact =
                (!is_attachment(reference)).then(|| manifest_fact(head.method, &target, reference));
            (Ask::Manifest(subject(target)), fact)
        }
        // Which blob is a download depends on what was asked before; see `pulls`.
        "blobs" if by_digest => (Ask::Blob(subject(target)), None),
        "tags" if reference == "list" => (Ask::Tags(target), None),
        "referrers" if by_digest => (Ask::Referrers(subject(target)), None),
        _ => return fail(Failure::NotFound),
    };
    Decision {
        plan: Plan::Oci(ask),
        fact,
        dialect: Dialect::Oci,
        page: Page::Unnamed,
        pattern: Pattern::Unknown,
    }
}

/// Asking what a tag or digest names is a check, reading what it names an inspection: what Docker Hub
/// calls a pull.
pub(crate) fn manifest_fact<'a>(
    method: Method,
    target: &Target<'a>,
    reference: &'a str,
) -> Fact<'a> {
    let kind = match method {
        Method::Head => Kind::Check,
        _ => Kind::Inspect,
    };
    let is_version = !is_digest(reference) && !is_attachment(reference);
    Fact {
        package: target.package.clone(),
        version: if is_version { reference } else { "" }.into(),
        artifact: target.name.into(),
        ..Fact::new(kind, "oci", "", "manifest")
    }
}

fn fail<'a>(failure: Failure) -> Decision<'a> {
    Decision::uncounted(Plan::Fail(failure)).in_dialect(Dialect::Oci)
}

fn unknown_image<'a>() -> Decision<'a> {
    let fact = Fact::new(Kind::BrokenLink, "oci", "", "unknown image");
    Decision::new(Plan::Fail(Failure::UnknownImage), fact).in_dialect(Dialect::Oci)
}

fn version() -> Reply {
    Reply::json(200, &serde_json::json!({})).with("docker-distribution-api-version", "registry/2.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_stands_before_the_last_keyword() {
        let thing = |name, sort, reference| Place::Thing {
            name,
            sort,
            reference,
        };
        assert_eq!(
            place("/v2/server/manifests/1.2"),
            thing("server", "manifests", "1.2")
        );
        assert_eq!(
            place("/v2/org/tags/app/tags/list"),
            thing("org/tags/app", "tags", "list")
        );
        assert_eq!(
            place("/v2/a/b/c/blobs/sha256:00"),
            thing("a/b/c", "blobs", "sha256:00")
        );
        assert_eq!(place("/v2/"), Place::Version);
        assert_eq!(place("/v2"), Place::Version);
        assert_eq!(place("/v2/_catalog"), Place::Other);
        assert_eq!(place("/v2/server/manifests/"), Place::Other);
        assert_eq!(place("/v3/server/manifests/1"), Place::Other);
    }
}
