//! Java artifacts in a repository of Maven's layout: models, jars, lists of versions, and sums of all.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::zip_of;
use super::seal::{md5_hex, sha1_hex};

/// The sample artifact, as `group:artifact`.
pub const ARTIFACT: &str = "example.acme:compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// The version that is being worked on, and its one build.
pub const SNAPSHOT: (&str, &str) = ("2.2.0-SNAPSHOT", "2.2.0-20260701.120000-1");
/// What stands beside its main jars.
pub const CLASSIFIERS: [&str; 2] = ["sources", "linux-x86_64"];
/// An artifact of somebody else's that the sample artifact needs.
pub const OTHER_ARTIFACT: &str = "example.tideline:demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the repository begins.
pub const ROOT: &str = "/maven/";

#[derive(Default)]
struct Files(HashMap<String, Content>);

/// One artifact in one version.
struct Release<'a> {
    artifact: &'a str,
    version: &'a str,
    /// What its files are called by: the version, or the build of a snapshot.
    build: &'a str,
    needs: Option<(&'a str, &'a str)>,
}

pub(super) fn router(_addresses: &Addresses) -> Router {
    let mut files = Files::default();
    let needs = Some((OTHER_ARTIFACT, OTHER_VERSION));
    files.put_releases(ARTIFACT, &VERSIONS, needs, &CLASSIFIERS);
    files.put_releases(OTHER_ARTIFACT, &[OTHER_VERSION], None, &[]);
    files.put_snapshot(needs);
    Router::new()
        .route(&format!("{ROOT}{{*path}}"), get(answer))
        .with_state(Arc::new(files))
}

async fn answer(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    let file = files.0.get(&path);
    file.map_or_else(not_found, |file| file.answer(&headers))
}

impl Files {
    fn put_releases(
        &mut self,
        artifact: &str,
        versions: &[&str],
        needs: Option<(&str, &str)>,
        classifiers: &[&str],
    ) {
        for version in versions {
            let release = Release {
                artifact,
                version,
                build: version,
                needs,
            };
            self.put_release(&release, classifiers);
        }
        let latest = versions.last().expect("an artifact has a version");
        let listed: String = versions
            .iter()
            .map(|version| tag("version", version))
            .collect();
        let versioning = [
            tag("latest", latest),
            tag("release", latest),
            tag("versions", &listed),
            tag("lastUpdated", "20260701120000"),
        ];
        let list = tag(
            "metadata",
            &(names(artifact) + &tag("versioning", &versioning.concat())),
        );
        self.put(
            &format!("{}/maven-metadata.xml", folder(artifact)),
            list.into_bytes(),
            "text/xml",
        );
    }

    /// A snapshot's files are called by its build, which the list beside them names.
    fn put_snapshot(&mut self, needs: Option<(&str, &str)>) {
        let (version, build) = SNAPSHOT;
        let release = Release {
            artifact: ARTIFACT,
            version,
            build,
            needs,
        };
        self.put_release(&release, &[]);
        let snapshot = tag("timestamp", "20260701.120000") + &tag("buildNumber", "1");
        let builds: String = ["jar", "pom"]
            .map(|extension| {
                let build = [
                    tag("extension", extension),
                    tag("value", build),
                    tag("updated", "20260701120000"),
                ];
                tag("snapshotVersion", &build.concat())
            })
            .concat();
        let versioning = [
            tag("snapshot", &snapshot),
            tag("lastUpdated", "20260701120000"),
            tag("snapshotVersions", &builds),
        ];
        let list = [
            names(ARTIFACT),
            tag("version", version),
            tag("versioning", &versioning.concat()),
        ];
        let path = format!("{}/{version}/maven-metadata.xml", folder(ARTIFACT));
        self.put(
            &path,
            tag("metadata", &list.concat()).into_bytes(),
            "text/xml",
        );
    }

    fn put_release(&mut self, release: &Release<'_>, classifiers: &[&str]) {
        let file = release.path();
        self.put(
            &format!("{file}.pom"),
            release.pom().into_bytes(),
            "text/xml",
        );
        self.put(
            &format!("{file}.jar"),
            release.jar("compiled"),
            "application/java-archive",
        );
        for classifier in classifiers {
            let jar = release.jar(classifier);
            self.put(
                &format!("{file}-{classifier}.jar"),
                jar,
                "application/java-archive",
            );
        }
    }

    /// A file and its sums.
    fn put(&mut self, path: &str, bytes: Vec<u8>, media_type: &'static str) {
        for (ending, sum) in [("sha1", sha1_hex(&bytes)), ("md5", md5_hex(&bytes))] {
            let sum = Content::new(sum.into_bytes(), "text/plain");
            self.0.insert(format!("{path}.{ending}"), sum);
        }
        self.0
            .insert(path.to_owned(), Content::new(bytes, media_type));
    }
}

impl Release<'_> {
    /// Its files without classifier and extension.
    fn path(&self) -> String {
        let (_, name) = parts(self.artifact);
        format!(
            "{}/{}/{name}-{}",
            folder(self.artifact),
            self.version,
            self.build
        )
    }

    fn pom(&self) -> String {
        let needs = self.needs.map(|(artifact, version)| {
            let dependency = names(artifact) + &tag("version", version);
            tag("dependencies", &tag("dependency", &dependency))
        });
        let project = [
            tag("modelVersion", "4.0.0"),
            names(self.artifact),
            tag("version", self.version),
            needs.unwrap_or_default(),
        ];
        tag("project", &project.concat())
    }

    fn jar(&self, what: &str) -> Vec<u8> {
        let (_, name) = parts(self.artifact);
        let text = format!("{name} {}, {what}: north is that way\n", self.version);
        zip_of([
            (
                "META-INF/MANIFEST.MF",
                "Manifest-Version: 1.0\r\n\r\n".as_bytes(),
            ),
            (&format!("{name}.txt"), text.as_bytes()),
        ])
    }
}

fn parts(artifact: &str) -> (&str, &str) {
    artifact
        .split_once(':')
        .expect("artifacts are written as group:artifact")
}

fn folder(artifact: &str) -> String {
    artifact.replace(['.', ':'], "/")
}

fn names(artifact: &str) -> String {
    let (group, name) = parts(artifact);
    tag("groupId", group) + &tag("artifactId", name)
}

fn tag(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}
