//! Layer storage behind signed addresses: whoever holds one may GET it until it expires.

use crate::demo::seal::seal;

/// Seconds a signed address works.
const LIFETIME_S: i64 = 600;

/// Why storage refuses a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// A signature and an `Authorization` came together.
    #[error("only one authentication mechanism is allowed")]
    TwoCredentials,
    /// The signature is for another method or address.
    #[error("the signature does not match the request")]
    Signature,
    /// The address is too old.
    #[error("the address has expired")]
    Expired,
}

/// The path and query at which storage hands out the blob `digest`, from `now` on.
pub(super) fn signed(digest: &str, now: i64) -> String {
    let expires = now + LIFETIME_S;
    let signature = signature("GET", digest, expires);
    format!("/storage/{digest}?expires={expires}&signature={signature}")
}

/// Checks what came with a request for the blob `digest`. The method is signed too, so an address
/// for GET does not serve a HEAD.
pub(super) fn check(
    method: &str,
    digest: &str,
    query: &[(String, String)],
    authorized: bool,
    now: i64,
) -> Result<(), Refusal> {
    let value = |key: &str| {
        let (_, value) = query.iter().find(|(name, _)| name == key)?;
        Some(value.as_str())
    };
    let expires = value("expires").and_then(|expires| expires.parse().ok());
    let expires: i64 = expires.ok_or(Refusal::Signature)?;
    if authorized {
        Err(Refusal::TwoCredentials)
    } else if value("signature") != Some(&signature(method, digest, expires)) {
        Err(Refusal::Signature)
    } else if expires <= now {
        Err(Refusal::Expired)
    } else {
        Ok(())
    }
}

fn signature(method: &str, digest: &str, expires: i64) -> String {
    seal(&format!("{method} {digest} {expires}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:aa";

    fn query(address: &str) -> Vec<(String, String)> {
        let (_, query) = address.split_once('?').unwrap();
        let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
        pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    }

    #[test]
    fn a_signed_address_works_until_it_expires() {
        let query = query(&signed(DIGEST, 1000));
        assert_eq!(check("GET", DIGEST, &query, false, 1000), Ok(()));
        assert_eq!(
            check("GET", DIGEST, &query, false, 1000 + LIFETIME_S),
            Err(Refusal::Expired)
        );
    }

    #[test]
    fn a_signature_is_good_for_its_method_and_blob_alone() {
        let query = query(&signed(DIGEST, 1000));
        for (method, digest) in [("HEAD", DIGEST), ("GET", "sha256:bb")] {
            let checked = check(method, digest, &query, false, 1000);
            assert_eq!(checked, Err(Refusal::Signature), "{method} {digest}");
        }
        assert_eq!(
            check("GET", DIGEST, &[], false, 1000),
            Err(Refusal::Signature)
        );
    }

    #[test]
    fn a_credential_beside_the_signature_is_refused() {
        let query = query(&signed(DIGEST, 1000));
        assert_eq!(
            check("GET", DIGEST, &query, true, 1000),
            Err(Refusal::TwoCredentials)
        );
    }
}
