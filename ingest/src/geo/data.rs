//! All data in memory, loaded at once and never changed: a reload makes another.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ipnet::IpNet;
use weir_config::settings::{GeoFormat, Settings};

use super::contents::{Contents, Spot, Unsound};
use super::folder::{Folder, FolderError};
use super::manifest::{Installed, InstalledFile};
use super::overlay::overlay;
use super::ranges::{Ranges, Rows};
use super::read::Reading;
use super::source::{Source, SourceError, Sources};
use super::systems::{Gathered, Systems};
use crate::enrich::{Lists, Network};

/// Why a file is not used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It cannot be read.
    #[error("cannot read place data {path}; fetch it again or take it out of the settings")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not sound.
    #[error("place data {path} is not used; fetch it again")]
    Unsound {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Unsound,
    },
    /// Its licence ends its use some time after it was made.
    #[error(
        "place data {name} is not used: its licence ends {days} days after it was made; fetch it again"
    )]
    Expired {
        /// The source or file.
        name: String,
        /// How long it may be used.
        days: u64,
    },
    /// The folder's table of files cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The settings are wrong.
    #[error(transparent)]
    Source(#[from] SourceError),
}

/// A file in use, as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataFile {
    /// The source, or the file's name where an operator put it there.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it calls itself, or else its format.
    pub kind: String,
    /// What it gives: countries, systems, lists.
    pub gives: Vec<&'static str>,
    /// Its licence; empty where unknown.
    pub licence: String,
    /// What the page has to show for it; empty for nothing.
    pub attribution: String,
    /// Where that leads; empty for nowhere.
    pub link: String,
    /// Networks, ranges or systems in it.
    pub records: u64,
    /// When the data was made or else fetched, in seconds since 1970, where that is known.
    pub made: Option<u64>,
    /// When it may not be used any more.
    pub expires: Option<u64>,
}

/// Countries of one file.
struct Countries {
    ranges: Ranges<u32>,
    spots: Vec<Spot>,
}

/// Everything that is known of networks.
#[derive(Default)]
pub(crate) struct Data {
    /// The first that knows a network names its place.
    countries: Vec<Countries>,
    systems: Systems,
    lists: Ranges<Lists>,
    files: Vec<DataFile>,
    stamps: Vec<Stamp>,
}

/// What changes with a file.
pub(crate) type Stamp = (PathBuf, Option<(u64, SystemTime)>);

/// Where data is loaded from.
#[derive(Clone, Debug)]
pub(crate) struct Shelf {
    folder: Folder,
    /// Databases that the settings name; without any, those in the folder.
    named: Vec<PathBuf>,
    regions: bool,
    sources: Arc<Sources>,
}

/// A file to load.
struct Wanted {
    path: PathBuf,
    name: String,
    format: GeoFormat,
    list: Lists,
    within: Option<String>,
    /// What is kept of its source, if it was fetched.
    installed: Option<Installed>,
}

impl Shelf {
    pub(crate) fn new(settings: &Settings) -> Result<Self, SourceError> {
        Ok(Self {
            folder: Folder::new(&settings.data_dir),
            named: settings.geo.country.clone(),
            regions: settings.geo.region,
            sources: Arc::new(Sources::new(&settings.geo)?),
        })
    }

    pub(crate) fn keeps_regions(&self) -> bool {
        self.regions
    }

    /// Files whose change is a reason to load again.
    pub(crate) fn watched(&self) -> Vec<PathBuf> {
        let mut files = vec![self.folder.manifest_file()];
        files.extend(self.by_hand());
        files
    }

