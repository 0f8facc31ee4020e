//! Certificates by the names that they are made out to.

use std::collections::HashMap;
use std::sync::Arc;

use super::pair::Pair;

/// Finds the certificate for a name in two look-ups, however many there are.
#[derive(Debug, Default)]
pub(crate) struct ByName {
    exact: HashMap<String, Arc<Pair>>,
    /// By what stands behind `*.`.
    below: HashMap<String, Arc<Pair>>,
    /// For clients that do not say which name they mean.
    first: Option<Arc<Pair>>,
}

impl ByName {
    /// Of several certificates for one name, the one that is good for longest is found.
    pub(crate) fn new(pairs: impl IntoIterator<Item = Arc<Pair>>) -> Self {
        let mut all = Self::default();
        for pair in pairs {
            for name in &pair.names {
                let (names, name) = match name.strip_prefix("*.") {
                    Some(parent) => (&mut all.below, parent),
                    None => (&mut all.exact, name.as_str()),
                };
                let better = |known: &Arc<Pair>| known.until < pair.until;
                if names.get(name).is_none_or(better) {
                    names.insert(name.to_owned(), Arc::clone(&pair));
                }
            }
            all.first.get_or_insert(pair);
        }
        all
    }

    /// The certificate for `name`, in any case. A wildcard stands for one label (RFC 9525 §6.3).
    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Pair>> {
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.find(&name.to_ascii_lowercase());
        }
        self.exact.get(name).or_else(|| {
            let (_, parent) = name.split_once('.')?;
            self.below.get(parent)
        })
    }

    /// The certificate for who names nobody.
    pub(crate) fn first(&self) -> Option<&Arc<Pair>> {
        self.first.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::super::pair::tests::pair;
    use super::*;

    fn found(all: &ByName, name: &str) -> Option<String> {
        all.find(name).map(|pair| pair.names.join(" "))
    }

    #[test]
    fn a_name_is_found_in_any_case_and_a_wildcard_is_one_label() {
        let all = ByName::new([
            pair(&["get.acme.example"], 0, 10),
            pair(&["*.acme.example"], 0, 10),
        ]);
        assert_eq!(
            found(&all, "GET.acme.example").as_deref(),
            Some("get.acme.example")
        );
        assert_eq!(
            found(&all, "cr.acme.example").as_deref(),
            Some("*.acme.example")
        );
        for unknown in [
            "acme.example",
            "a.cr.acme.example",
            "example",
            "*.acme.example.",
            "",
        ] {
            assert_eq!(found(&all, unknown), None, "{unknown}");
        }
    }

    #[test]
    fn of_two_for_one_name_the_one_that_is_good_for_longer_is_shown() {
        let (old, new) = (pair(&["a.example"], 0, 10), pair(&["a.example"], 5, 90));
        for order in [[&old, &new], [&new, &old]] {
            let all = ByName::new(order.map(Arc::clone));
            assert_eq!(
                all.find("a.example").map(|pair| pair.until),
                Some(new.until)
            );
        }
    }

    #[test]
    fn who_names_nobody_gets_the_first() {
        let all = ByName::new([pair(&["a.example"], 0, 10), pair(&["b.example"], 0, 90)]);
        assert_eq!(all.first().expect("one").names, ["a.example"]);
    }
}
