//! The path of one version's archive, as the mirror in [`mod@super::root`] has it.

use percent_encoding::percent_decode_str;

use super::normal;

/// One version's archive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dist {
    pub(super) package: String,
    /// In its normal form, of four numbers.
    pub(super) version: String,
    /// The commit, or nothing.
    reference: String,
    /// `zip` or `tar`.
    pub(super) archive: String,
}

impl Dist {
    /// Reads `VENDOR/NAME/VERSION/REFERENCE.TYPE`.
    pub(super) fn read(rest: &str) -> Option<Self> {
        let rest = percent_decode_str(rest).decode_utf8().ok()?;
        let mut parts = rest.rsplitn(3, '/');
        let (file, version) = (parts.next()?, parts.next()?);
        let (reference, archive) = file.rsplit_once('.')?;
        let word =
            |text: &str| text.len() <= 128 && text.bytes().all(|byte| byte.is_ascii_graphic());
        let whole = !version.is_empty() && !archive.is_empty();
        (whole && [version, reference, archive].into_iter().all(word)).then_some(())?;
        Some(Self {
            package: normal(parts.next()?)?,
            version: version.to_owned(),
            reference: reference.to_owned(),
            archive: archive.to_owned(),
        })
    }

    /// What documents list it by.
    pub(super) fn file(&self) -> String {
        let Self {
            package,
            version,
            reference,
            archive,
        } = self;
        format!("{package}/{version}/{reference}.{archive}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_archive_is_named_by_package_version_and_commit() {
        let read = |rest: &str| Dist::read(rest).map(|dist| dist.file());
        assert_eq!(
            read("acme/Compass/2.1.0.0/0a1b.zip").as_deref(),
            Some("acme/compass/2.1.0.0/0a1b.zip")
        );
        assert_eq!(
            read("acme/compass/1.0.0.0-RC1/.tar").as_deref(),
            Some("acme/compass/1.0.0.0-RC1/.tar"),
            "a version without a commit"
        );
        for wrong in [
            "",
            "acme/compass",
            "acme/compass/1.0.0.0/zip",
            "compass/1.0.0.0/a.zip",
            "acme/com%2fpass/1.0.0.0/a.zip",
            "acme/compass//a.zip",
            "acme/compass/1.0%200/a.zip",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_archive_is_too_strange(rest in "[a-z0-9/.%~-]{0,60}") {
            if let Some(dist) = Dist::read(&rest) {
                prop_assert_eq!(Dist::read(&dist.file()), Some(dist));
            }
        }
    }
}
