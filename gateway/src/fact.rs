//! What a request is, in the ecosystem's own understanding: the part of an event that the gateway knows.

use std::borrow::Cow;

use weir_event::Kind;

/// The route of requests for hosts that no route knows.
pub(crate) const UNKNOWN_HOST: &str = "unknown host";

/// One request, classified. The recorder adds who asked and how it was answered.
#[derive(Clone, Debug)]
pub(crate) struct Fact<'a> {
    pub(crate) kind: Kind,
    pub(crate) package: Cow<'a, str>,
    pub(crate) ecosystem: &'static str,
    pub(crate) route: Cow<'a, str>,
    pub(crate) version: Cow<'a, str>,
    pub(crate) artifact: Cow<'a, str>,
    pub(crate) digest: Cow<'a, str>,
    pub(crate) os: Cow<'a, str>,
    pub(crate) arch: Cow<'a, str>,
    /// The address that led here, where a body tells it; else it is the head's `Referer`.
    pub(crate) referrer: Option<Cow<'a, str>>,
    /// The path of the page that is viewed, where its owner wants to know.
    pub(crate) page: Cow<'a, str>,
    /// The query of that page and of the pixel on it; ingest reads what names a source or a campaign.
    pub(crate) query: Cow<'a, str>,
    /// The page is one of its owner's, so it led nobody here.
    pub(crate) own_page: bool,
    pub(crate) props: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Fact<'a> {
    pub(crate) fn new(
        kind: Kind,
        ecosystem: &'static str,
        package: &'a str,
        route: &'a str,
    ) -> Self {
        Self {
            kind,
            package: Cow::Borrowed(package),
            ecosystem,
            route: Cow::Borrowed(route),
            version: Cow::default(),
            artifact: Cow::default(),
            digest: Cow::default(),
            os: Cow::default(),
            arch: Cow::default(),
            referrer: None,
            page: Cow::default(),
            query: Cow::default(),
            own_page: false,
            props: Vec::new(),
        }
    }

    /// The same, for a request that was answered with the error `status`: what is not there is a
    /// broken link, however it was asked for, and what failed is never a download.
    pub(crate) fn failed(mut self, status: u16) -> Self {
        if status == 404 || matches!(self.kind, Kind::Download | Kind::Script) {
            self.kind = Kind::BrokenLink;
        }
        self
    }

    /// The domain to record for a request of `host`: a name that no route knows is the sender's invention.
    pub(crate) fn domain<'h>(&self, host: &'h str) -> &'h str {
        if self.route == UNKNOWN_HOST { "" } else { host }
    }

    /// Frees the fact from the request it was read from.
    pub(crate) fn into_owned(self) -> Fact<'static> {
        let own = |text: Cow<'_, str>| Cow::<'static, str>::Owned(text.into_owned());
        Fact {
            kind: self.kind,
            package: own(self.package),
            ecosystem: self.ecosystem,
            route: own(self.route),
            version: own(self.version),
            artifact: own(self.artifact),
            digest: own(self.digest),
            os: own(self.os),
            arch: own(self.arch),
            referrer: self.referrer.map(own),
            page: own(self.page),
            query: own(self.query),
            own_page: self.own_page,
            props: self
                .props
                .into_iter()
                .map(|(key, value)| (own(key), own(value)))
                .collect(),
        }
    }
}
