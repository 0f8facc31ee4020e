//! Where data can be had: the known sources, and what the settings add to them or change.

use std::path::PathBuf;

use serde::Deserialize;
use weir_config::catalogue::Credentials;
use weir_config::settings::{Geo, GeoFormat, GeoSource};

use crate::enrich::Lists;

/// Why the sources in the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A name that stands for nothing.
    #[error(
        "no source of place data is called {0:?}: `weir geo sources` lists them, [[geo.source]] adds one"
    )]
    Unknown(String),
    /// An own source that does not say enough.
    #[error("the source {name:?} of place data needs {what}")]
    Lacks {
        /// The source.
        name: String,
        /// What to write.
        what: &'static str,
    },
}

/// A source of place data.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is called.
    pub name: String,
    /// What its files are made of.
    pub format: GeoFormat,
    /// For networks: the word of the list that they are on.
    pub list: Option<String>,
    /// For networks in JSON: the key below which they are.
    pub within: Option<String>,
    /// Addresses to fetch from.
    pub urls: Vec<String>,
    /// A package to ask the npm client for.
    pub npm: Option<String>,
    /// Names of files in the package or archive.
    pub files: Vec<String>,
    /// Files of this machine that are copied.
    pub paths: Vec<PathBuf>,
    /// Account at the provider.
    pub credentials: Option<Credentials>,
    /// Whether the provider asks for an account.
    pub account: bool,
    /// SHA-256 of the one file, where the operator pinned it.
    pub sha256: Option<String>,
    /// Its licence.
    pub licence: String,
    /// What the page has to show for it; empty for nothing.
    pub attribution: String,
    /// Where that leads; empty for nowhere.
    pub link: String,
    /// How often it is worth asking.
    pub refresh_hours: u64,
    /// How long it may be used after it was made.
    pub expires_days: Option<u64>,
    /// Whether it is fetched where the settings name no sources.
    pub usual: bool,
    /// How its databases call themselves, to know one that an operator put somewhere by hand.
    kind: Option<String>,
}

/// A known source as the table has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    format: String,
    list: Option<String>,
    within: Option<String>,
    #[serde(default)]
    urls: Vec<String>,
    npm: Option<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    paths: Vec<PathBuf>,
    licence: String,
    #[serde(default)]
    attribution: String,
    #[serde(default)]
    link: String,
    refresh_hours: u64,
    expires_days: Option<u64>,
    kind: Option<String>,
    #[serde(default)]
    account: bool,
    #[serde(default)]
    usual: bool,
}

#[derive(Deserialize)]
struct Known {
    source: Vec<Written>,
}

/// All sources, those of the settings first.
#[derive(Clone, Debug)]
pub struct Sources {
    all: Vec<Source>,
    /// Names that the settings want fetched; empty for the usual ones.
    wanted: Vec<String>,
}

impl Sources {
    /// The known sources with the settings' own.
    pub fn new(settings: &Geo) -> Result<Self, SourceError> {
        let mut known = known();
        let mut all = Vec::new();
        for own in &settings.own_sources {
            let at = known.iter().position(|source| source.name == own.name);
            let base = at.map(|at| known.remove(at));
            all.push(Source::own(own.clone(), base)?);
        }
        all.append(&mut known);
        let sources = Self {
            all,
            wanted: settings.sources.clone(),
        };
        for name in &sources.wanted {
            sources.named(name)?;
        }
        Ok(sources)
    }

    /// Every source.
    pub fn all(&self) -> &[Source] {
        &self.all
    }

    /// The source of a name.
    pub fn named(&self, name: &str) -> Result<&Source, SourceError> {
        let found = self.all.iter().find(|source| source.name == name);
        found.ok_or_else(|| SourceError::Unknown(name.to_owned()))
    }

    /// Those to fetch: which the settings name, or else the usual ones and the settings' own.
    pub fn wanted(&self) -> Vec<&Source> {
        if self.wanted.is_empty() {
            return self.all.iter().filter(|source| source.usual).collect();
        }
        // INVARIANT: every name was looked for in `new`.
        let named = self.wanted.iter().filter_map(|name| self.named(name).ok());
        named.collect()
    }

    /// Where a source stands among those that are asked: as the settings name them, then as they are listed.
    pub(super) fn rank(&self, name: &str) -> (usize, usize) {
        let wanted = self.wanted.iter().position(|wanted| wanted == name);
        let listed = self.all.iter().position(|source| source.name == name);
        (wanted.unwrap_or(usize::MAX), listed.unwrap_or(usize::MAX))
    }

