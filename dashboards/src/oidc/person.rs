//! What an ID token says of somebody. Whether it may be believed was seen before.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Somebody whom the provider vouches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) issuer: String,
    /// Never changes and is never given to somebody else (OpenID Connect Core §2).
    pub(crate) subject: String,
    /// What an account could be called, the best first.
    pub(crate) names: Vec<String>,
    /// The e-mail address, if the provider has verified it.
    pub(crate) email: Option<String>,
    pub(crate) groups: Vec<String>,
    /// Whether the provider asked for more than a password.
    pub(crate) second_factor: bool,
}

/// Claims that the standard leaves to providers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OwnClaims {
    #[serde(flatten)]
    claims: Map<String, Value>,
}

impl openidconnect::AdditionalClaims for OwnClaims {}

impl OwnClaims {
    /// The names in a claim that is a list, or one name.
    pub(super) fn names(&self, claim: &str) -> Vec<String> {
        let name = |value: &Value| value.as_str().map(ToOwned::to_owned);
        match self.claims.get(claim) {
            Some(Value::Array(names)) => names.iter().filter_map(name).collect(),
            Some(one) => name(one).into_iter().collect(),
            None => Vec::new(),
        }
    }
}

/// Whether one of the methods (RFC 8176 §2) is a second factor beside a password.
pub(super) fn has_second_factor<'a>(methods: impl IntoIterator<Item = &'a str>) -> bool {
    const SECOND: [&str; 6] = ["mfa", "otp", "hwk", "swk", "sc", "sms"];
    methods.into_iter().any(|method| SECOND.contains(&method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_a_list_or_one_name() {
        let claims = r#"{"groups": ["a", 7, "b"], "role": "admin", "nested": {"groups": []}}"#;
        let claims: OwnClaims = serde_json::from_str(claims).expect("claims");
        assert_eq!(claims.names("groups"), ["a", "b"]);
        assert_eq!(claims.names("role"), ["admin"]);
        assert!(claims.names("nested").is_empty());
        assert!(claims.names("missing").is_empty());
    }

    #[test]
    fn a_password_alone_is_no_second_factor() {
        assert!(has_second_factor(["pwd", "otp"]));
        assert!(has_second_factor(["mfa"]));
        assert!(!has_second_factor(["pwd"]));
        assert!(!has_second_factor([]));
    }
}