    /// Databases that an operator put somewhere.
    fn by_hand(&self) -> Vec<PathBuf> {
        if !self.named.is_empty() {
            return self.named.clone();
        }
        let entries = fs::read_dir(self.folder.path())
            .into_iter()
            .flatten()
            .flatten();
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "mmdb"))
            .collect();
        files.sort();
        files
    }

    /// All files in the order in which they are asked: those put by hand, then those fetched, as the
    /// settings name their sources.
    fn wanted(&self) -> Result<Vec<Wanted>, FolderError> {
        let by_hand = self.by_hand().into_iter().map(Wanted::by_hand);
        let mut manifest = self.folder.manifest()?;
        manifest
            .sources
            .sort_by_key(|source| self.sources.rank(&source.name));
        let fetched = manifest.sources.iter().flat_map(|installed| {
            let files = installed.files.iter();
            files.filter_map(|file| Wanted::fetched(&self.folder, installed, file))
        });
        Ok(by_hand.chain(fetched).collect())
    }

    /// The files and how they are now, without reading them.
    pub(crate) fn stamps(&self) -> Vec<Stamp> {
        let wanted = self.wanted().unwrap_or_default();
        wanted
            .into_iter()
            .map(|wanted| stamp(wanted.path))
            .collect()
    }

    /// Reads everything; what cannot be used is left out and told.
    pub(crate) fn load(&self, now: u64) -> (Data, Vec<LoadError>) {
        let wanted = match self.wanted() {
            Ok(wanted) => wanted,
            Err(error) => return (Data::default(), vec![error.into()]),
        };
        let (mut shelved, mut errors) = (Shelved::default(), Vec::new());
        for wanted in wanted {
            shelved.stamps.push(stamp(wanted.path.clone()));
            if let Err(error) = self.add(&wanted, now, &mut shelved) {
                errors.push(error);
            }
        }
        (shelved.finish(), errors)
    }

    /// Reads every file by itself and shows what it says; what cannot be used is told.
    pub(super) fn each(&self, now: u64, mut show: impl FnMut(&DataFile, Data)) -> Vec<LoadError> {
        let wanted = match self.wanted() {
            Ok(wanted) => wanted,
            Err(error) => return vec![error.into()],
        };
        let mut errors = Vec::new();
        for wanted in wanted {
            let mut shelved = Shelved::default();
            match self.add(&wanted, now, &mut shelved) {
                Ok(()) => {
                    let data = shelved.finish();
                    if let Some(file) = data.files().first().cloned() {
                        show(&file, data);
                    }
                }
                Err(error) => errors.push(error),
            }
        }
        errors
    }

    fn add(&self, wanted: &Wanted, now: u64, shelved: &mut Shelved) -> Result<(), LoadError> {
        let bytes = fs::read(&wanted.path).map_err(|source| LoadError::Read {
            path: wanted.path.clone(),
            source,
        })?;
        let reading = Reading {
            format: wanted.format,
            list: wanted.list,
            within: wanted.within.as_deref(),
            regions: self.regions,
        };
        let unsound = |source| LoadError::Unsound {
            path: wanted.path.clone(),
            source,
        };
        let contents = reading.read(&bytes).map_err(unsound)?;
        let (file, days) = self.shown(wanted, &contents);
        if file.expires.is_some_and(|end| now > end) {
            return Err(LoadError::Expired {
                name: file.name,
                days: days.unwrap_or_default(),
            });
        }
        shelved.take(contents).map_err(unsound)?;
        shelved.files.push(file);
        Ok(())
    }

    /// What is shown of a file, and how long it may be used.
    fn shown(&self, wanted: &Wanted, contents: &Contents) -> (DataFile, Option<u64>) {
        let mut file = DataFile {
            name: wanted.name.clone(),
            path: wanted.path.clone(),
            kind: contents.kind.clone(),
            gives: contents.gives(),
            licence: String::new(),
            attribution: String::new(),
            link: String::new(),
            records: contents.records,
            made: contents.built,
            expires: None,
        };
        let days = if let Some(installed) = &wanted.installed {
            file.licence.clone_from(&installed.licence);
            file.attribution.clone_from(&installed.attribution);
            file.link.clone_from(&installed.link);
            file.made = file.made.or(Some(installed.installed));
            installed.expires_days
        } else {
            let source = self.sources.of_kind(&contents.kind);
            let source = source.or_else(|| self.sources.of_file(&wanted.name));
            source.and_then(|source| file.credit(source))
        };
        let until = |days: u64| file.made.map(|made| made + days * 86_400);
        file.expires = days.and_then(until);
        (file, days)
    }
}

