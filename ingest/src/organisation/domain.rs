//! What a domain says: whose it is by its suffix, and which part of a name was registered.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// Sorts of holder that a domain's suffix tells, because a registry lets nobody else in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// Schools and universities.
    Education,
    /// Public administration.
    Government,
    /// Machines for hire.
    Hosting,
}

static SUFFIXES: LazyLock<HashMap<String, Suffix>> = LazyLock::new(|| {
    read(include_str!("../../organisations/domains.toml"))
        .expect("the file that was built in is read by a test")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    education: Suffixes,
    government: Suffixes,
    hosting: Suffixes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Suffixes {
    suffixes: Vec<String>,
}

fn read(text: &str) -> Result<HashMap<String, Suffix>, toml::de::Error> {
    let written: Written = toml::from_str(text)?;
    let sorts = [
        (Suffix::Education, written.education),
        (Suffix::Government, written.government),
        (Suffix::Hosting, written.hosting),
    ];
    let each = |(sort, list): (Suffix, Suffixes)| {
        list.suffixes.into_iter().map(move |suffix| (suffix, sort))
    };
    Ok(sorts.into_iter().flat_map(each).collect())
}

/// What the longest known suffix of `domain` says.
pub(crate) fn suffix(domain: &str) -> Option<Suffix> {
    parents(domain).find_map(|parent| SUFFIXES.get(parent).copied())
}

/// The domain itself, then what is left without its first label, and so on.
pub(crate) fn parents(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |domain| {
        domain.split_once('.').map(|(_, parent)| parent)
    })
}

/// The part of `name` that somebody registered, by the ICANN section of the Public Suffix List; nothing under a
/// suffix that a company lets out, since its customers are not it.
pub(crate) fn registered(name: &str) -> Option<&str> {
    let domain = psl::domain(name.as_bytes())?;
    if domain.suffix().typ() != Some(psl::Type::Icann) {
        return None;
    }
    std::str::from_utf8(domain.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_says_whose_domain_it_is() {
        let said = |domain| suffix(domain);
        assert_eq!(said("stanford.edu"), Some(Suffix::Education));
        assert_eq!(said("ox.ac.uk"), Some(Suffix::Education));
        assert_eq!(said("impots.gouv.fr"), Some(Suffix::Government));
        assert_eq!(said("mail.army.mil"), Some(Suffix::Government));
        assert_eq!(said("ec2-1-2.compute.amazonaws.com"), Some(Suffix::Hosting));
        assert_eq!(said("acme.example"), None);
        assert_eq!(said("notedu"), None, "a whole label");
        assert_eq!(said(""), None);
    }

    #[test]
    fn the_registered_part_of_a_name_is_found() {
        assert_eq!(registered("vpn.office.acme.co.uk"), Some("acme.co.uk"));
        assert_eq!(registered("acme.com"), Some("acme.com"));
        assert_eq!(registered("co.uk"), None);
        assert_eq!(registered("acme.github.io"), None, "a customer of it");
        assert_eq!(registered("router.acme.example"), None, "no such suffix");
    }
}
