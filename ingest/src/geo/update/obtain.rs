//! A source's files as they are where they come from: by HTTP, by npm, from this machine, or brought.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{UpdateError, Updater};
use crate::geo::fetch::{Came, FetchError, Version};
use crate::geo::folder::checksum;
use crate::geo::manifest::{Installed, InstalledFile};
use crate::geo::npm;
use crate::geo::source::{Source, last_part};
use crate::geo::unpack::unpack;

/// A file as it came, unpacked.
pub(super) struct Obtained {
    /// What it was called there.
    pub(super) original: String,
    /// Where from, without what may be an account.
    pub(super) from: String,
    pub(super) bytes: Vec<u8>,
    pub(super) version: Version,
}

impl Source {
    /// Whether it says where its files are.
    pub(super) fn is_placed(&self) -> bool {
        !self.urls.is_empty() || self.npm.is_some() || !self.paths.is_empty()
    }
}

impl Updater {
    /// All files of a source; nothing where the source says that those in `kept` are still the newest.
    pub(super) async fn obtain(
        &self,
        source: &Source,
        kept: Option<&Installed>,
        now: u64,
    ) -> Result<Option<Vec<Obtained>>, UpdateError> {
        if !source.urls.is_empty() {
            return self.by_http(source, kept, now).await;
        }
        if let Some(package) = &source.npm {
            return self.by_npm(source, package).await.map(Some);
        }
        if source.paths.is_empty() {
            return Err(UpdateError::Nowhere);
        }
        let files = source.paths.iter().map(|path| self.brought(source, path));
        files.collect::<Result<_, _>>().map(Some)
    }

    /// A file that lies on this machine.
    pub(super) fn brought(&self, source: &Source, path: &Path) -> Result<Obtained, UpdateError> {
        let bytes = std::fs::read(path).map_err(|error| UpdateError::Read {
            path: path.to_path_buf(),
            source: error,
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let from = path.display().to_string();
        self.unpacked(source, None, &name, from, bytes, Version::default())
    }

    async fn by_npm(&self, source: &Source, package: &str) -> Result<Vec<Obtained>, UpdateError> {
        let limits = self.fetcher.limits;
        let archive = npm::pack(&self.npm, package, limits.bytes, limits.whole).await?;
        let files = source.files.iter().map(|file| {
            let (from, archive) = (format!("npm:{package}"), archive.clone());
            self.unpacked(source, Some(file), file, from, archive, Version::default())
        });
        files.collect()
    }

    async fn by_http(
        &self,
        source: &Source,
        kept: Option<&Installed>,
        now: u64,
    ) -> Result<Option<Vec<Obtained>>, UpdateError> {
        let mut obtained = Vec::new();
        let mut unchanged = Vec::new();
        for (at, url) in source.urls.iter().enumerate() {
            let member = source.files.get(at).map(String::as_str);
            let name = member.or(last_part(url)).unwrap_or(&source.name);
            let kept = kept.and_then(|kept| kept.files.iter().find(|file| file.from == shown(url)));
            let known = kept.map(version_of);
            match self.fetch(source, url, known.as_ref(), now).await? {
                Some(Came { bytes, version }) => obtained.push(self.unpacked(
                    source,
                    member,
                    name,
                    shown(url),
                    bytes,
                    version,
                )?),
                None => unchanged.extend(kept),
            }
        }
        if obtained.is_empty() {
            return Ok(None);
        }
        for file in unchanged {
            obtained.push(self.again(file)?);
        }
        let place = |from: &str| source.urls.iter().position(|url| shown(url) == from);
        obtained.sort_by_key(|file| place(&file.from));
        Ok(Some(obtained))
    }

    /// The file of this month; in the first days of one, of the month before.
    async fn fetch(
        &self,
        source: &Source,
        url: &str,
        known: Option<&Version>,
        now: u64,
    ) -> Result<Option<Came>, UpdateError> {
        let account = source.credentials.as_ref();
        let mut outcome = self
            .fetcher
            .fetch(&dated(url, now, 0), account, known)
            .await;
        if let Err(FetchError::Status { status }) = &outcome
            && status.as_u16() == 404
            && url.contains("{month}")
        {
            outcome = self
                .fetcher
                .fetch(&dated(url, now, 1), account, known)
                .await;
        }
        outcome.map_err(|source| UpdateError::Fetch {
            from: shown(url),
            source,
        })
    }

    /// A file that is kept and still the newest, to go beside one that is not.
    fn again(&self, file: &InstalledFile) -> Result<Obtained, UpdateError> {
        let path = self.folder.file(&file.file);
        let bytes = std::fs::read(&path).map_err(|source| UpdateError::Read { path, source })?;
        Ok(Obtained {
            original: file.original.clone(),
            from: file.from.clone(),
            bytes,
            version: version_of(file),
        })
    }

    /// What is pinned is what came, before it is unpacked.
    fn unpacked(
        &self,
        source: &Source,
        member: Option<&str>,
        name: &str,
        from: String,
        bytes: Vec<u8>,
        version: Version,
    ) -> Result<Obtained, UpdateError> {
        if let Some(pinned) = &source.sha256 {
            let found = checksum(&bytes);
            if found != *pinned {
                let file = name.to_owned();
                return Err(UpdateError::Checksum { file, found });
            }
        }
        let bytes = unpack(bytes, member, self.fetcher.limits.bytes).map_err(|source| {
            let file = name.to_owned();
            UpdateError::Unpack { file, source }
        })?;
        Ok(Obtained {
            original: name.trim_end_matches(".gz").to_owned(),
            from,
            bytes,
            version,
        })
    }
}

fn version_of(file: &InstalledFile) -> Version {
    Version {
        etag: file.etag.clone(),
        last_modified: file.last_modified.clone(),
    }
}

/// An address without what may be an account.
fn shown(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or(url);
    match plain.split_once("://") {
        Some((scheme, rest)) => {
            let host_and_path = rest.split_once('@').map_or(rest, |(_, rest)| rest);
            format!("{scheme}://{host_and_path}")
        }
        None => plain.to_owned(),
    }
}

/// The address with the month `back` months before the one that `now` lies in, in UTC.
fn dated(url: &str, now: u64, back: i64) -> String {
    let now = i64::try_from(now).unwrap_or_default();
    let day = Timestamp::from_second(now).unwrap_or_default();
    let first = day.to_zoned(TimeZone::UTC).date().first_of_month();
    let month = first.saturating_sub(jiff::Span::new().months(back));
    url.replace("{year}", &format!("{:04}", month.year()))
        .replace("{month}", &format!("{:02}", month.month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_of_an_address_is_this_one_or_the_one_before() {
        let url = "https://data.acme.example/{year}-{month}.mmdb.gz";
        // 3 January 2027.
        let now = 1_798_934_400;
        assert_eq!(
            dated(url, now, 0),
            "https://data.acme.example/2027-01.mmdb.gz"
        );
        assert_eq!(
            dated(url, now, 1),
            "https://data.acme.example/2026-12.mmdb.gz"
        );
    }

    #[test]
    fn what_is_kept_of_an_address_holds_no_account() {
        assert_eq!(
            shown("https://me:secret@data.acme.example/lite.mmdb?token=secret"),
            "https://data.acme.example/lite.mmdb"
        );
    }
}