impl DataFile {
    /// Credits a source for a file that was put by hand; how long it may be used.
    fn credit(&mut self, source: &Source) -> Option<u64> {
        self.licence.clone_from(&source.licence);
        self.attribution.clone_from(&source.attribution);
        self.link.clone_from(&source.link);
        source.expires_days
    }
}

impl Wanted {
    fn by_hand(path: PathBuf) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self {
            name: name.into_owned(),
            path,
            format: GeoFormat::Mmdb,
            list: Lists::default(),
            within: None,
            installed: None,
        }
    }

    fn fetched(folder: &Folder, installed: &Installed, file: &InstalledFile) -> Option<Self> {
        Some(Self {
            path: folder.file(&file.file),
            name: installed.name.clone(),
            format: installed.format()?,
            list: installed.lists(),
            within: installed.within.clone(),
            installed: Some(installed.clone()),
        })
    }
}

fn stamp(path: PathBuf) -> Stamp {
    let of = |path: &Path| {
        let metadata = fs::metadata(path).ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    };
    let stamp = of(&path);
    (path, stamp)
}

/// Data on its way into memory.
#[derive(Default)]
struct Shelved {
    countries: Vec<Countries>,
    systems: Gathered,
    lists: Rows<Lists>,
    files: Vec<DataFile>,
    stamps: Vec<Stamp>,
}

impl Shelved {
    fn take(&mut self, contents: Contents) -> Result<(), Unsound> {
        let Contents {
            places,
            spots,
            systems,
            about,
            mut lists,
            ..
        } = contents;
        let places = Ranges::new(places)?;
        self.systems.add_ranges(systems)?;
        self.systems.add_about(about);
        if !places.is_empty() {
            self.countries.push(Countries {
                ranges: places,
                spots: spots.values,
            });
        }
        self.lists.v4.append(&mut lists.v4);
        self.lists.v6.append(&mut lists.v6);
        Ok(())
    }

    fn finish(self) -> Data {
        Data {
            countries: self.countries,
            systems: self.systems.finish(),
            lists: Ranges::new(overlay(&self.lists))
                .expect("what is laid over one another is apart"),
            files: self.files,
            stamps: self.stamps,
        }
    }
}

impl Contents {
    fn gives(&self) -> Vec<&'static str> {
        let parts = [
            (!self.places.is_empty(), "countries"),
            (!self.systems.is_empty(), "systems"),
            (
                self.systems.is_empty() && !self.about.is_empty(),
                "uses of systems",
            ),
            (!self.lists.is_empty(), "lists"),
        ];
        let given = parts.into_iter().filter(|(is_given, _)| *is_given);
        given.map(|(_, part)| part).collect()
    }
}

impl Data {
    /// The place of a network: of its first address, or else of the first of its parts that has one.
    pub(crate) fn spot(&self, network: IpNet) -> Option<&Spot> {
        self.countries.iter().find_map(|countries| {
            let at = countries.ranges.first_within(network)?;
            countries.spots.get(at as usize)
        })
    }

    /// The system that announces a network.
    pub(crate) fn system(&self, network: IpAddr) -> Option<&Network> {
        self.systems.of(network)
    }

    /// Lists of exact networks and addresses.
    pub(crate) fn lists(&self) -> &Ranges<Lists> {
        &self.lists
    }

    pub(crate) fn files(&self) -> &[DataFile] {
        &self.files
    }

    pub(crate) fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    /// Whether a file's time is over at `now`.
    pub(crate) fn is_expired(&self, now: u64) -> bool {
        let ends = self.files.iter().filter_map(|file| file.expires);
        ends.into_iter().any(|end| now > end)
    }

    /// Systems that are known.
    /// The system with a number.
    pub(crate) fn system_numbered(&self, asn: u32) -> Option<&Network> {
        self.systems.numbered(asn)
    }

    pub(crate) fn count_systems(&self) -> usize {
        self.systems.len()
    }

    /// Memory that all of it takes, nearly.
    pub(crate) fn bytes(&self) -> usize {
        let countries = self
            .countries
            .iter()
            .map(|countries| countries.ranges.bytes() + countries.spots.len() * size_of::<Spot>());
        countries.sum::<usize>() + self.systems.bytes() + self.lists.bytes()
    }
}
