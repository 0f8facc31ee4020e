//! Tracking pixels: `/-/px/ID.gif`, `.png` or `.svg`.
//!
//! Views are counted without an identifier: the event's status tells a browser's first view of the day (200) from later
//! ones (304).

pub(crate) mod page;
pub(crate) mod viewer;

use weir_config::catalogue::Pixel;
use weir_event::Kind;

use crate::answer::{Failure, Reply};
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};
use crate::moment::Moment;
use viewer::DROPPED;

/// Where pixels live on every domain.
const PREFIX: &str = "/-/px/";

/// A transparent GIF of one pixel, the smallest that every decoder takes.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

/// A transparent PNG of one pixel.
const PNG: &[u8] = b"\x89PNG\x0d\x0a\x1a\x0a\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x04\x00\x00\x00\xb5\x1c\x0c\x02\x00\x00\x00\x0bIDATx\xdac``\x00\x00\x00\x03\x00\x01+\x09M\x84\x00\x00\x00\x00IEND\xaeB`\x82";

/// The same for sites that take no other pictures.
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";

/// A kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picture {
    Gif,
    Png,
    Svg,
}

impl Picture {
    /// The picture, for whoever shows it.
    pub(crate) fn reply(self) -> Reply {
        let (media_type, body) = match self {
            Self::Gif => ("image/gif", GIF),
            Self::Png => ("image/png", PNG),
            Self::Svg => ("image/svg+xml", SVG),
        };
        viewer::picture(media_type, body)
    }
}

/// The pixel's id and kind of picture in a path under [`PREFIX`].
pub(crate) fn parse(path: &str) -> Option<(&str, Picture)> {
    let name = path.strip_prefix(PREFIX)?;
    let (id, picture) = match name.rsplit_once('.')? {
        (id, "gif") => (id, Picture::Gif),
        (id, "png") => (id, Picture::Png),
        (id, "svg") => (id, Picture::Svg),
        _ => return None,
    };
    Some((id, picture))
}

/// Decides a request for the pixel `id`, if it is a `known` one.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    id: &'a str,
    picture: Picture,
    known: Option<&'a Pixel>,
    moment: Moment<'_>,
) -> Decision<'a> {
    if !matches!(head.method, Method::Get | Method::Head) {
        return Decision::uncounted(Plan::Fail(Failure::Refused(Refusal::Method)));
    }
    let unkept = || picture.reply().with("cache-control", "no-store");
    let Some(pixel) = known else {
        // A broken picture in somebody's docs is worse than a lost view.
        let fact = Fact::new(Kind::BrokenLink, "docs", "", "pixel");
        return Decision::new(Plan::Reply(unkept().with(DROPPED, "unknown-pixel")), fact);
    };
    if viewer::is_prefetch(head) {
        return Decision::uncounted(Plan::Reply(unkept()));
    }
    let reply = viewer::answer(head, moment, picture.reply());
    Decision::new(Plan::Reply(reply), view(head, id, pixel, "pixel"))
}

/// The view of a picture that counts for `pixel`; a HEAD only asks.
pub(crate) fn view<'a>(
    head: &Head<'a>,
    id: &'a str,
    pixel: &'a Pixel,
    route: &'static str,
) -> Fact<'a> {
    let kind = match head.method {
        Method::Get => Kind::View,
        _ => Kind::Check,
    };
    let mut fact = Fact::new(kind, "docs", &pixel.package, route);
    fact.artifact = id.into();
    let referrer = head.text("referer");
    let page = page::path(referrer, &pixel.pages);
    fact.own_page = page.is_some();
    let page = page.or_else(|| page::place(head.query));
    fact.page = page.unwrap_or_default().into();
    fact.query = page::queries(page::query(referrer), head.query.unwrap_or_default());
    fact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_pixels() {
        assert_eq!(parse("/-/px/docs.gif"), Some(("docs", Picture::Gif)));
        assert_eq!(parse("/-/px/a.b.png"), Some(("a.b", Picture::Png)));
        assert_eq!(parse("/-/px/docs.svg"), Some(("docs", Picture::Svg)));
        assert_eq!(parse("/-/px/docs.js"), None);
        assert_eq!(parse("/docs.gif"), None);
    }
}
