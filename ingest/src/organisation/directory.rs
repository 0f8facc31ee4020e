//! Organisations by what makes them out: networks, numbers of systems, domains, registered names.
//!
//! The same form serves what is built in (`organisations/known.toml`) and what an operator writes.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use ipnet::IpNet;
use serde::Deserialize;

use super::OrganisationType;
use super::domain::parents;
use super::name::Name;
use super::prefixes::Prefixes;
use crate::ClientIp;

/// Why a file of organisations cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// It cannot be read.
    #[error("cannot read {path}: create it, or leave out [organisations] overrides")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// What is in it is not what it should be; the text says where and what.
    #[error("{path}: {problem}")]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// With line, column and excerpt.
        problem: String,
    },
}

/// An organisation as somebody wrote it down.
#[derive(Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: Arc<str>,
    pub(crate) domain: Arc<str>,
    pub(crate) kind: OrganisationType,
}

/// What a network, system, domain or name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Meaning {
    Organisation(Arc<Entry>),
    /// Never an organisation.
    Nobody,
}

/// Organisations, and what is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    networks: Prefixes<Meaning>,
    systems: HashMap<u32, Meaning>,
    domains: HashMap<String, Meaning>,
    names: HashMap<String, Meaning>,
}

static KNOWN: LazyLock<Directory> = LazyLock::new(|| {
    Directory::read(include_str!("../../organisations/known.toml"))
        .expect("the file that was built in is read by a test")
});

/// The organisations that are built in.
pub(crate) fn known() -> &'static Directory {
    &KNOWN
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    organisation: Vec<Organisation>,
    #[serde(default)]
    nobody: Vec<Marks>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Organisation {
    name: Registered,
    #[serde(default)]
    domain: Domain,
    #[serde(rename = "type", default)]
    kind: OrganisationType,
    #[serde(default)]
    networks: Vec<Network>,
    #[serde(default)]
    asns: Vec<NonZeroU32>,
    #[serde(default)]
    domains: Vec<Domain>,
    #[serde(default)]
    names: Vec<Registered>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Marks {
    networks: Vec<Network>,
    asns: Vec<NonZeroU32>,
    domains: Vec<Domain>,
    names: Vec<Registered>,
}

/// A name with a word in it: networks of which nothing is known have none.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
struct Registered(String);

impl TryFrom<String> for Registered {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if Name::new(&text).core().is_empty() {
            return Err(format!("{text:?} is no name: write it as it is shown"));
        }
        Ok(Self(text))
    }
}

/// A network, or one address; bits beyond its prefix do not count.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Network(IpNet);

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let network = text.parse::<IpNet>().or_else(|error| {
            let address = text.parse::<std::net::IpAddr>();
            address.map(IpNet::from).map_err(|_| error)
        });
        network.map(|network| Self(network.trunc())).map_err(|_| {
            format!("{text:?} is no network: write one such as \"198.51.100.0/24\", or one address")
        })
    }
}

/// A domain in lower case, without a dot at its end.
#[derive(Deserialize, Default)]
#[serde(try_from = "String")]
struct Domain(String);

impl TryFrom<String> for Domain {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let domain = text.trim_end_matches('.').to_ascii_lowercase();
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        if !domain.is_empty() && domain.len() <= 253 && domain.bytes().all(letter) {
            return Ok(Self(domain));
        }
        Err(format!(
            "{text:?} is no domain: write one such as \"acme.example\""
        ))
    }
}

impl Directory {
    /// Reads a file as an operator writes it.
    pub(crate) fn open(path: &Path) -> Result<Self, DirectoryError> {
        let text = std::fs::read_to_string(path).map_err(|source| DirectoryError::Unreadable {
            path: path.into(),
            source,
        })?;
        Self::read(&text).map_err(|error| DirectoryError::Wrong {
            path: path.into(),
            problem: error.to_string().trim_end().to_owned(),
        })
    }

    pub(crate) fn read(text: &str) -> Result<Self, toml::de::Error> {
        let written: Written = toml::from_str(text)?;
        let mut directory = Self::default();
        for marks in written.nobody {
            directory.put(marks, &Meaning::Nobody);
        }
        for organisation in written.organisation {
            let Organisation {
                name,
                domain,
                kind,
                networks,
                asns,
                mut domains,
                mut names,
            } = organisation;
            if !domain.0.is_empty() {
                domains.push(Domain(domain.0.clone()));
            }
            names.push(name.clone());
            let entry = Entry {
                name: name.0.into(),
                domain: domain.0.into(),
                kind,
            };
            let marks = Marks {
                networks,
                asns,
                domains,
                names,
            };
            directory.put(marks, &Meaning::Organisation(Arc::new(entry)));
        }
        Ok(directory)
    }

