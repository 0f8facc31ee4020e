//! What the operator's rules let somebody do whom the provider vouches for.

use super::{OidcSettings, Person};
use crate::accounts::{Packages, Role};

/// What somebody may do by the provider's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Admission {
    pub(crate) role: Role,
    pub(crate) packages: Packages,
}

/// Their verified e-mail address is not in one of the domains that may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrongDomain;

impl OidcSettings {
    /// What `person` may do; nothing where only an invitation lets them in.
    pub(crate) fn admission(&self, person: &Person) -> Result<Option<Admission>, WrongDomain> {
        if !self.domains.is_empty() && !self.has_domain_of(person) {
            return Err(WrongDomain);
        }
        let first = self
            .groups
            .iter()
            .find(|group| person.groups.contains(&group.group));
        Ok(match (first, self.join) {
            (Some(group), _) => Some(Admission {
                role: group.role,
                packages: group.packages.clone(),
            }),
            (None, Some(role)) => Some(Admission {
                role,
                packages: Packages::ALL,
            }),
            (None, None) => None,
        })
    }

    fn has_domain_of(&self, person: &Person) -> bool {
        let domain = person
            .email
            .as_deref()
            .and_then(|email| email.rsplit_once('@'))
            .map(|(_, domain)| domain.to_ascii_lowercase());
        domain.is_some_and(|domain| self.domains.contains(&domain))
    }
}

#[cfg(test)]
mod tests {
    use super::super::GroupRole;
    use super::*;

    fn settings(domains: &[&str], join: Option<Role>) -> OidcSettings {
        let group = |group: &str, role, packages| GroupRole {
            group: group.to_owned(),
            role,
            packages,
        };
        OidcSettings {
            issuer: String::new(),
            client_id: String::new(),
            client_secret: None,
            name: String::new(),
            scopes: Vec::new(),
            groups_claim: String::new(),
            domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
            groups: vec![
                group("admins", Role::Admin, Packages::ALL),
                group(
                    "partners",
                    Role::Guest,
                    Packages::only(["acme/rocket".to_owned()]),
                ),
            ],
            join,
            link_by_email: false,
            password: true,
            public_origin: String::new(),
        }
    }

    fn person(email: Option<&str>, groups: &[&str]) -> Person {
        Person {
            email: email.map(ToOwned::to_owned),
            groups: groups.iter().map(|&group| group.to_owned()).collect(),
            ..Person::default()
        }
    }

    #[test]
    fn the_first_group_in_the_settings_decides() {
        let role = |groups: &[&str]| {
            let admission = settings(&[], None).admission(&person(None, groups));
            admission.expect("any domain").map(|found| found.role)
        };
        assert_eq!(role(&["partners", "admins"]), Some(Role::Admin));
        assert_eq!(role(&["partners"]), Some(Role::Guest));
        assert_eq!(role(&["Admins"]), None, "to the letter");
        assert_eq!(role(&[]), None);
    }

    #[test]
    fn who_is_in_no_group_joins_where_that_is_allowed() {
        let open = settings(&[], Some(Role::Viewer));
        let admission = open.admission(&person(None, &[])).expect("any domain");
        assert_eq!(admission.map(|found| found.role), Some(Role::Viewer));
    }

    #[test]
    fn a_domain_is_the_whole_one_of_a_verified_address() {
        let closed = settings(&["acme.example"], Some(Role::Viewer));
        let comes_in = |email| closed.admission(&person(email, &["admins"])).is_ok();
        assert!(comes_in(Some("ada@ACME.example")));
        for outside in [
            None,
            Some("ada@evil-acme.example"),
            Some("ada@acme.example.evil.example"),
            Some("ada@acme.example@evil.example"),
            Some("acme.example"),
        ] {
            assert!(!comes_in(outside), "{outside:?}");
        }
    }
}
