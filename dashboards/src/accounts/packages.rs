//! Which packages somebody may see.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All packages, or some by name. In JSON `null` is all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = VisiblePackages, value_type = Option<Vec<String>>)]
pub struct Packages(Option<BTreeSet<String>>);

impl Packages {
    /// Whatever there is.
    pub const ALL: Self = Self(None);

    /// These and no others.
    pub fn only(names: impl IntoIterator<Item = String>) -> Self {
        Self(Some(names.into_iter().collect()))
    }

    /// The names, unless it is all.
    pub fn names(&self) -> Option<&BTreeSet<String>> {
        self.0.as_ref()
    }

    /// Whether nothing is left out.
    pub(crate) fn is_all(&self) -> bool {
        self.0.is_none()
    }

    /// Whether `name` is one of them.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.contains(name))
    }

    /// Those that are in both.
    #[must_use]
    pub(crate) fn and(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(ours), Some(names)) => Self(Some(ours & names)),
        }
    }

    /// As the database keeps them.
    pub(super) fn as_text(&self) -> String {
        serde_json::to_string(self).expect("a list of texts is JSON")
    }

    /// Reads what [`Self::as_text`] wrote; what cannot be read is no package.
    pub(super) fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or(Self(Some(BTreeSet::new())))
    }
}

impl std::fmt::Display for Packages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            None => f.write_str("all"),
            Some(names) => {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(names: &[&str]) -> Packages {
        Packages::only(names.iter().map(|&name| name.to_owned()))
    }

    #[test]
    fn both_limits_hold() {
        let (some, others) = (only(&["a", "b"]), only(&["b", "c"]));
        assert_eq!(some.and(&others), only(&["b"]));
        assert_eq!(some.and(&Packages::ALL), some);
        assert_eq!(Packages::ALL.and(&some), some);
        assert!(some.has("a") && !some.has("c") && Packages::ALL.has("c"));
        assert!(!only(&["a"]).and(&only(&["b"])).has("a"));
    }

    #[test]
    fn what_cannot_be_read_is_no_package() {
        for packages in [Packages::ALL, only(&[]), only(&["acme/rocket", "a\"b"])] {
            assert_eq!(Packages::from_text(&packages.as_text()), packages);
        }
        assert_eq!(Packages::from_text("everything"), only(&[]));
    }
}
