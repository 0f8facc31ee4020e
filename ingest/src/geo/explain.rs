//! What is said of one address, file by file, for whoever asks on the command line. Nothing of it is kept.

use weir_config::settings::Settings;

use super::data::{Data, LoadError, Shelf};
use super::source::SourceError;
use crate::ClientIp;
use crate::enrich::{Network, Places};

/// What one file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The source, or the file's name.
    pub name: String,
    /// What it calls itself.
    pub kind: String,
    /// A word for each thing and what it is; nothing where the address is not in it.
    pub facts: Vec<(&'static str, String)>,
}

/// Everything that is said of an address.
#[derive(Debug)]
pub struct Explanation {
    /// File by file, in the order in which they are asked.
    pub files: Vec<Said>,
    /// What a row would keep.
    pub kept: Vec<(&'static str, String)>,
    /// Files that are not used.
    pub errors: Vec<LoadError>,
}

/// Asks every file about `address`, at `now` (seconds since 1970).
pub fn explain(
    settings: &Settings,
    address: &ClientIp,
    now: u64,
) -> Result<Explanation, SourceError> {
    let shelf = Shelf::new(settings)?;
    let mut files = Vec::new();
    let errors = shelf.each(now, |file, data| {
        files.push(Said {
            name: file.name.clone(),
            kind: file.kind.clone(),
            facts: facts(&data, address),
        });
    });
    let (places, _) = Places::open(settings, now)?;
    let network = places.network(address);
    let kept = [
        ("country", places.country(address).to_owned()),
        ("region", places.region(address)),
        ("asn", number(network.kept_asn().into())),
        ("net_type", network.word().to_owned()),
    ];
    Ok(Explanation {
        files,
        kept: known(kept),
        errors,
    })
}

fn facts(data: &Data, address: &ClientIp) -> Vec<(&'static str, String)> {
    let spot = data.spot(address.network()).cloned().unwrap_or_default();
    let system = data.system(address.net_key()).cloned().unwrap_or_default();
    let lists = address.found_in(data.lists()).unwrap_or_default();
    let Network {
        asn,
        name,
        domain,
        size,
        kind,
        ..
    } = system;
    known([
        ("country", spot.country.to_owned()),
        ("region", spot.region),
        ("system", number(asn.into())),
        ("name", name.to_string()),
        ("domain", domain.to_string()),
        ("addresses", number(size)),
        ("used for", kind.as_str().to_owned()),
        ("lists", lists.words().collect::<Vec<_>>().join(", ")),
    ])
}

fn number(number: u64) -> String {
    if number == 0 {
        String::new()
    } else {
        number.to_string()
    }
}

fn known<const N: usize>(facts: [(&'static str, String); N]) -> Vec<(&'static str, String)> {
    let known = facts.into_iter().filter(|(_, fact)| !fact.is_empty());
    known.collect()
}
