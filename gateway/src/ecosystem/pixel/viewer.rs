//! How a picture is answered, so that every look at it comes by here and a browser's first of the day is told from the
//! rest without an identifier.
//!
//! The picture is "modified" at midnight UTC, and must be asked about each time: a browser's first view of the day gets
//! a 200, and later ones a 304. Proxies that fetch pictures for readers keep what they may, so they may keep nothing.

use weir_ingest::Class;

use crate::answer::Reply;
use crate::head::Head;
use crate::moment::Moment;

/// Who looks, as far as the answer differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Viewer {
    /// A browser, or what may be one.
    Reader,
    /// Fetches pictures for readers whom it hides.
    Proxy,
    /// Counted, and not as a reader.
    Bot,
}

impl Viewer {
    pub(crate) fn of(head: &Head<'_>, moment: Moment<'_>) -> Self {
        match (moment.class)(head.text("user-agent")) {
            Class::ImageProxy => Self::Proxy,
            Class::Crawler | Class::Headless => Self::Bot,
            _ => Self::Reader,
        }
    }
}

/// The answer to whoever looks at `picture`.
pub(crate) fn answer(head: &Head<'_>, moment: Moment<'_>, picture: Reply) -> Reply {
    let now = moment.now;
    match Viewer::of(head, moment) {
        Viewer::Reader => {
            let seen_today = head.field("if-modified-since") == Some(now.midnight.as_str());
            let reply = if seen_today {
                Reply::new(304, "", "")
            } else {
                picture
            };
            reply
                .with("cache-control", "private, no-cache")
                .with("last-modified", now.midnight.clone())
        }
        Viewer::Proxy => picture
            .with(
                "cache-control",
                "max-age=0, no-cache, no-store, must-revalidate",
            )
            .with("expires", "0")
            .with("etag", format!("\"{:x}\"", now.second)),
        Viewer::Bot => picture
            .with("cache-control", "private, no-cache")
            .with(DROPPED, "bot"),
    }
}

/// Says why a request is not counted as a view of somebody's.
pub(crate) const DROPPED: &str = "x-dropped";

/// A picture that pages of other sites may show, and nothing else.
pub(crate) fn picture(media_type: &'static str, body: impl Into<bytes::Bytes>) -> Reply {
    Reply::new(200, media_type, body)
        .with("cross-origin-resource-policy", "cross-origin")
        .with("x-content-type-options", "nosniff")
}

/// The browser fetches ahead of a view that may never come (Speculation Rules; older `Purpose`).
pub(crate) fn is_prefetch(head: &Head<'_>) -> bool {
    [head.text("sec-purpose"), head.text("purpose")]
        .iter()
        .any(|purpose| purpose.contains("prefetch"))
}
