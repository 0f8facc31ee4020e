//! More packages for a large history: nobody has twenty million downloads of three.

use super::{Ecosystem, Subject};

/// From this many events on the history is that of an organisation with many packages.
const LARGE: u64 = 10_000_000;

/// How many packages there are then, beside the sample ones.
const PACKAGES: u32 = 47;

/// How much a weight of the sample packages counts here, so that smaller ones have a whole number too.
const SCALE: u32 = 100;

/// A package that is there to be counted and cannot be pulled.
pub struct Extra {
    name: String,
    ecosystem: Ecosystem,
    domain: &'static str,
    weight: u32,
}

/// The packages that a history of `events` events has beside the sample ones.
pub fn extras(events: u64) -> Vec<Extra> {
    let count = if events < LARGE { 0 } else { PACKAGES };
    (1..=count).map(extra).collect()
}

/// Popularity falls as the rank does (Zipf): the first few packages have half of all downloads.
fn extra(rank: u32) -> Extra {
    let (ecosystem, domain) = match rank % 3 {
        0 => (Ecosystem::Oci, "cr.demo.localhost"),
        1 => (Ecosystem::File, "get.demo.localhost"),
        _ => (Ecosystem::Pypi, "pypi.demo.localhost"),
    };
    Extra {
        name: format!("acme/part-{rank:02}"),
        ecosystem,
        domain,
        weight: 5 * SCALE / (rank + 4),
    }
}

/// The sample packages and the others, by weights of one scale.
pub fn subjects<'a>(samples: &[Subject<'a>], extras: &'a [Extra]) -> Vec<Subject<'a>> {
    let samples = samples.iter().map(|sample| Subject {
        weight: SCALE * sample.weight,
        ..*sample
    });
    let extras = extras.iter().map(|extra| Subject {
        package: &extra.name,
        ecosystem: extra.ecosystem,
        domain: extra.domain,
        weight: extra.weight,
    });
    samples.chain(extras).collect()
}
