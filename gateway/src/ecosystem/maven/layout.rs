//! What a path in a repository of Maven's default layout names:
//! `/GROUP/…/ARTIFACT/VERSION/ARTIFACT-VERSION[-CLASSIFIER].EXTENSION`.

/// A path, taken apart. It borrows from the decoded path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place<'p> {
    /// With slashes, as in the path.
    group: &'p str,
    artifact: &'p str,
    /// As the project calls it: `-SNAPSHOT` where the file has a time instead. Empty in a list of versions.
    pub(super) version: &'p str,
    pub(super) file: &'p str,
    /// What sets this file apart from the artifact's main one; mostly empty.
    pub(super) classifier: &'p str,
    /// Empty for lists of versions, and for sums and signatures of any file.
    extension: &'p str,
}

/// The list of an artifact's versions, or of a snapshot's builds.
const LIST: &str = "maven-metadata.xml";
/// Sums and signatures stand behind the whole name of what they are of.
const BESIDE: [&str; 7] = [
    ".md5",
    ".sha1",
    ".sha256",
    ".sha512",
    ".asc",
    ".sigstore",
    ".sigstore.json",
];
/// Extensions of what describes an artifact: Maven's model and Gradle's.
const DESCRIBING: [&str; 2] = ["pom", "module"];
/// Classifiers of what people read and tools inspect.
const READING: [&str; 7] = [
    "sources",
    "javadoc",
    "test-sources",
    "test-javadoc",
    "groovydoc",
    "scaladoc",
    "cyclonedx",
];

impl<'p> Place<'p> {
    /// Takes a path apart; `None` for what is no place of an artifact.
    pub(super) fn read(path: &'p str) -> Option<Self> {
        let (folder, file) = path.strip_prefix('/')?.rsplit_once('/')?;
        if folder.split('/').any(str::is_empty) {
            return None;
        }
        let (subject, is_beside) = subject(file);
        if subject == LIST {
            return Self::of_list(folder, file);
        }
        let (folder, version) = folder.rsplit_once('/')?;
        let (group, artifact) = folder.rsplit_once('/')?;
        let rest = behind_version(subject.strip_prefix(artifact)?.strip_prefix('-')?, version)?;
        let (classifier, extension) = split(rest)?;
        Some(Self {
            group,
            artifact,
            version,
            file,
            classifier,
            extension: if is_beside { "" } else { extension },
        })
    }

    /// `/GROUP/ARTIFACT/maven-metadata.xml`, and one level deeper for the builds of a snapshot.
    fn of_list(folder: &'p str, file: &'p str) -> Option<Self> {
        let (rest, last) = folder.rsplit_once('/')?;
        let (folder, version) = if last.ends_with("-SNAPSHOT") {
            (rest, last)
        } else {
            (folder, "")
        };
        let (group, artifact) = folder.rsplit_once('/')?;
        Some(Self {
            group,
            artifact,
            version,
            file,
            ..Self::default()
        })
    }

    /// `group:artifact`, as builds write it.
    pub(super) fn package(&self) -> String {
        format!("{}:{}", self.group.replace('/', "."), self.artifact)
    }

    /// Whether it is what a build uses, rather than something about it.
    pub(super) fn is_content(&self) -> bool {
        !self.extension.is_empty()
            && !DESCRIBING.contains(&self.extension)
            && !READING.contains(&self.classifier)
    }
}

/// The name of the file that a sum or a signature is of, and whether it was one; signatures have sums too.
fn subject(file: &str) -> (&str, bool) {
    let inner = BESIDE.iter().find_map(|ending| file.strip_suffix(ending));
    inner.map_or((file, false), |inner| (subject(inner).0, true))
}

/// What follows the version. In files of `1.0-SNAPSHOT` that may be `1.0-20260701.120000-3`.
fn behind_version<'f>(file: &'f str, version: &str) -> Option<&'f str> {
    file.strip_prefix(version).or_else(|| {
        let base = version.strip_suffix("SNAPSHOT")?;
        let timed = file.strip_prefix(base)?;
        let (date, rest) = timed.split_at_checked(8)?;
        let (time, rest) = rest.strip_prefix('.')?.split_at_checked(6)?;
        let build = rest.strip_prefix('-')?;
        let rest = build.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (digits(date) && digits(time) && rest.len() < build.len()).then_some(rest)
    })
}

