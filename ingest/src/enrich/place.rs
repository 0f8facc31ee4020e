//! Where a client is, and through which network it comes, from data held in memory.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use arc_swap::{ArcSwap, Guard};
use weir_config::settings::Settings;

use super::network::Network;
use crate::ClientIp;
use crate::geo::{Data, DataFile, LoadError, Shelf, SourceError, country_code};
use crate::practice::Source;

/// The data in use.
#[derive(Default)]
pub struct Places {
    data: ArcSwap<Data>,
    /// Where it is loaded from; nowhere in a test that needs none.
    shelf: Option<Shelf>,
    /// What local addresses count as.
    local: Option<&'static str>,
}

/// Where a client is and through which network it comes, as far as the data tells.
#[derive(Default)]
pub(crate) struct Whereabouts<'d> {
    /// Nothing where nothing is known, and of local addresses.
    network: Option<Cow<'d, Network>>,
    /// ISO 3166-1 alpha-2 in upper case, or nothing.
    pub(crate) country: &'static str,
    /// The region within the country, where regions are kept and known.
    pub(crate) region: &'d str,
}

impl Whereabouts<'_> {
    /// What open data says of the client's network.
    pub(crate) fn network(&self) -> &Network {
        static NOWHERE: LazyLock<Network> = LazyLock::new(Network::default);
        self.network.as_deref().unwrap_or_else(|| &NOWHERE)
    }
}

impl Places {
    /// Loads everything that the settings speak of. What cannot be used is left out and told, a line each.
    pub fn open(settings: &Settings, now: u64) -> Result<(Self, Vec<LoadError>), SourceError> {
        let shelf = Shelf::new(settings)?;
        let (data, errors) = shelf.load(now);
        let places = Self {
            data: ArcSwap::from_pointee(data),
            shelf: Some(shelf),
            local: None,
        };
        let places = match &settings.geo.local_country {
            Some(country) => places.with_local_country(country),
            None => places,
        };
        Ok((places, errors))
    }

    /// Counts addresses of private networks as this country; a word that is no country code as none.
    #[must_use]
    pub fn with_local_country(self, code: &str) -> Self {
        Self {
            local: country_code(code),
            ..self
        }
    }

    /// Loads anew what has changed, and leaves out what may not be used any more at `now`. All of it is
    /// swapped in at once; where a file is not sound that was in use, everything stays as it was. What is
    /// wrong is returned; nothing where there was no reason to load.
    pub fn reload(&self, now: u64) -> Option<Vec<LoadError>> {
        let from = self.shelf.as_ref()?;
        let old = self.data.load_full();
        if old.stamps() == from.stamps() && !old.is_expired(now) {
            return None;
        }
        let (data, errors) = from.load(now);
        let loses = |error: &LoadError| match error {
            LoadError::Read { path, .. } | LoadError::Unsound { path, .. } => {
                old.files().iter().any(|file| file.path == *path)
            }
            LoadError::Folder(_) => true,
            LoadError::Expired { .. } | LoadError::Source(_) => false,
        };
        if !errors.iter().any(loses) {
            self.data.store(data.into());
        }
        Some(errors)
    }

    /// Files whose change is a reason to load again.
    pub fn watched(&self) -> Vec<PathBuf> {
        self.shelf.as_ref().map(Shelf::watched).unwrap_or_default()
    }

    /// The files in use, in the order in which they are asked.
    pub fn files(&self) -> Vec<DataFile> {
        self.data.load().files().to_vec()
    }

    /// Autonomous systems that are known.
    pub fn systems(&self) -> usize {
        self.data.load().count_systems()
    }

    /// Memory that the data takes, nearly.
    pub fn bytes(&self) -> usize {
        self.data.load().bytes()
    }

    /// Whether there is a country to be told of anybody.
    pub(crate) fn tell_countries(&self) -> bool {
        self.local.is_some() || self.gives("countries")
    }

    /// Whether anything is known of networks and their systems.
    pub(crate) fn tell_networks(&self) -> bool {
        self.gives("systems") || self.gives("lists")
    }

    /// Whether regions are kept.
    pub(crate) fn tell_regions(&self) -> bool {
        self.shelf.as_ref().is_some_and(Shelf::keeps_regions)
    }

    fn gives(&self, what: &str) -> bool {
        let files = self.files();
        files.iter().any(|file| file.gives.contains(&what))
    }

    /// The data in use, for whoever wants to know where a row's words come from.
    pub fn sources(&self) -> Vec<Source> {
        let named = |file: DataFile| Source {
            name: file.name,
            licence: Some(file.licence).filter(|licence| !licence.is_empty()),
        };
        self.files().into_iter().map(named).collect()
    }

    /// The data in use at this moment.
    pub(crate) fn data(&self) -> Guard<Arc<Data>> {
        self.data.load()
    }

    /// What `data` says of a client. Place and system are looked up by its network; lists are asked for the very
    /// address, since they name single addresses whose neighbours are others'.
    pub(crate) fn find<'d>(&self, data: &'d Data, address: &ClientIp) -> Whereabouts<'d> {
        if address.is_local() {
            return Whereabouts {
                country: self.local.unwrap_or(""),
                ..Whereabouts::default()
            };
        }
        let spot = data.spot(address.network());
        let region = spot.filter(|_| self.tell_regions());
        Whereabouts {
            network: network(data, address),
            country: spot.map_or("", |spot| spot.country),
            region: region.map_or("", |spot| &spot.region),
        }
    }

    /// ISO 3166-1 alpha-2 in upper case, or nothing. Only the client's network is looked up.
    pub fn country(&self, address: &ClientIp) -> &'static str {
        self.find(&self.data(), address).country
    }

    /// The region within the country, where regions are kept and known.
    pub(crate) fn region(&self, address: &ClientIp) -> String {
        self.find(&self.data(), address).region.to_owned()
    }

    /// What open data says of the client's network.
    pub fn network(&self, address: &ClientIp) -> Network {
        self.find(&self.data(), address).network().clone()
    }

    /// What open data says of the system with this number, for people who ask.
    pub fn system(&self, asn: u32) -> Option<Network> {
        self.data.load().system_numbered(asn).cloned()
    }
}

fn network<'d>(data: &'d Data, address: &ClientIp) -> Option<Cow<'d, Network>> {
    let network = data.system(address.net_key()).map(Cow::Borrowed);
    let Some(lists) = address.found_in(data.lists()) else {
        return network;
    };
    let mut network = network.map(Cow::into_owned).unwrap_or_default();
    network.lists = network.lists.with(lists);
    Some(Cow::Owned(network))
}

#[cfg(test)]
mod tests;
