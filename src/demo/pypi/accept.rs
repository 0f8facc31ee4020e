//! Which representation of an index page a client wants (RFC 9110, PEP 691).

/// A representation of an index page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Representation {
    /// PEP 691.
    Json,
    /// PEP 503, under its versioned name.
    Html,
    /// PEP 503, as every client has always read it.
    PlainHtml,
}

/// In order of preference where a client likes several equally: HTML first, because that is what
/// a client that takes anything expects.
const ALL: [Representation; 3] = [
    Representation::PlainHtml,
    Representation::Html,
    Representation::Json,
];

impl Representation {
    /// The media type to answer with.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/vnd.pypi.simple.v1+json",
            Self::Html => "application/vnd.pypi.simple.v1+html",
            Self::PlainHtml => "text/html; charset=utf-8",
        }
    }

    fn names(self) -> [&'static str; 2] {
        match self {
            Self::Json => [
                "application/vnd.pypi.simple.v1+json",
                "application/vnd.pypi.simple.latest+json",
            ],
            Self::Html => [
                "application/vnd.pypi.simple.v1+html",
                "application/vnd.pypi.simple.latest+html",
            ],
            Self::PlainHtml => ["text/html", "text/*"],
        }
    }

    /// How much a client with `accept` likes this, in thousandths. Its own name counts before a
    /// wildcard, so that an explicit refusal holds.
    fn quality(self, accept: &str) -> u16 {
        let named = |name: &str| {
            ranges(accept)
                .filter(|(range, _)| range.eq_ignore_ascii_case(name))
                .map(|(_, quality)| quality)
                .max()
        };
        let application = (self != Self::PlainHtml).then_some("application/*");
        self.names()
            .into_iter()
            .chain(application)
            .chain(["*/*"])
            .find_map(named)
            .unwrap_or(0)
    }
}

/// The best representation for an `Accept` header; none if the client takes none of them.
pub(super) fn best(accept: Option<&str>) -> Option<Representation> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
        return Some(Representation::PlainHtml);
    };
    ALL.into_iter()
        .map(|representation| (representation, representation.quality(accept)))
        .filter(|(_, quality)| *quality > 0)
        .reduce(|best, next| if next.1 > best.1 { next } else { best })
        .map(|(representation, _)| representation)
}

/// The media ranges of `accept` with their quality in thousandths.
fn ranges(accept: &str) -> impl Iterator<Item = (&str, u16)> {
    accept.split(',').map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1000, thousandths);
        (name, quality)
    })
}

/// A quality value; what is not one counts as zero.
fn thousandths(value: &str) -> u16 {
    let quality: f32 = value.parse().unwrap_or(0.0);
    // Clamped, so it fits; NaN becomes zero.
    #[allow(clippy::cast_sign_loss)]
    let thousandths = (quality.clamp(0.0, 1.0) * 1000.0).round() as u16;
    thousandths
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pip_and_uv_get_json() {
        let pip = "application/vnd.pypi.simple.v1+json, \
                   application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";
        assert_eq!(best(Some(pip)), Some(Representation::Json));
        let uv = "application/vnd.pypi.simple.v1+json, \
                  application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";
        assert_eq!(best(Some(uv)), Some(Representation::Json));
    }

    #[test]
    fn browsers_and_clients_that_take_anything_get_html() {
        for accept in [None, Some(""), Some("*/*"), Some("text/html,*/*;q=0.8")] {
            assert_eq!(best(accept), Some(Representation::PlainHtml), "{accept:?}");
        }
    }

    #[test]
    fn the_higher_quality_wins_whatever_the_order() {
        let accept = "text/html;q=0.5, application/vnd.pypi.simple.v1+html;q=0.9";
        assert_eq!(best(Some(accept)), Some(Representation::Html));
    }

    #[test]
    fn an_explicit_refusal_holds_against_a_wildcard() {
        let accept = "*/*;q=0.1, text/html;q=0, application/vnd.pypi.simple.v1+html;q=0";
        assert_eq!(best(Some(accept)), Some(Representation::Json));
    }

    #[test]
    fn a_client_that_takes_none_gets_none() {
        assert_eq!(best(Some("image/png")), None);
        assert_eq!(best(Some("text/html;q=0")), None);
    }

    proptest! {
        #[test]
        fn no_header_is_too_strange(accept in "\\PC{0,80}") {
            let _ = best(Some(&accept));
        }
    }
}