/// Classifier and extension in `[-CLASSIFIER].EXTENSION`. Classifiers may have dots, and an archive's
/// extension one within.
fn split(rest: &str) -> Option<(&str, &str)> {
    let (stem, last) = rest.rsplit_once('.')?;
    let (stem, extension) = match stem.strip_suffix(".tar") {
        Some(shorter) => (shorter, &rest[shorter.len() + 1..]),
        None => (stem, last),
    };
    let classifier = match stem {
        "" => "",
        _ => stem.strip_prefix('-').filter(|text| !text.is_empty())?,
    };
    (!last.is_empty()).then_some((classifier, extension))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(path: &str) -> String {
        let Some(place) = Place::read(path) else {
            return "nothing".to_owned();
        };
        let kind = if place.is_content() {
            "content"
        } else {
            "about"
        };
        let parts = [
            kind,
            &place.package(),
            place.version,
            place.classifier,
            place.extension,
        ];
        parts
            .map(|part| if part.is_empty() { "-" } else { part })
            .join(" | ")
    }

    #[test]
    fn every_sort_of_file_is_told_by_its_path() {
        let table: String = [
            "/example/acme/rocket/1.0/rocket-1.0.jar",
            "/example/acme/rocket/1.0/rocket-1.0.pom",
            "/example/acme/rocket/1.0/rocket-1.0.module",
            "/example/acme/rocket/1.0/rocket-1.0.aar",
            "/example/acme/rocket/1.0/rocket-1.0-bin.tar.gz",
            "/example/acme/rocket/1.0/rocket-1.0.tar.gz",
            "/example/acme/rocket/1.0/rocket-1.0-hadoop2.7.jar",
            "/example/acme/rocket/1.0/rocket-1.0-sources.jar",
            "/example/acme/rocket/1.0/rocket-1.0-javadoc.jar",
            "/example/acme/rocket/1.0/rocket-1.0-tests.jar",
            "/example/acme/rocket/1.0/rocket-1.0-cyclonedx.json",
            "/example/acme/rocket/1.0/rocket-1.0-linux-x86_64.jar",
            "/example/acme/rocket/1.0/rocket-1.0.jar.sha1",
            "/example/acme/rocket/1.0/rocket-1.0.jar.asc",
            "/example/acme/rocket/1.0/rocket-1.0.jar.asc.md5",
            "/example/acme/rocket/1.0/rocket-1.0.jar.sigstore.json",
            "/example/acme/rocket-core/1.0-rc-1/rocket-core-1.0-rc-1.jar",
            "/example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-SNAPSHOT.jar",
            "/example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-20260701.120000-3.jar",
            "/example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-20260701.120000-3-linux.jar",
            "/example/acme/rocket/1.1-SNAPSHOT/maven-metadata.xml",
            "/example/acme/rocket/maven-metadata.xml",
            "/example/acme/rocket/maven-metadata.xml.sha256",
            "/acme/rocket/1.0/rocket-1.0.jar",
        ]
        .map(|path| format!("{path}\n  {}\n", read(path)))
        .concat();
        insta::assert_snapshot!(table, @r"
        /example/acme/rocket/1.0/rocket-1.0.jar
          content | example.acme:rocket | 1.0 | - | jar
        /example/acme/rocket/1.0/rocket-1.0.pom
          about | example.acme:rocket | 1.0 | - | pom
        /example/acme/rocket/1.0/rocket-1.0.module
          about | example.acme:rocket | 1.0 | - | module
        /example/acme/rocket/1.0/rocket-1.0.aar
          content | example.acme:rocket | 1.0 | - | aar
        /example/acme/rocket/1.0/rocket-1.0-bin.tar.gz
          content | example.acme:rocket | 1.0 | bin | tar.gz
        /example/acme/rocket/1.0/rocket-1.0.tar.gz
          content | example.acme:rocket | 1.0 | - | tar.gz
        /example/acme/rocket/1.0/rocket-1.0-hadoop2.7.jar
          content | example.acme:rocket | 1.0 | hadoop2.7 | jar
        /example/acme/rocket/1.0/rocket-1.0-sources.jar
          about | example.acme:rocket | 1.0 | sources | jar
        /example/acme/rocket/1.0/rocket-1.0-javadoc.jar
          about | example.acme:rocket | 1.0 | javadoc | jar
        /example/acme/rocket/1.0/rocket-1.0-tests.jar
          content | example.acme:rocket | 1.0 | tests | jar
        /example/acme/rocket/1.0/rocket-1.0-cyclonedx.json
          about | example.acme:rocket | 1.0 | cyclonedx | json
        /example/acme/rocket/1.0/rocket-1.0-linux-x86_64.jar
          content | example.acme:rocket | 1.0 | linux-x86_64 | jar
        /example/acme/rocket/1.0/rocket-1.0.jar.sha1
          about | example.acme:rocket | 1.0 | - | -
        /example/acme/rocket/1.0/rocket-1.0.jar.asc
          about | example.acme:rocket | 1.0 | - | -
        /example/acme/rocket/1.0/rocket-1.0.jar.asc.md5
          about | example.acme:rocket | 1.0 | - | -
        /example/acme/rocket/1.0/rocket-1.0.jar.sigstore.json
          about | example.acme:rocket | 1.0 | - | -
        /example/acme/rocket-core/1.0-rc-1/rocket-core-1.0-rc-1.jar
          content | example.acme:rocket-core | 1.0-rc-1 | - | jar
        /example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-SNAPSHOT.jar
          content | example.acme:rocket | 1.1-SNAPSHOT | - | jar
        /example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-20260701.120000-3.jar
          content | example.acme:rocket | 1.1-SNAPSHOT | - | jar
        /example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-20260701.120000-3-linux.jar
          content | example.acme:rocket | 1.1-SNAPSHOT | linux | jar
        /example/acme/rocket/1.1-SNAPSHOT/maven-metadata.xml
          about | example.acme:rocket | 1.1-SNAPSHOT | - | -
        /example/acme/rocket/maven-metadata.xml
          about | example.acme:rocket | - | - | -
        /example/acme/rocket/maven-metadata.xml.sha256
          about | example.acme:rocket | - | - | -
        /acme/rocket/1.0/rocket-1.0.jar
          content | acme:rocket | 1.0 | - | jar
        ");
    }

    #[test]
    fn other_paths_are_no_artifacts() {
        for path in [
            "",
            "/",
            "/archetype-catalog.xml",
            "/maven-metadata.xml",
            "/.index/nexus-maven-repository-index.gz",
            "/example/acme/rocket/1.0/",
            "/example/acme/rocket/1.0/other-1.0.jar",
            "/example/acme/rocket/1.0/rocket-2.0.jar",
            "/example/acme/rocket/1.0/rocket-1.0",
            "/example/acme/rocket/1.0/rocket-1.0x.jar",
            "/example/acme/rocket/1.0/rocket-1.0-.jar",
            "/example/acme/rocket/1.0/rocket-1.0.",
            "/example//rocket/1.0/rocket-1.0.jar",
            "/rocket/1.0/rocket-1.0.jar",
            "/example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-20260701.1200-3.jar",
            "/example/acme/rocket/1.1-SNAPSHOT/rocket-1.1-20260701.120000-.jar",
        ] {
            assert_eq!(read(path), "nothing", "{path}");
        }
    }

    proptest! {
        #[test]
        fn what_the_layout_writes_is_read_again(
            group in "[a-z]{1,4}(/[a-z]{1,4}){0,2}",
            artifact in "[a-z]{1,4}(-[a-z0-9]{1,4}){0,2}",
            version in "[0-9](\\.[0-9]){0,2}(-[a-z]{1,4})?",
            classifier in "[a-z]{0,6}",
        ) {
            let dash = if classifier.is_empty() { "" } else { "-" };
            let path = format!("/{group}/{artifact}/{version}/{artifact}-{version}{dash}{classifier}.jar");
            let place = Place::read(&path).expect("a place");
            prop_assert_eq!(place.package(), format!("{}:{artifact}", group.replace('/', ".")));
            prop_assert_eq!((place.version, place.classifier, place.extension), (version.as_str(), classifier.as_str(), "jar"));
        }

        #[test]
        fn no_path_makes_it_panic(path in "/?[a-z0-9./SNAPHOT-]{0,60}|.{0,30}") {
            let _ = Place::read(&path);
        }
    }
}