    /// The source that a database is from, by what it calls itself.
    pub(super) fn of_kind(&self, kind: &str) -> Option<&Source> {
        let is_own = |source: &&Source| {
            let own = source.kind.as_deref();
            own.is_some_and(|own| kind.starts_with(own))
        };
        self.all.iter().find(is_own)
    }

    /// The source that a file is probably from, by its name.
    pub(super) fn of_file(&self, file: &str) -> Option<&Source> {
        self.all.iter().find(|source| source.has_file(file))
    }
}

/// The table that comes with the program.
fn known() -> Vec<Source> {
    let known: Known = toml::from_str(include_str!("../../geo/sources.toml"))
        .expect("a test reads the table that comes with the program");
    known.source.into_iter().map(Source::from).collect()
}

impl From<Written> for Source {
    fn from(written: Written) -> Self {
        let format = GeoFormat::WORDS
            .iter()
            .find(|(word, _)| *word == written.format);
        Self {
            format: format.expect("a test reads every format of the table").1,
            name: written.name,
            list: written.list,
            within: written.within,
            urls: written.urls,
            npm: written.npm,
            files: written.files,
            paths: written.paths,
            credentials: None,
            kind: written.kind,
            account: written.account,
            sha256: None,
            licence: written.licence,
            attribution: written.attribution,
            link: written.link,
            refresh_hours: written.refresh_hours,
            expires_days: written.expires_days,
            usual: written.usual,
        }
    }
}

impl Source {
    /// A source of the settings, on what is known of that name.
    fn own(own: GeoSource, base: Option<Self>) -> Result<Self, SourceError> {
        let GeoSource {
            name,
            format,
            list,
            within,
            urls,
            npm,
            files,
            paths,
            credentials,
            sha256,
            licence,
            attribution,
            link,
            refresh_hours,
            expires_days,
        } = own;
        let lacks = |what| SourceError::Lacks {
            name: name.clone(),
            what,
        };
        let is_placed = !urls.is_empty() || npm.is_some() || !paths.is_empty();
        let format = format.or(base.as_ref().map(|base| base.format));
        let format = format.ok_or_else(|| lacks("a format"))?;
        let base = base.unwrap_or_else(|| Self::blank(name.clone(), format));
        let list = list.or(base.list);
        if format == GeoFormat::Networks && list.is_none() {
            return Err(lacks("a list that its networks are on, such as \"vpn\""));
        }
        // What the settings say of where replaces all that was known of it.
        let (urls, npm, paths) = if is_placed {
            (urls, npm, paths)
        } else {
            (base.urls, base.npm, base.paths)
        };
        if npm.is_some() && files.is_empty() && base.files.is_empty() {
            return Err(lacks("the files that are wanted of its package"));
        }
        Ok(Self {
            format,
            list,
            within: within.or(base.within),
            urls,
            npm,
            paths,
            files: if files.is_empty() { base.files } else { files },
            credentials,
            kind: base.kind,
            account: base.account,
            sha256,
            licence: licence.unwrap_or(base.licence),
            attribution: attribution.unwrap_or(base.attribution),
            link: link.unwrap_or(base.link),
            refresh_hours: refresh_hours.unwrap_or(base.refresh_hours),
            expires_days: expires_days.or(base.expires_days),
            usual: true,
            name,
        })
    }

    fn blank(name: String, format: GeoFormat) -> Self {
        Self {
            name,
            format,
            list: None,
            within: None,
            urls: Vec::new(),
            npm: None,
            files: Vec::new(),
            paths: Vec::new(),
            credentials: None,
            kind: None,
            account: false,
            sha256: None,
            licence: String::new(),
            attribution: String::new(),
            link: String::new(),
            refresh_hours: 168,
            expires_days: None,
            usual: true,
        }
    }

    /// The list that its networks are on.
    pub(super) fn lists(&self) -> Lists {
        let list = self.list.as_deref().and_then(Lists::from_word);
        list.unwrap_or_default()
    }

    /// Whether a file has the name of one of its files, packed or not. A date in the name does not count.
    fn has_file(&self, file: &str) -> bool {
        let plain = unpacked(file);
        let own = |name: &str| unpacked(name) == plain || has_pattern(unpacked(name), plain);
        let urls = self.urls.iter().filter_map(|url| last_part(url));
        let paths = self
            .paths
            .iter()
            .filter_map(|path| path.file_name()?.to_str());
        let mut files = self.files.iter().map(String::as_str);
        files.any(own) || urls.chain(paths).any(own)
    }
}

fn unpacked(name: &str) -> &str {
    name.strip_suffix(".gz").unwrap_or(name)
}

/// The file's name in an address.
pub(super) fn last_part(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next()?;
    path.rsplit('/').next().filter(|part| !part.is_empty())
}

