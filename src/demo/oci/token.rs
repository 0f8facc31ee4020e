//! The token service: who may pull what, for five minutes.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::demo::seal::seal;

/// Seconds a token lives.
pub(super) const LIFETIME_S: i64 = 300;

/// The repositories named by `scope` values (`repository:NAME:ACTIONS`, several in one value
/// separated by spaces) with pull among the actions.
pub(super) fn pulled<'a>(scopes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    scopes
        .flat_map(|scope| scope.split(' '))
        .filter_map(|scope| {
            let (name, actions) = scope.strip_prefix("repository:")?.rsplit_once(':')?;
            actions
                .split(',')
                .any(|action| action == "pull")
                .then_some(name)
        })
        .collect()
}

/// A token for `repositories` that ends at `expires` (seconds since 1970).
pub(super) fn issue(repositories: &[&str], expires: i64) -> String {
    let grant = URL_SAFE_NO_PAD.encode(format!("{expires} {}", repositories.join(" ")));
    let seal = seal(&grant);
    format!("{grant}.{seal}")
}

/// What a token is worth at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    /// It opens the repository.
    Opens,
    /// It is good, but for other repositories.
    OpensOthers,
    /// It is no token of ours, or no longer.
    Nothing,
}

/// Judges `token` for `repository`; without one any good token will do.
pub(super) fn judge(token: &str, repository: Option<&str>, now: i64) -> Worth {
    let Some((grant, sealed)) = token.split_once('.') else {
        return Worth::Nothing;
    };
    if seal(grant) != sealed {
        return Worth::Nothing;
    }
    // What carries our seal was written by `issue`.
    let grant = URL_SAFE_NO_PAD.decode(grant).unwrap_or_default();
    let grant = String::from_utf8(grant).unwrap_or_default();
    let mut words = grant.split(' ');
    let expires = words.next().and_then(|word| word.parse().ok());
    if expires.is_none_or(|expires: i64| expires <= now) {
        return Worth::Nothing;
    }
    match repository {
        Some(repository) if !words.any(|name| name == repository) => Worth::OpensOthers,
        _ => Worth::Opens,
    }
}

/// `user:password` of a Basic `Authorization`.
pub(super) fn basic(authorization: &str) -> Option<String> {
    let encoded = authorization.strip_prefix("Basic ")?;
    String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_its_repositories_until_it_ends() {
        let token = issue(&["acme/one", "acme/two"], 1000);
        assert_eq!(judge(&token, Some("acme/two"), 999), Worth::Opens);
        assert_eq!(judge(&token, None, 999), Worth::Opens);
        assert_eq!(judge(&token, Some("acme/three"), 999), Worth::OpensOthers);
        assert_eq!(judge(&token, Some("acme/two"), 1000), Worth::Nothing);
    }

    #[test]
    fn an_altered_token_is_worth_nothing() {
        let token = issue(&["acme/one"], 1000);
        let (_, sealed) = token.split_once('.').unwrap();
        let other = URL_SAFE_NO_PAD.encode("9999 acme/vault");
        let forged = format!("{other}.{sealed}");
        assert_eq!(judge(&forged, Some("acme/vault"), 0), Worth::Nothing);
        assert_eq!(judge("", None, 0), Worth::Nothing);
    }

    #[test]
    fn scopes_name_repositories_by_their_whole_path() {
        let scopes = [
            "repository:a/b:pull repository:c:pull,push",
            "repository:d:push",
        ];
        assert_eq!(pulled(scopes.into_iter()), ["a/b", "c"]);
        assert_eq!(pulled(["registry:catalog:*"].into_iter()), [""; 0]);
    }

    #[test]
    fn basic_credentials_are_user_and_password() {
        assert_eq!(basic("Basic YTpi").as_deref(), Some("a:b"));
        assert_eq!(basic("Bearer YTpi"), None);
        assert_eq!(basic("Basic ???"), None);
    }
}
