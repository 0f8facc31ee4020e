//! What is done with a request's data, read from what is running: the statement to those who are counted is made of
//! this, so it cannot say anything else.

use crate::address::{V4_PREFIX, V6_PREFIX};
use crate::enrich::Enricher;
use crate::store;

/// What is kept of a request, and what is done to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Practice {
    /// The columns of a row that something may be written into.
    pub fields: Vec<&'static str>,
    /// The part of an address that places are looked up by.
    pub lookup_prefix: Prefix,
    /// Whether the names of networks are asked of a resolver.
    pub reverse_dns: bool,
    /// How clients are told apart.
    pub visitor: VisitorId,
    /// How organisations are recognised, where they are.
    pub organisations: Option<Organisations>,
    /// The data that look-ups are made in.
    pub sources: Vec<Source>,
}

/// Leading bits of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // named as what they are of
pub struct Prefix {
    pub v4: u32,
    pub v6: u32,
}

/// The number that a row holds of who asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VisitorId {
    /// Its size.
    pub bits: u32,
    /// How long its key lives.
    pub salt_hours: u32,
    /// Where its key is kept; never on a disk.
    pub salt_kept: &'static str,
    /// How long after the request it is erased.
    pub erased_after_hours: u32,
}

/// How organisations are recognised by their networks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisations {
    /// Countries in which none is: ISO 3166-1 codes, or a word for several.
    pub excluded_countries: Vec<String>,
}

/// A set of open data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As its makers call it, or the file's name.
    pub name: String,
    /// Under which licence, as far as that is known.
    pub licence: Option<String>,
}

/// Columns that nothing is written into, as far as this package knows: pages are the catalogue's to keep.
const EMPTY: [&str; 1] = ["page"];
/// Columns of the row's own keeping, which say nothing of the request.
const OWN: [&str; 2] = ["event_id", "batch_id"];

impl Practice {
    /// What `enricher` does at this moment, with a salt that is kept in `salt_kept`.
    pub(crate) fn of(enricher: &Enricher, salt_kept: &'static str) -> Self {
        let organised = enricher.organisations();
        let organisations = organised.policy().map(|policy| Organisations {
            excluded_countries: policy.countries().to_vec(),
        });
        let places = enricher.places();
        let is_kept = |column: &&&str| match **column {
            "country" => places.tell_countries(),
            "region" => places.tell_regions(),
            "asn" | "net_type" => places.tell_networks(),
            column if column.starts_with("org_") => organisations.is_some(),
            column => !EMPTY.contains(&column) && !OWN.contains(&column),
        };
        Self {
            fields: store::COLUMNS.iter().filter(is_kept).copied().collect(),
            lookup_prefix: Prefix {
                v4: V4_PREFIX,
                v6: V6_PREFIX,
            },
            reverse_dns: organised.asks_dns(),
            visitor: VisitorId {
                bits: 32,
                salt_hours: 24,
                salt_kept,
                erased_after_hours: 48,
            },
            organisations,
            sources: places.sources(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::Places;

    #[test]
    fn what_may_be_written_is_named_and_nothing_else() {
        let enricher = Enricher::new(Places::default(), 0).expect("random bytes");
        let practice = Practice::of(&enricher, "memory");
        insta::assert_snapshot!(practice.fields.join(" "), @"time kind package ecosystem domain route version version_major channel artifact digest method status answer bytes client client_version runtime runtime_version os os_version arch libc ci ci_name audience audience_reasons visitor salt_epoch referrer_host source campaign props");
        assert!(practice.sources.is_empty());
        let here = Places::default().with_local_country("CH");
        let enricher = Enricher::new(here, 0).expect("random bytes");
        assert!(
            Practice::of(&enricher, "memory")
                .fields
                .contains(&"country")
        );
    }

    /// The table erases it; the statement says when.
    #[test]
    fn the_visitor_is_erased_when_the_table_says() {
        let enricher = Enricher::new(Places::default(), 0).expect("random bytes");
        let hours = Practice::of(&enricher, "memory").visitor.erased_after_hours;
        let days = hours / 24;
        let table = include_str!("../schema/0001_events.sql");
        assert!(table.contains(&format!("TTL time + INTERVAL {days} DAY,")));
    }
}
