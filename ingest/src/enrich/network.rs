//! What open data says of the network that a request came from.

use std::sync::Arc;

/// One network. Whatever is not known is empty, 0 or [`NetworkType::Unknown`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// Autonomous system number; 0 where none is known.
    pub asn: u32,
    /// The name its holder registered, as the data spells it.
    pub name: Arc<str>,
    /// Domain of the holder, in lower case, where the data has one.
    pub domain: Arc<str>,
    /// How many IPv4 addresses the system announces, where the data tells; small systems name their people.
    pub size: u64,
    /// What the system is used for.
    pub kind: NetworkType,
    /// Range lists that name the very address.
    pub lists: Lists,
}

/// What a network is used for; the words of the column `net_type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the words say it
pub enum NetworkType {
    #[default]
    Unknown,
    Residential,
    Mobile,
    Business,
    Education,
    Government,
    Hosting,
    Cdn,
    Carrier,
    Nonprofit,
}

/// Range lists that name the address, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lists(u16);

impl Lists {
    /// A cloud's published ranges.
    pub const CLOUD: Self = Self(1);
    /// Machines that run builds.
    pub const CI: Self = Self(1 << 1);
    /// Exits of the Tor network.
    pub const TOR: Self = Self(1 << 2);
    /// Exits of relays that a system's maker runs for its users.
    pub const RELAY: Self = Self(1 << 3);
    /// Exits of VPN services.
    pub const VPN: Self = Self(1 << 4);
    /// Content delivery networks.
    pub const CDN: Self = Self(1 << 5);
    /// An enterprise's secure web gateway: people behind it, not its operator's staff.
    pub const GATEWAY: Self = Self(1 << 6);

    /// Whether all of `other` are in the set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Below this many IPv4 addresses a system may be one person's: about one in fifty bears a person's name,
/// and those announce a few hundred at most.
const NOBODYS_OWN: u64 = 4096;

/// The same for access providers and hosting, which serve others than themselves.
const SERVES_OTHERS: u64 = 1024;

impl Network {
    /// The number as rows keep it: 0 for a system so small that it may be a person.
    pub(crate) fn kept_asn(&self) -> u32 {
        use NetworkType::{Carrier, Cdn, Hosting, Mobile, Residential};
        let least = match self.kind {
            Residential | Mobile | Hosting | Cdn | Carrier => SERVES_OTHERS,
            _ => NOBODYS_OWN,
        };
        if self.size >= least { self.asn } else { 0 }
    }

    /// The word of the column `net_type`; empty where nothing is known. What a list says of the address
    /// counts before what its system is used for.
    pub(crate) fn word(&self) -> &'static str {
        let listed = [
            (Lists::TOR, "tor"),
            (Lists::RELAY, "relay"),
            (Lists::VPN, "vpn"),
            (Lists::GATEWAY, "gateway"),
            (Lists::CI, "hosting"),
            (Lists::CLOUD, "hosting"),
            (Lists::CDN, "cdn"),
        ];
        let listed = listed.iter().find(|(list, _)| self.lists.has(*list));
        listed.map_or(self.kind.as_str(), |(_, word)| word)
    }
}

impl NetworkType {
    /// The word for it; empty where it is unknown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Residential => "residential",
            Self::Mobile => "mobile",
            Self::Business => "business",
            Self::Education => "education",
            Self::Government => "government",
            Self::Hosting => "hosting",
            Self::Cdn => "cdn",
            Self::Carrier => "carrier",
            Self::Nonprofit => "nonprofit",
        }
    }
}

impl Lists {
    /// How many there are.
    pub(crate) const COUNT: usize = 7;

    /// Each alone.
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::CLOUD,
        Self::CI,
        Self::TOR,
        Self::RELAY,
        Self::VPN,
        Self::CDN,
        Self::GATEWAY,
    ];

    /// The words that settings use, in the order of [`Lists::ALL`].
    const WORDS: [&'static str; Self::COUNT] =
        ["cloud", "ci", "tor", "relay", "vpn", "cdn", "gateway"];

    /// The list that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|known| *known == word)?;
        Some(Self::ALL[at])
    }

    /// The words of all lists in the set.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let known = Self::ALL.into_iter().zip(Self::WORDS);
        known.filter_map(move |(list, word)| self.has(list).then_some(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(size: u64, kind: NetworkType, lists: Lists) -> Network {
        Network {
            asn: 64500,
            size,
            kind,
            lists,
            ..Network::default()
        }
    }

    #[test]
    fn the_number_of_a_system_that_may_be_a_person_is_not_kept() {
        let kept = |size, kind| network(size, kind, Lists::default()).kept_asn();
        assert_eq!(kept(4096, NetworkType::Unknown), 64500);
        assert_eq!(kept(4095, NetworkType::Business), 0);
        assert_eq!(kept(1024, NetworkType::Residential), 64500);
        assert_eq!(kept(1023, NetworkType::Hosting), 0);
        assert_eq!(kept(0, NetworkType::Hosting), 0);
    }

    #[test]
    fn what_a_list_says_of_the_address_counts_before_its_systems_use() {
        let word = |lists| network(0, NetworkType::Residential, lists).word();
        assert_eq!(word(Lists::default()), "residential");
        assert_eq!(word(Lists::VPN.with(Lists::CLOUD)), "vpn");
        assert_eq!(word(Lists::CLOUD), "hosting");
        assert_eq!(
            network(0, NetworkType::Unknown, Lists::default()).word(),
            ""
        );
    }

    #[test]
    fn every_list_has_a_word() {
        for list in Lists::ALL {
            let words: Vec<_> = list.words().collect();
            assert_eq!(words.len(), 1);
            assert_eq!(Lists::from_word(words[0]), Some(list));
        }
        assert_eq!(Lists::from_word("office"), None);
    }
}