    fn put(&mut self, marks: Marks, meaning: &Meaning) {
        for Network(network) in marks.networks {
            self.networks.insert(network, meaning.clone());
        }
        let systems = marks
            .asns
            .into_iter()
            .map(|asn| (asn.get(), meaning.clone()));
        self.systems.extend(systems);
        let domains = marks.domains.into_iter();
        self.domains
            .extend(domains.map(|Domain(domain)| (domain, meaning.clone())));
        let names = marks
            .names
            .iter()
            .map(|name| Name::new(&name.0).core().to_owned());
        self.names.extend(names.map(|name| (name, meaning.clone())));
    }

    /// By the network that the address lies in, without the address leaving it.
    pub(crate) fn by_address(&self, address: &ClientIp) -> Option<&Meaning> {
        address.find_in(&self.networks)
    }

    /// By the number of the autonomous system.
    pub(crate) fn by_system(&self, asn: u32) -> Option<&Meaning> {
        self.systems.get(&asn)
    }

    /// By a domain, or one that it lies under.
    pub(crate) fn by_domain(&self, domain: &str) -> Option<&Meaning> {
        parents(domain).find_map(|domain| self.domains.get(domain))
    }

    /// Whether any name is in it.
    pub(crate) fn has_names(&self) -> bool {
        !self.names.is_empty()
    }

    /// By the whole name, the legal form apart.
    pub(crate) fn by_name(&self, name: &Name) -> Option<&Meaning> {
        self.names.get(name.core())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_can_be_read() {
        assert!(known().by_domain("ford.com").is_some());
        assert!(known().by_name(&Name::new("FORD MOTOR COMPANY")).is_some());
        assert!(
            known()
                .by_name(&Name::new("Ford Motor Credit Company"))
                .is_none()
        );
    }

    #[test]
    fn one_organisation_has_several_marks() {
        let directory = Directory::read(
            r#"
            [[organisation]]
            name = "Acme Rockets"
            domain = "Acme.example"
            networks = ["198.51.100.0/24", "2001:db8:7::/48"]
            asns = [64500, 64501]
            domains = ["rockets.example"]
            names = ["ACME ROCKETS GMBH"]

            [[nobody]]
            asns = [64502]
            "#,
        )
        .expect("a directory");
        let acme = directory.by_system(64501).expect("by its number");
        assert_eq!(directory.by_domain("vpn.acme.example"), Some(acme));
        assert_eq!(directory.by_domain("rockets.example"), Some(acme));
        assert_eq!(
            directory.by_name(&Name::new("Acme Rockets, Inc.")),
            Some(acme)
        );
        assert_eq!(
            directory.by_address(&ClientIp::new([198, 51, 100, 9].into())),
            Some(acme)
        );
        assert_eq!(
            directory.by_address(&ClientIp::new([198, 51, 101, 9].into())),
            None
        );
        assert_eq!(directory.by_system(64502), Some(&Meaning::Nobody));
        let Meaning::Organisation(acme) = acme else {
            panic!("an organisation")
        };
        assert_eq!(
            acme.kind,
            OrganisationType::Business,
            "where nothing is said"
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let wrong = |text: &str| {
            let error = Directory::read(text).expect_err("wrong");
            error.to_string().trim_end().to_owned()
        };
        insta::assert_snapshot!(wrong("[[organisation]]\nname = \"A\"\nnetworks = [\"10.0.0/8\"]\n"), @r#"
        TOML parse error at line 3, column 12
          |
        3 | networks = ["10.0.0/8"]
          |            ^^^^^^^^^^^^
        "10.0.0/8" is no network: write one such as "198.51.100.0/24", or one address
        "#);
        insta::assert_snapshot!(wrong("[[organisation]]\nname = \"A\"\ntype = \"firm\"\n"), @r#"
        TOML parse error at line 3, column 8
          |
        3 | type = "firm"
          |        ^^^^^^
        unknown variant `firm`, expected one of `business`, `education`, `government`, `nonprofit`
        "#);
        insta::assert_snapshot!(wrong("[[nobody]]\nnames = [\".\"]\n"), @r#"
        TOML parse error at line 2, column 9
          |
        2 | names = ["."]
          |         ^^^^^
        "." is no name: write it as it is shown
        "#);
        insta::assert_snapshot!(wrong("[[nobody]]\nasn = 1\n"), @"
        TOML parse error at line 2, column 1
          |
        2 | asn = 1
          | ^^^
        unknown field `asn`, expected one of `networks`, `asns`, `domains`, `names`
        ");
        insta::assert_snapshot!(wrong("[[organisation]]\nname = \"A\"\ndomain = \"a b\"\n"), @r#"
        TOML parse error at line 3, column 10
          |
        3 | domain = "a b"
          |          ^^^^^
        "a b" is no domain: write one such as "acme.example"
        "#);
    }
}
