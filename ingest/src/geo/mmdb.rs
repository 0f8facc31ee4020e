//! MMDB files of several makers: proved sound from end to end, and turned into ranges.
//!
//! Known fields: `country_code`, or `country` with `iso_code`; `state1`, or `subdivisions`; `asn` as a
//! number or as `"AS64500"`, or `autonomous_system_number`; names and domains beside them; the verdict and
//! flags of OpenASN (its export format, version 1); the flags of GeoIP2 Anonymous IP.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use maxminddb::{MaxMindDbError, Reader, WithinOptions};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::category;
use super::contents::{About, Contents, Spot, Unsound, country_code};
use crate::enrich::{Lists, NetworkType};

/// Reads a file. Regions are kept only where they are wanted.
pub(super) fn read(bytes: &[u8], regions: bool) -> Result<Contents, Unsound> {
    let reader = Reader::from_source(bytes)?;
    verify(&reader)?;
    let metadata = reader.metadata();
    let mut contents = Contents {
        kind: metadata.database_type.clone(),
        built: Some(metadata.build_epoch),
        ..Contents::default()
    };
    // A tree of n nodes has at most n + 1 leaves; more means that it runs in a circle.
    let mut leaves = metadata.node_count as usize + 1;
    let mut read = HashMap::new();
    for found in reader.networks(WithinOptions::default().include_networks_without_data())? {
        let found = found?;
        leaves = leaves
            .checked_sub(1)
            .ok_or_else(|| MaxMindDbError::invalid_database("the search tree is a circle"))?;
        let Some(offset) = found.offset() else {
            continue;
        };
        let fact: Fact = if let Some(fact) = read.get(&offset) {
            *fact
        } else {
            let record: Option<Record<'_>> = found.decode()?;
            let fact = record.map(|record| record.fact(regions, &mut contents));
            *read.entry(offset).or_insert(fact.unwrap_or_default())
        };
        let network = found.network()?;
        fact.put(network.ip(), network.prefix(), &mut contents);
    }
    if contents.is_empty() {
        return Err(Unsound::Nothing {
            kind: contents.kind,
            wanted: "country, autonomous system or list that is known here",
        });
    }
    Ok(contents)
}

/// Databases of good standing come without a description, which the library's check stops at; for
/// those the walk alone is the proof.
fn verify(reader: &Reader<&[u8]>) -> Result<(), MaxMindDbError> {
    match reader.verify() {
        Err(MaxMindDbError::InvalidDatabase { message, .. })
            if message.starts_with("description") =>
        {
            Ok(())
        }
        other => other,
    }
}

/// What one record adds to the ranges.
#[derive(Clone, Copy, Default)]
struct Fact {
    spot: Option<u32>,
    asn: Option<u32>,
    lists: Lists,
}

impl Fact {
    fn put(self, address: IpAddr, prefix: u8, contents: &mut Contents) {
        let Ok(network) = IpNet::new(address, prefix) else {
            return;
        };
        contents.records += 1;
        if let Some(spot) = self.spot {
            contents.places.add_network(network, spot);
        }
        if let Some(asn) = self.asn {
            contents.systems.add_network(network, asn);
        }
        if self.lists != Lists::default() {
            contents.lists.add_network(network, self.lists);
        }
    }
}

/// Every field that is known, of whichever maker.
#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    country_code: Option<&'a str>,
    #[serde(borrow)]
    country: Option<Country<'a>>,
    state1: Option<&'a str>,
    #[serde(borrow)]
    subdivisions: Option<Vec<Subdivision<'a>>>,
    asn: Option<Number>,
    autonomous_system_number: Option<Number>,
    as_name: Option<&'a str>,
    as_org: Option<&'a str>,
    autonomous_system_organization: Option<&'a str>,
    as_domain: Option<&'a str>,
    category: Option<&'a str>,
    network_role: Option<&'a str>,
    core_verdict: Option<&'a str>,
    #[serde(default)]
    is_tor_exit_node: bool,
    #[serde(default)]
    is_anonymous_vpn: bool,
    #[serde(default)]
    is_hosting_provider: bool,
}

#[derive(Deserialize)]
struct Subdivision<'a> {
    iso_code: Option<&'a str>,
}

impl Record<'_> {
    fn fact(&self, regions: bool, contents: &mut Contents) -> Fact {
        let asn = self.asn.as_ref().or(self.autonomous_system_number.as_ref());
        let asn = asn.map(|number| number.0).filter(|asn| *asn > 0);
        if let Some(asn) = asn {
            contents.about.entry(asn).or_insert_with(|| self.about());
        }
        Fact {
            spot: self.spot(regions).map(|spot| contents.spots.number(spot)),
            asn,
            lists: self.lists(),
        }
    }

    fn spot(&self, regions: bool) -> Option<Spot> {
        let nested = || self.country.as_ref()?.0;
        let country = self.country_code.or_else(nested).and_then(country_code)?;
        let region = if regions {
            self.region(country)
        } else {
            String::new()
        };
        Some(Spot { country, region })
    }

    fn region(&self, country: &str) -> String {
        let code = self
            .subdivisions
            .as_ref()
            .and_then(|all| all.first()?.iso_code);
        match (code, self.state1) {
            (Some(code), _) => format!("{country}-{code}"),
            (None, name) => name.unwrap_or_default().to_owned(),
        }
    }

    fn about(&self) -> About {
        let name = self.as_name.or(self.as_org);
        let name = name.or(self.autonomous_system_organization);
        let kind = match self.core_verdict {
            // The verdict is of the network and not of its system, but for hosting ranges they agree.
            Some("mobile") => NetworkType::Mobile,
            _ => category::of(
                self.category.unwrap_or_default(),
                self.network_role.unwrap_or_default(),
            ),
        };
        About {
            name: name.unwrap_or_default().to_owned(),
            domain: self.as_domain.unwrap_or_default().to_ascii_lowercase(),
            kind,
            lists: Lists::default(),
        }
    }

    fn lists(&self) -> Lists {
        let verdict = self.core_verdict.unwrap_or_default();
        let named = [
            (self.is_tor_exit_node, Lists::TOR),
            (self.is_anonymous_vpn || verdict == "vpn", Lists::VPN),
            (verdict == "enterprise_gateway", Lists::GATEWAY),
            (
                self.is_hosting_provider || verdict == "hosting",
                Lists::CLOUD,
            ),
        ];
        let named = named.into_iter().filter(|(is_named, _)| *is_named);
        named.fold(Lists::default(), |all, (_, list)| all.with(list))
    }
}

/// `{iso_code}`; some makers write a name in its place, which says nothing that is wanted here.
struct Country<'a>(Option<&'a str>);

impl<'de: 'a, 'a> Deserialize<'de> for Country<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(CountryVisitor).map(Country)
    }
}

struct CountryVisitor;

impl<'de> Visitor<'de> for CountryVisitor {
    type Value = Option<&'de str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a country or its name")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut code = None;
        while let Some(key) = map.next_key::<&str>()? {
            if key == "iso_code" {
                code = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(code)
    }
}

/// A system's number as a number or as `AS64500`.
struct Number(u32);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NumberVisitor).map(Number)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = u32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number of an autonomous system")
    }

    fn visit_u32<E: Error>(self, number: u32) -> Result<u32, E> {
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u32, E> {
        u32::try_from(number).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u32, E> {
        if text.is_empty() {
            return Ok(0);
        }
        text.strip_prefix("AS")
            .unwrap_or(text)
            .parse()
            .map_err(E::custom)
    }
}

#[cfg(test)]
pub(crate) mod tests;
