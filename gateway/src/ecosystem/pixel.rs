//! Tracking pixels: `/-/px/ID.gif` or `.png`.
//!
//! Views are counted without an identifier: the picture is "modified" at midnight UTC, so a
//! browser's first view of the day gets a 200 and later ones a 304. The event's status tells both.

use weir_event::Kind;

use crate::answer::Reply;
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};

/// Where pixels live on every domain that carries one.
pub(crate) const PREFIX: &str = "/-/px/";

/// A transparent GIF of one pixel, the smallest that every decoder takes.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// A transparent PNG of one pixel.
const PNG: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x04\x00\x00\x00\xb5\x1c\x0c\x02\x00\x00\x00\x0bIDATx\xdac``\x00\x00\x00\x03\x00\x01+\x09M\x84\x00\x00\x00\x00IEND\xaeB`\x82";

/// The pixel's id and picture type in a path under [`PREFIX`].
pub(crate) fn parse(path: &str) -> Option<(&str, &'static str)> {
    let name = path.strip_prefix(PREFIX)?;
    match name.rsplit_once('.')? {
        (id, "gif") => Some((id, "image/gif")),
        (id, "png") => Some((id, "image/png")),
        _ => None,
    }
}

/// Decides a request for the pixel `id`; `package` is the owner of a known one.
/// `midnight` is the current day's beginning as an HTTP date.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    id: &'a str,
    picture: &'static str,
    package: Option<&'a str>,
    midnight: &str,
) -> Decision<'a> {
    if !matches!(head.method, Method::Get | Method::Head) {
        return Decision::uncounted(Plan::Fail(crate::answer::Failure::Refused(Refusal::Method)));
    }
    let Some(package) = package else {
        // A broken picture in somebody's docs is worse than a lost view.
        let fact = Fact::new(Kind::BrokenLink, "docs", "", "pixel");
        return Decision::new(
            Plan::Reply(fresh(picture).with("cache-control", "no-store")),
            fact,
        );
    };
    if prefetched(head) {
        return Decision::uncounted(Plan::Reply(
            fresh(picture).with("cache-control", "no-store"),
        ));
    }
    let kind = if head.method == Method::Get {
        Kind::View
    } else {
        Kind::Check
    };
    let mut fact = Fact::new(kind, "docs", package, "pixel");
    fact.artifact = id.into();
    let seen_today = head.field("if-modified-since") == Some(midnight);
    let reply = if seen_today {
        Reply::new(304, "", "")
    } else {
        fresh(picture)
    };
    let reply = reply
        .with("cache-control", "private, no-cache")
        .with("last-modified", midnight);
    Decision::new(Plan::Reply(reply), fact)
}

fn fresh(picture: &'static str) -> Reply {
    let body = if picture == "image/png" { PNG } else { GIF };
    Reply::new(200, picture, body)
        .with("cross-origin-resource-policy", "cross-origin")
        .with("x-content-type-options", "nosniff")
}

/// The browser fetches ahead of a view that may never come (Speculation Rules; older `Purpose`).
fn prefetched(head: &Head<'_>) -> bool {
    [head.text("sec-purpose"), head.text("purpose")]
        .iter()
        .any(|purpose| purpose.contains("prefetch"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_pixels() {
        assert_eq!(parse("/-/px/docs.gif"), Some(("docs", "image/gif")));
        assert_eq!(parse("/-/px/a.b.png"), Some(("a.b", "image/png")));
        assert_eq!(parse("/-/px/docs.js"), None);
        assert_eq!(parse("/docs.gif"), None);
    }
}
