//! RPM packages: a repository with its lists, and packages for two architectures.

mod header;
mod package;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::gzip;
use super::seal::sha256_hex;
use package::{BUILT, Built, Package, RELEASE};

/// The sample package.
pub const PACKAGE: &str = "demo-compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["2.0.0~rc1", "2.1.0^north"];
/// A package of somebody else's that the sample package needs; it is for every architecture.
pub const OTHER_PACKAGE: &str = "tideline-demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the repository begins.
pub const ROOT: &str = "/rpm/";

const ARCHITECTURES: [&str; 2] = ["x86_64", "aarch64"];

/// Everything the stand-in answers for rpm.
pub(super) fn router(_addresses: &Addresses) -> Router {
    Router::new()
        .route(&format!("{ROOT}{{*path}}"), get(answer))
        .with_state(Arc::new(repository()))
}

/// Files of the repository by path.
type Files = HashMap<String, Content>;

async fn answer(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    files
        .get(&path)
        .map_or_else(not_found, |file| file.answer(&headers))
}

fn packages() -> Vec<Package> {
    let ours = VERSIONS.iter().flat_map(|version| {
        ARCHITECTURES.map(|arch| Package {
            name: PACKAGE,
            version,
            arch,
            requires: OTHER_PACKAGE,
        })
    });
    let other = Package {
        name: OTHER_PACKAGE,
        version: OTHER_VERSION,
        arch: "noarch",
        requires: "",
    };
    ours.chain([other]).collect()
}

fn repository() -> Files {
    let mut files = Files::new();
    let [mut primary, mut filelists, mut other] = [(); 3].map(|()| String::new());
    let packages = packages();
    for package in &packages {
        let built = package.build();
        let path = format!("Packages/{}/{}", &package.name[..1], package.file_name());
        let id = sha256_hex(&built.bytes);
        primary.push_str(&package.described(&path, &id, &built));
        let file = format!("<file>/usr/bin/{}</file>", package.name);
        filelists.push_str(&package.listed(&id, &file));
        other.push_str(&package.listed(&id, ""));
        files.insert(path, Content::new(built.bytes, "application/x-rpm"));
    }
    let lists = [
        ("primary", "metadata", "common", primary),
        ("filelists", "filelists", "filelists", filelists),
        ("other", "otherdata", "other", other),
    ];
    let mut repomd = String::new();
    for (kind, element, space, body) in lists {
        let list = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <{element} xmlns=\"http://linux.duke.edu/metadata/{space}\" xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\" packages=\"{}\">\n{body}</{element}>\n",
            packages.len()
        );
        add_list(&mut files, &mut repomd, kind, list.as_bytes());
    }
    let repomd = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <repomd xmlns=\"http://linux.duke.edu/metadata/repo\" xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\">\n<revision>{BUILT}</revision>\n{repomd}</repomd>\n"
    );
    let repomd = Content::new(repomd.into_bytes(), "text/xml");
    files.insert("repodata/repomd.xml".to_owned(), repomd);
    files
}

/// Puts a list under its sum, and names it in `repomd`.
fn add_list(files: &mut Files, repomd: &mut String, kind: &str, list: &[u8]) {
    let packed = gzip(list);
    let sum = sha256_hex(&packed);
    let path = format!("repodata/{sum}-{kind}.xml.gz");
    writeln!(
        repomd,
        "<data type=\"{kind}\"><checksum type=\"sha256\">{sum}</checksum><open-checksum type=\"sha256\">{}</open-checksum>\
         <location href=\"{path}\"/><timestamp>{BUILT}</timestamp><size>{}</size><open-size>{}</open-size></data>",
        sha256_hex(list),
        packed.len(),
        list.len()
    )
    .expect("memory takes every write");
    files.insert(path, Content::new(packed, "application/gzip"));
}

impl Package {
    /// Its version as lists have it.
    fn edition(&self) -> String {
        format!("epoch=\"0\" ver=\"{}\" rel=\"{RELEASE}\"", self.version)
    }

    /// Its entry in the list of all that solvers need.
    fn described(&self, path: &str, id: &str, built: &Built) -> String {
        let Self { name, arch, .. } = self;
        let edition = self.edition();
        let requires = match self.requires {
            "" => String::new(),
            needed => format!("<rpm:requires><rpm:entry name=\"{needed}\"/></rpm:requires>"),
        };
        let (start, end) = built.header;
        format!(
            "<package type=\"rpm\"><name>{name}</name><arch>{arch}</arch><version {edition}/>\
             <checksum type=\"sha256\" pkgid=\"YES\">{id}</checksum>\
             <summary>Shows where north is</summary><description>Shows where north is.</description><packager/><url/>\
             <time file=\"{BUILT}\" build=\"{BUILT}\"/>\
             <size package=\"{}\" installed=\"{}\" archive=\"{}\"/><location href=\"{path}\"/>\
             <format><rpm:license>Apache-2.0</rpm:license><rpm:header-range start=\"{start}\" end=\"{end}\"/>\
             <rpm:provides><rpm:entry name=\"{name}\" flags=\"EQ\" {edition}/></rpm:provides>{requires}\
             <file>/usr/bin/{name}</file></format></package>\n",
            built.bytes.len(),
            built.installed,
            built.archive
        )
    }

    /// Its entry in the other lists, with what they have to say of it.
    fn listed(&self, id: &str, content: &str) -> String {
        format!(
            "<package pkgid=\"{id}\" name=\"{}\" arch=\"{}\"><version {}/>{content}</package>\n",
            self.name,
            self.arch,
            self.edition()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_lie_by_their_first_letter_and_are_the_same_every_time() {
        let (first, second) = (repository(), repository());
        let mut paths: Vec<_> = first
            .keys()
            .filter(|path| path.starts_with("Packages/"))
            .collect();
        paths.sort();
        assert!(
            paths
                .iter()
                .all(|path| first[*path].bytes == second[*path].bytes)
        );
        let paths: Vec<_> = paths.into_iter().map(String::as_str).collect();
        insta::assert_snapshot!(paths.join("\n"), @r"
        Packages/d/demo-compass-2.0.0~rc1-1.aarch64.rpm
        Packages/d/demo-compass-2.0.0~rc1-1.x86_64.rpm
        Packages/d/demo-compass-2.1.0^north-1.aarch64.rpm
        Packages/d/demo-compass-2.1.0^north-1.x86_64.rpm
        Packages/t/tideline-demo-0.3.0-1.noarch.rpm
        ");
    }

    #[test]
    fn what_a_list_says_of_a_package_is_true() {
        for package in packages() {
            let built = package.build();
            let (start, end) = built.header;
            assert_eq!(built.bytes[start..start + 3], [0x8e, 0xad, 0xe8]);
            assert_eq!(start % 8, 0);
            let mut cpio = Vec::new();
            let payload = &built.bytes[end..];
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(payload), &mut cpio)
                .expect("gzip");
            assert_eq!(cpio.len(), built.archive);
        }
    }
}
