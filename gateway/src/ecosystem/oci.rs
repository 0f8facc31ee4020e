//! Container images by the OCI distribution specification, in facade mode.
//!
//! Clients speak to us as to a registry that needs no sign-in (or, for private images, signs in
//! through us); we speak to the upstream with a token of our own. Manifests pass through here so
//! that a layer can be traced to the image it belongs to; layers are handed to the upstream's
//! storage. So several registries and renamed images live on one domain.

use url::Url;
use weir_config::catalogue::Image;
use weir_event::Kind;

use crate::answer::{Dialect, Failure, Reply};
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
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

/// The upstream's name for an image and the one that clients pull.
#[derive(Debug)]
pub(crate) struct Renaming {
    pub(crate) upstream: String,
    pub(crate) ours: String,
}

impl Renaming {
    /// The `Link` of a page that was read from `base`, as one to us (distribution specification,
    /// "Listing Tags"). `None` if it leads out of the image's repository.
    pub(crate) fn link(&self, link: &str, base: &Url) -> Option<String> {
        let (target, parameters) = link.trim_start().strip_prefix('<')?.split_once('>')?;
        let target = base
            .join(target)
            .ok()
            .filter(|target| target.origin() == base.origin())?;
        let rest = target[url::Position::BeforePath..]
            .strip_prefix("/v2/")?
            .strip_prefix(&self.upstream)?;
        rest.starts_with('/')
            .then(|| format!("</v2/{}{rest}>{parameters}", self.ours))
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
    find: impl Fn(&str) -> Option<(&'a str, &'a Image)>,
    any_private: bool,
) -> Decision<'a> {
    if !matches!(head.method, Method::Get | Method::Head) {
        return fail(Failure::Refused(Refusal::Method));
    }
    match place(head.path) {
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
            Some((package, image)) => about(
                head,
                Subject {
                    package,
                    image,
                    reference,
                },
                sort,
            ),
            None => unknown_image(),
        },
        Place::Token | Place::Other => fail(Failure::UnknownImage),
    }
}

fn about<'a>(head: &Head<'a>, subject: Subject<'a>, sort: &'a str) -> Decision<'a> {
    let (ask, fact) = match sort {
        _ if subject.image.private && head.field("authorization").is_none() => {
            (Ask::SignIn(Some(subject)), None)
        }
        "manifests" => (Ask::Manifest(subject), manifest_fact(subject)),
        // Which blob is a download depends on what was asked before; see `pulls`.
        "blobs" => (Ask::Blob(subject), None),
        _ => (Ask::Listing(subject, sort), None),
    };
    Decision {
        plan: Plan::Oci(ask),
        fact,
        dialect: Dialect::Oci,
    }
}

/// Resolving a tag is a check, reading what a digest names is metadata. Whether an image has
/// signatures is asked at every pull, mostly in vain, and not counted.
fn manifest_fact(subject: Subject<'_>) -> Option<Fact<'_>> {
    let Subject {
        package,
        image,
        reference,
    } = subject;
    let by_tag = !is_digest(reference);
    let mut fact = Fact::new(
        if by_tag { Kind::Check } else { Kind::Metadata },
        "oci",
        package,
        "manifest",
    );
    fact.artifact = image.name.as_str().into();
    if by_tag {
        fact.version = reference.into();
    }
    (!is_attachment(reference)).then_some(fact)
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

/// Whether a reference is a digest, by the grammar of the image specification.
pub(crate) fn is_digest(reference: &str) -> bool {
    reference
        .split_once(':')
        .is_some_and(|(algorithm, encoded)| {
            !algorithm.is_empty()
                && encoded.len() >= 32
                && encoded.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}

/// Tags that hold signatures and attestations of another image (`sha256-<hex>.sig`).
pub(crate) fn is_attachment(tag: &str) -> bool {
    tag.strip_prefix("sha256-").is_some_and(|rest| {
        rest.len() >= 64 && rest.as_bytes()[..64].iter().all(u8::is_ascii_hexdigit)
    })
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

    #[test]
    fn a_link_to_the_next_page_leads_here() {
        let base = Url::parse("https://registry.example/v2/acme/rocket/tags/list?n=1")
            .expect("an address");
        let renaming = Renaming {
            upstream: "acme/rocket".into(),
            ours: "server".into(),
        };
        let link = |text| renaming.link(text, &base);
        let here = Some("</v2/server/tags/list?n=1&last=a>; rel=\"next\"".to_owned());
        assert_eq!(
            link("</v2/acme/rocket/tags/list?n=1&last=a>; rel=\"next\""),
            here
        );
        assert_eq!(
            link("<https://registry.example/v2/acme/rocket/tags/list?n=1&last=a>; rel=\"next\""),
            here
        );
        assert_eq!(link("<?n=1&last=a>; rel=\"next\""), here);
        assert_eq!(link("</v2/acme/rocket-private/tags/list>"), None);
        assert_eq!(
            link("<https://evil.example/v2/acme/rocket/tags/list>"),
            None
        );
        assert_eq!(link("nonsense"), None);
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
