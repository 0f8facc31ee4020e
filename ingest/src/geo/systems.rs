//! Autonomous systems: which one announces a network, and what all sources together know of it.

use std::collections::HashMap;

use super::contents::{About, Unsound};
use super::names;
use super::ranges::{Ranges, Rows};
use crate::enrich::{Network, NetworkType};

/// All systems, and the ranges of each source, in the order in which they are asked.
#[derive(Default)]
pub(crate) struct Systems {
    known: Box<[Network]>,
    /// Each range's place in `known`.
    sources: Vec<Ranges<u32>>,
}

/// What the sources say, before it is put together.
#[derive(Default)]
pub(crate) struct Gathered {
    sources: Vec<Ranges<u32>>,
    about: HashMap<u32, About>,
}

impl Gathered {
    /// Adds one source's ranges of system numbers.
    pub(crate) fn add_ranges(&mut self, rows: Rows<u32>) -> Result<(), Unsound> {
        if !rows.is_empty() {
            self.sources.push(Ranges::new(rows)?);
        }
        Ok(())
    }

    /// Adds what one source knows of systems; what an earlier one said stays.
    pub(crate) fn add_about(&mut self, about: HashMap<u32, About>) {
        for (asn, more) in about {
            let known = self.about.entry(asn).or_default();
            if known.name.is_empty() {
                known.name = more.name;
            }
            if known.domain.is_empty() {
                known.domain = more.domain;
            }
            if known.kind == NetworkType::Unknown {
                known.kind = more.kind;
            }
            known.lists = known.lists.with(more.lists);
        }
    }

    /// Puts all together. Only systems that announce something are kept.
    pub(crate) fn finish(mut self) -> Systems {
        let sizes = sizes(&self.sources);
        let mut numbers: HashMap<u32, u32> = HashMap::new();
        let mut known = Vec::new();
        let mut number = |asn: u32| {
            *numbers.entry(asn).or_insert_with(|| {
                let about = self.about.remove(&asn).unwrap_or_default();
                known.push(system(asn, about, sizes.get(&asn).copied()));
                (known.len() - 1) as u32
            })
        };
        let sources = self.sources.into_iter();
        let sources = sources.map(|ranges| ranges.map(&mut number)).collect();
        Systems {
            sources,
            known: known.into(),
        }
    }
}

/// IPv4 addresses of each system, by the source that gives it most.
fn sizes(sources: &[Ranges<u32>]) -> HashMap<u32, u64> {
    let mut most: HashMap<u32, u64> = HashMap::new();
    for ranges in sources {
        let mut sizes: HashMap<u32, u64> = HashMap::new();
        for row in ranges.v4() {
            *sizes.entry(row.value).or_default() += u64::from(row.end - row.start) + 1;
        }
        for (asn, size) in sizes {
            let most = most.entry(asn).or_default();
            *most = size.max(*most);
        }
    }
    most
}

/// A system as lookups find it.
fn system(asn: u32, about: About, size: Option<u64>) -> Network {
    let kind = match about.kind {
        NetworkType::Unknown => names::kind(&about.name),
        sorted => sorted,
    };
    Network {
        asn,
        name: about.name.into(),
        domain: about.domain.into(),
        size: size.unwrap_or_default(),
        kind,
        lists: about.lists,
    }
}

impl Systems {
    /// The system that announces a network, by the first source that knows.
    pub(crate) fn of(&self, network: std::net::IpAddr) -> Option<&Network> {
        let at = self.sources.iter().find_map(|ranges| ranges.at(network))?;
        self.known.get(at as usize)
    }

    /// The system with a number. A walk over all of them: for people who ask, not for requests.
    pub(crate) fn numbered(&self, asn: u32) -> Option<&Network> {
        self.known.iter().find(|system| system.asn == asn)
    }

    /// How many systems there are.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Memory that they take, nearly.
    pub(crate) fn bytes(&self) -> usize {
        let texts = self.known.iter().map(|system| {
            let text = |text: &str| if text.is_empty() { 0 } else { text.len() + 16 };
            text(&system.name) + text(&system.domain)
        });
        let ranges = self.sources.iter().map(Ranges::bytes);
        texts.sum::<usize>() + ranges.sum::<usize>() + size_of_val(&*self.known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(ranges: &[(&str, &str, u32)]) -> Rows<u32> {
        let mut rows = Rows::default();
        for (first, last, asn) in ranges {
            let address = |text: &str| text.parse().expect("an address");
            assert!(rows.add(address(first), address(last), *asn));
        }
        rows
    }

    fn about(asn: u32, name: &str, kind: NetworkType) -> HashMap<u32, About> {
        let name = name.to_owned();
        HashMap::from([(
            asn,
            About {
                name,
                kind,
                ..About::default()
            },
        )])
    }

    #[test]
    fn a_system_is_what_all_sources_know_of_it() {
        let mut gathered = Gathered::default();
        let first = rows(&[("203.0.113.0", "203.0.113.255", 64500)]);
        let second = rows(&[
            ("203.0.113.0", "203.0.115.255", 64501),
            ("2001:db8::", "2001:db8:ffff:ffff::", 64500),
        ]);
        gathered.add_ranges(first).expect("apart");
        gathered.add_ranges(second).expect("apart");
        gathered.add_about(about(64500, "Acme Telecom", NetworkType::Unknown));
        gathered.add_about(about(64500, "ACME", NetworkType::Education));
        gathered.add_about(about(64502, "announces nothing", NetworkType::Business));
        let systems = gathered.finish();
        assert_eq!(systems.len(), 2);
        let of = |address: &str| systems.of(address.parse().expect("an address"));
        let acme = of("203.0.113.0").expect("announced");
        assert_eq!(
            (acme.asn, &*acme.name, acme.size),
            (64500, "Acme Telecom", 256)
        );
        assert_eq!(acme.kind, NetworkType::Education);
        assert_eq!(of("2001:db8::").map(|network| network.asn), Some(64500));
        let other = of("203.0.115.0").expect("announced");
        assert_eq!((other.asn, other.size, &*other.name), (64501, 768, ""));
        assert_eq!(of("198.51.100.0"), None);
    }

    #[test]
    fn a_system_that_nobody_sorts_is_known_by_its_name() {
        let mut gathered = Gathered::default();
        gathered
            .add_ranges(rows(&[("203.0.113.0", "203.0.113.255", 64500)]))
            .expect("apart");
        gathered.add_about(about(64500, "Acme Telecom", NetworkType::Unknown));
        let systems = gathered.finish();
        let found = systems.of([203, 0, 113, 0].into());
        assert_eq!(
            found.map(|network| network.kind),
            Some(NetworkType::Residential)
        );
    }
}
