//! What we say ourselves: redirects, small documents, and errors in the client's own dialect.

use std::borrow::Cow;

use bytes::Bytes;
use smallvec::SmallVec;
use weir_config::limit::TooOften;

use crate::head::Refusal;
use crate::traffic::Reason;

/// A complete answer that needs nobody else.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// A redirect has two, which take no memory of their own.
    pub(crate) headers: SmallVec<[(&'static str, Cow<'static, str>); 2]>,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            content_type,
            headers: SmallVec::new(),
            body: body.into(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn text(status: u16, text: impl Into<Bytes>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text)
    }

    pub(crate) fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json", value.to_string())
    }

    /// Sends the client on. Never cacheable, so that every download asks here (RFC 9110 §15.4).
    pub(crate) fn redirect(status: u16, location: String) -> Self {
        Self::text(status, "follow the redirect to download (curl: -L)\n")
            .with("location", location)
            .with("cache-control", "no-store")
    }
}

/// How a client wants to be told that something failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// A line of text.
    #[default]
    Plain,
    /// The distribution specification's JSON error list.
    Oci,
    /// A JSON object with `error`.
    Json,
}

impl Dialect {
    /// The answer for `failure` in this dialect.
    pub(crate) fn reply(self, failure: &Failure) -> Reply {
        let status = failure.status();
        let reply = match self {
            Self::Plain => Reply::text(status, format!("{failure}\n")),
            Self::Json => Reply::json(status, &serde_json::json!({ "error": failure.to_string() })),
            Self::Oci => Reply::json(
                status,
                &serde_json::json!({ "errors": [{ "code": failure.oci_code(), "message": failure.to_string(), "detail": {} }] }),
            ),
        };
        match failure {
            Failure::Refused(Refusal::Method) => reply.with("allow", "GET, HEAD"),
            // RFC 6750 §3
            Failure::NoToken => reply.with("www-authenticate", "Bearer"),
            Failure::TooOften(often) => reply.with("retry-after", often.seconds().to_string()),
            _ => reply,
        }
    }
}

/// Why a request gets no download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// See [`Refusal`].
    #[error("{0}")]
    Refused(Refusal),
    /// No route knows the host.
    #[error("nothing is served on this host")]
    UnknownHost,
    /// No route knows the path.
    #[error("nothing is served at this path")]
    UnknownPath,
    /// The registry has no such image here.
    #[error("repository name not known to registry")]
    UnknownImage,
    /// The upstream does not have it.
    #[error("not found upstream")]
    NotFound,
    /// The route is open to those with a token.
    #[error("a token is needed: send Authorization: Bearer TOKEN")]
    NoToken,
    /// The page is none of those that may send.
    #[error("events from this page are not taken")]
    Origin,
    /// The client has to sign in, or to sign in again.
    #[error("authentication required")]
    Unauthorized,
    /// The upstream wants other credentials.
    #[error("the upstream refuses access")]
    Denied,
    /// The upstream asks for patience.
    #[error("the upstream limits requests; try again later")]
    Limited,
    /// The upstream is down, slow or broken.
    #[error("the upstream does not answer")]
    Upstream,
    /// The upstream is at an address where none may be; the log says which, the client need not know.
    #[error("the upstream is not allowed by this gateway's settings")]
    PrivateUpstream,
    /// The sender's network tells more than one may.
    #[error("{0}")]
    TooOften(TooOften),
    /// The sender's body is larger than is read.
    #[error("the body is too large")]
    BodyTooLarge,
    /// The sender's body does not arrive, or not in time.
    #[error("the body did not arrive in time")]
    BodyLate,
}

impl Failure {
    /// The one table from failure to status.
    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.status(),
            Self::UnknownHost | Self::UnknownPath | Self::UnknownImage | Self::NotFound => 404,
            Self::NoToken | Self::Unauthorized => 401,
            Self::Denied | Self::Origin => 403,
            Self::Limited | Self::TooOften(_) => 429,
            Self::Upstream | Self::PrivateUpstream => 502,
            Self::BodyTooLarge => 413,
            Self::BodyLate => 408,
        }
    }

    /// What it is counted as.
    pub(crate) fn reason(self) -> Reason {
        match self {
            Self::Refused(Refusal::Bad(_)) => Reason::Malformed,
            Self::Refused(Refusal::Method) => Reason::Method,
            Self::Refused(Refusal::TargetTooLong) => Reason::TargetTooLong,
            Self::Refused(Refusal::HeadTooLarge) => Reason::HeadTooLarge,
            Self::UnknownHost => Reason::UnknownHost,
            Self::UnknownPath => Reason::UnknownPath,
            Self::UnknownImage => Reason::UnknownImage,
            Self::NotFound => Reason::NotFound,
            Self::NoToken => Reason::NoToken,
            Self::Origin => Reason::Origin,
            Self::Unauthorized => Reason::Unauthorized,
            Self::Denied => Reason::Denied,
            Self::Limited => Reason::Limited,
            Self::TooOften(_) => Reason::TooOften,
            Self::Upstream => Reason::Upstream,
            Self::PrivateUpstream => Reason::PrivateUpstream,
            Self::BodyTooLarge => Reason::BodyTooLarge,
            Self::BodyLate => Reason::BodyLate,
        }
    }

    /// Error codes of the distribution specification, "Error Codes".
    fn oci_code(self) -> &'static str {
        match self {
            Self::Refused(Refusal::Method) => "UNSUPPORTED",
            Self::UnknownImage | Self::UnknownHost | Self::UnknownPath => "NAME_UNKNOWN",
            Self::NotFound => "MANIFEST_UNKNOWN",
            Self::NoToken | Self::Unauthorized => "UNAUTHORIZED",
            Self::Denied | Self::Origin => "DENIED",
            Self::Limited | Self::TooOften(_) => "TOOMANYREQUESTS",
            Self::Refused(_)
            | Self::Upstream
            | Self::PrivateUpstream
            | Self::BodyTooLarge
            | Self::BodyLate => "UNKNOWN",
        }
    }
}
