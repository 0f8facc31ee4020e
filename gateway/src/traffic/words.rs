//! What requests are told apart by. Closed and few: nothing that a client, a package or a host is called is among it.

use weir_event::{Answer, Kind};

use crate::recorder::Outcome;

/// Ecosystems as events name them. The first stands for requests that belong to none, the last for those that are
/// missing here.
pub(super) const ECOSYSTEMS: [&str; 22] = [
    "none",
    "file",
    "oci",
    "pypi",
    "npm",
    "cargo",
    "go",
    "maven",
    "rubygems",
    "helm",
    "nuget",
    "composer",
    "apt",
    "rpm",
    "conda",
    "hex",
    "homebrew",
    "terraform",
    "script",
    "docs",
    "event",
    "other",
];

/// Where an ecosystem stands in [`ECOSYSTEMS`].
pub(super) fn ecosystem(name: &str) -> usize {
    if name.is_empty() {
        return 0;
    }
    let known = ECOSYSTEMS.iter().position(|known| *known == name);
    known.unwrap_or(ECOSYSTEMS.len() - 1)
}

/// Kinds of events, and one more for requests of which none is recorded.
pub(super) const KINDS: usize = Kind::ALL.len() + 1;

/// The word for the kind at `index`.
pub(super) fn kind(index: usize) -> &'static str {
    index
        .checked_sub(1)
        .and_then(|index| Kind::ALL.get(index))
        .map_or("none", |kind| kind.as_str())
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Each one's word, in the order of their declaration.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word,)+];
        }
    };
}

words! {
    /// How a request ended.
    Ending {
        /// Sent on.
        Redirect => "redirect",
        /// Passed through from an upstream.
        Proxy => "proxy",
        /// Answered from what is here.
        Serve => "serve",
        /// Refused or not found: 4xx.
        ClientError => "client_error",
        /// An upstream failed, or said that it did: 5xx.
        UpstreamError => "upstream_error",
        /// The gateway failed: 5xx.
        Error => "error",
    }
}

impl Outcome {
    /// What this counts as.
    pub(crate) fn ending(self) -> Ending {
        match (self.status, self.answer) {
            // What the gateway says where an upstream is no use (RFC 9110 §15.6.3 and on), and what upstreams say.
            (502..=504, _) | (500.., Answer::Proxy) => Ending::UpstreamError,
            (500.., _) => Ending::Error,
            (400..=499, _) => Ending::ClientError,
            (_, Answer::Redirect) => Ending::Redirect,
            (_, Answer::Proxy) => Ending::Proxy,
            (_, Answer::Serve | Answer::None) => Ending::Serve,
        }
    }
}

words! {
    /// What went wrong with a request.
    Reason {
        /// The head breaks HTTP.
        Malformed => "malformed",
        /// A method that downloads do not use.
        Method => "method",
        /// A target that is too long.
        TargetTooLong => "target_too_long",
        /// A head that is too large.
        HeadTooLarge => "head_too_large",
        /// A host that no route knows.
        UnknownHost => "unknown_host",
        /// A path that no route knows.
        UnknownPath => "unknown_path",
        /// An image that is not served.
        UnknownImage => "unknown_image",
        /// The upstream does not have it.
        NotFound => "not_found",
        /// No token where one is needed.
        NoToken => "no_token",
        /// A page that may not send.
        Origin => "origin",
        /// The client has to sign in.
        Unauthorized => "unauthorized",
        /// The upstream refuses the credentials.
        Denied => "denied",
        /// The upstream limits requests.
        Limited => "limited",
        /// A network that sends more views and events than one may.
        TooOften => "too_often",
        /// The upstream is down, slow or broken.
        Upstream => "upstream",
        /// The upstream is where none may be.
        PrivateUpstream => "private_upstream",
        /// A body that is too large.
        BodyTooLarge => "body_too_large",
        /// A body that did not arrive.
        BodyLate => "body_late",
    }
}

words! {
    /// What became of a connection before its first request.
    Connection {
        /// Requests may follow.
        Accepted => "accepted",
        /// Its sender has as many as one may have.
        Crowded => "crowded",
        /// The system gave none: descriptors or memory ran out.
        NotAccepted => "not_accepted",
    }
}

words! {
    /// What became of a TLS handshake.
    Handshake {
        /// It was finished.
        Done => "done",
        /// It was not: the client went away, took too long, or agreed to nothing that is spoken here.
        Failed => "failed",
        /// There is no certificate for the name that was asked for.
        UnknownName => "unknown_name",
    }
}

words! {
    /// What became of asking an upstream.
    Asked {
        /// It answered, whatever it said.
        Answered => "answered",
        /// It did not, or not in time.
        Failed => "failed",
        /// It was not asked, because it has been failing.
        Spared => "spared",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_the_upstreams_where_it_came_from_there_and_else_ours() {
        let ended = |status, answer| {
            let outcome = Outcome {
                status,
                answer,
                bytes: 0,
            };
            Ending::WORDS[outcome.ending() as usize]
        };
        assert_eq!(ended(302, Answer::Redirect), "redirect");
        assert_eq!(ended(200, Answer::Proxy), "proxy");
        assert_eq!(ended(304, Answer::Serve), "serve");
        assert_eq!(ended(404, Answer::None), "client_error");
        assert_eq!(ended(429, Answer::Proxy), "client_error");
        assert_eq!(ended(502, Answer::None), "upstream_error");
        assert_eq!(ended(500, Answer::Proxy), "upstream_error");
        assert_eq!(ended(500, Answer::None), "error");
    }

    #[test]
    fn every_kind_of_index_has_a_word_of_its_own() {
        for kind in weir_config::catalogue::IndexKind::ALL {
            let found = ecosystem(kind.as_str());
            assert_eq!(ECOSYSTEMS[found], kind.as_str());
        }
        assert_eq!(ECOSYSTEMS[ecosystem("")], "none");
        assert_eq!(ECOSYSTEMS[ecosystem("invented")], "other");
    }
}
