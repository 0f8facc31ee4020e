//! What a browser carries to the provider and back. A cookie holds it, so that nothing is kept here for
//! browsers that never return: state, nonce and PKCE verifier are derived from its one secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::accounts::{AccountsError, Secret};

/// A path of the page has this many bytes at most.
const LONGEST_PATH: usize = 1024;
/// Browsers keep 4096 bytes of a cookie.
const LONGEST_TEXT: usize = 3 << 10;

/// What somebody went to the provider for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// To sign in.
    SignIn,
    /// To use the link whose secret this is.
    Accept(String),
}

/// One visit to the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoundTrip {
    /// 256 random bits in hexadecimal digits.
    secret: String,
    pub(crate) purpose: Purpose,
    /// The path of the page to go to afterwards.
    next: String,
}

impl RoundTrip {
    pub(crate) fn begin(purpose: Purpose, next: &str) -> Result<Self, AccountsError> {
        Ok(Self {
            secret: Secret::random()?.as_text(),
            purpose,
            next: safe_next(next).to_owned(),
        })
    }

    /// As a cookie's value.
    pub(crate) fn as_text(&self) -> String {
        let json = serde_json::to_vec(self).expect("texts are JSON");
        URL_SAFE_NO_PAD.encode(json)
    }

    /// Reads what [`Self::as_text`] wrote.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let json = (text.len() <= LONGEST_TEXT).then(|| URL_SAFE_NO_PAD.decode(text).ok());
        let read: Self = serde_json::from_slice(&json??).ok()?;
        Secret::from_text(&read.secret).map(|_| read)
    }

    /// Says at the provider's answer that this browser asked (RFC 6749 §10.12).
    pub(crate) fn state(&self) -> String {
        self.derived("state")
    }

    /// Says in the ID token that it was made for this visit (OpenID Connect Core §3.1.2.1).
    pub(crate) fn nonce(&self) -> String {
        self.derived("nonce")
    }

    /// Proves that whoever has the code is who asked for it (RFC 7636 §4.1).
    pub(crate) fn verifier(&self) -> String {
        self.derived("verifier")
    }

    /// Where to go afterwards. The browser may have changed it, so it is looked at again.
    pub(crate) fn next(&self) -> &str {
        safe_next(&self.next)
    }

    /// None of the three tells another, nor the secret.
    fn derived(&self, use_: &str) -> String {
        hex::encode(Sha256::digest(format!("weir oidc {use_} {}", self.secret)))
    }
}

/// `next` where it is a path of this site, and else its front page. Browsers read `\` as `/` and leave out
/// tabs and line breaks, so that only visible ASCII is what it looks like.
pub(crate) fn safe_next(next: &str) -> &str {
    let mut bytes = next.bytes();
    let is_path = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
    let is_plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain && next.len() <= LONGEST_PATH {
        next
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_derived_differs_and_tells_nothing_of_the_secret() {
        let trip = RoundTrip::begin(Purpose::SignIn, "/").expect("random bits");
        let other = RoundTrip::begin(Purpose::SignIn, "/").expect("random bits");
        let texts = [
            trip.state(),
            trip.nonce(),
            trip.verifier(),
            trip.secret.clone(),
            other.state(),
        ];
        for (at, text) in texts.iter().enumerate() {
            assert!(!texts[at + 1..].contains(text));
        }
        assert!((43..=128).contains(&trip.verifier().len()), "RFC 7636 §4.1");
    }

    #[test]
    fn only_a_path_of_this_site_is_gone_to() {
        for safe in [
            "/",
            "/p/acme/rocket?r=7d&f=is:country:DE",
            "/settings/users#a",
            "/@evil.example",
        ] {
            assert_eq!(safe_next(safe), safe);
        }
        for evil in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            "\t//evil.example",
            "/a\r\nSet-Cookie: weir=1",
            "/a\\..\\b",
            "evil.example",
            "/ä",
        ] {
            assert_eq!(safe_next(evil), "/", "{evil:?}");
        }
        assert_eq!(safe_next(&format!("/{}", "a".repeat(LONGEST_PATH))), "/");
    }

    proptest! {
        #[test]
        fn a_cookie_reads_back_and_nothing_else_panics(next in ".{0,40}", text in ".{0,200}") {
            let trip = RoundTrip::begin(Purpose::Accept("ab".repeat(32)), &next).expect("random bits");
            let read = RoundTrip::from_text(&trip.as_text()).expect("as it was written");
            prop_assert_eq!(&read, &trip);
            prop_assert!(read.as_text().len() < LONGEST_TEXT);
            let _ = RoundTrip::from_text(&text);
        }

        #[test]
        fn wherever_a_browser_goes_next_is_this_site(next in "[/\\\\a-z:@.?#\t\r\n ]{0,16}") {
            let base: axum::http::Uri = "https://weir.example/".parse().expect("an address");
            let location = format!("https://weir.example{}", safe_next(&next));
            let uri: axum::http::Uri = location.split('#').next().unwrap_or("").parse().expect("an address");
            prop_assert_eq!(uri.host(), base.host());
        }
    }
}