/// Whether `name` is `pattern` with digits for `{year}` and `{month}`.
fn has_pattern(pattern: &str, name: &str) -> bool {
    let Some((before, rest)) = pattern.split_once("{year}") else {
        return false;
    };
    let Some((between, after)) = rest.split_once("{month}") else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let inner = name
        .strip_prefix(before)
        .and_then(|name| name.strip_suffix(after));
    let parts = inner.and_then(|inner| inner.split_once(between));
    parts.is_some_and(|(year, month)| digits(year) && digits(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn geo(own_sources: Vec<GeoSource>, sources: &[&str]) -> Geo {
        let mut geo = weir_config::settings::Settings::default().geo;
        geo.own_sources = own_sources;
        geo.sources = sources.iter().map(|name| (*name).to_owned()).collect();
        geo
    }

    fn named(name: &str) -> GeoSource {
        GeoSource {
            name: name.to_owned(),
            ..GeoSource::default()
        }
    }

    #[test]
    fn every_known_source_says_all_that_is_needed() {
        let mut names = std::collections::HashSet::new();
        for source in known() {
            let name = &source.name;
            assert!(names.insert(name.clone()), "{name} stands there twice");
            let is_placed =
                !source.urls.is_empty() || source.npm.is_some() || !source.paths.is_empty();
            assert!(is_placed || !source.files.is_empty(), "{name} is nowhere");
            assert!(!source.licence.is_empty(), "{name} has no licence");
            let is_list = source.format == GeoFormat::Networks;
            assert_eq!(is_list, source.lists() != Lists::default(), "{name}");
            assert!(source.npm.is_none() || !source.files.is_empty(), "{name}");
            assert!(!(source.usual && source.account), "{name} needs an account");
            if source.licence.starts_with("CC-BY") || source.licence.contains("EULA") {
                assert!(!source.attribution.is_empty(), "{name} has to be named");
                assert!(
                    source.link.starts_with("https://"),
                    "{name} has to be linked"
                );
            }
        }
    }

    #[test]
    fn what_the_settings_leave_out_is_as_it_is_known() {
        let mut own = named("ipinfo-lite");
        own.urls = vec!["https://mirror.acme.example/lite.mmdb".into()];
        let sources = Sources::new(&geo(vec![own], &["ipinfo-lite", "tor"])).expect("known");
        let wanted: Vec<_> = sources
            .wanted()
            .iter()
            .map(|source| &*source.name)
            .collect();
        assert_eq!(wanted, ["ipinfo-lite", "tor"]);
        let source = sources.named("ipinfo-lite").expect("known");
        assert_eq!(source.urls, ["https://mirror.acme.example/lite.mmdb"]);
        assert_eq!(
            (source.format, &*source.licence),
            (GeoFormat::Mmdb, "CC-BY-SA-4.0")
        );
        assert_eq!(
            sources
                .all()
                .iter()
                .filter(|source| source.name == "ipinfo-lite")
                .count(),
            1
        );
    }

    #[test]
    fn a_source_that_does_not_say_enough_is_refused() {
        let said = |source, wanted: &[&str]| {
            let sources = Sources::new(&geo(vec![source], wanted));
            sources
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        let mut networks = named("office-vpn");
        assert_eq!(
            said(networks.clone(), &[]),
            "the source \"office-vpn\" of place data needs a format"
        );
        networks.format = Some(GeoFormat::Networks);
        assert_eq!(
            said(networks.clone(), &[]),
            "the source \"office-vpn\" of place data needs a list that its networks are on, such as \"vpn\""
        );
        networks.list = Some("vpn".into());
        assert_eq!(said(networks.clone(), &[]), "");
        assert_eq!(
            said(networks, &["office"]),
            "no source of place data is called \"office\": `weir geo sources` lists them, [[geo.source]] adds one"
        );
    }

    #[test]
    fn a_file_is_known_by_its_name_with_any_date_packed_or_not() {
        let sources = Sources::new(&geo(Vec::new(), &[])).expect("known");
        let of = |file| sources.of_file(file).map(|source| &*source.name);
        assert_eq!(
            of("dbip-country-lite-2026-11.mmdb.gz"),
            Some("dbip-country")
        );
        assert_eq!(of("dbip-country-lite-2026-11.mmdb"), Some("dbip-country"));
        assert_eq!(of("asn-ipv4-num.csv"), Some("ip-location-db-asn"));
        assert_eq!(of("torbulkexitlist"), Some("tor"));
        assert_eq!(of("geoip6"), Some("tor-geoipdb"));
        assert_eq!(of("dbip-country-lite-next.mmdb"), None);
    }
}
