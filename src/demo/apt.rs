//! Debian packages: an archive with a pool, lists for two architectures, and a `Release` over them.

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
use super::archive::{gzip, tar_of};
use super::seal::sha256_hex;

/// The sample package.
pub const PACKAGE: &str = "demo-compass";
/// Its versions, oldest first. The last has an epoch, which its file name leaves out.
pub const VERSIONS: [&str; 2] = ["2.0.0~rc1-1", "1:2.1.0+north-1"];
/// A package of somebody else's that the sample package needs.
pub const OTHER_PACKAGE: &str = "tideline-demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0-1";
/// Where the archive begins.
pub const ROOT: &str = "/apt/";
/// The archive's only suite; it is not signed.
pub const SUITE: &str = "stable";

const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];

/// Everything the stand-in answers for apt.
pub(super) fn router(_addresses: &Addresses) -> Router {
    Router::new()
        .route(&format!("{ROOT}{{*path}}"), get(answer))
        .with_state(Arc::new(archive()))
}

/// Files of the archive by path.
type Files = HashMap<String, Content>;

/// The path comes decoded, so a `+` and a `%2b` are one.
async fn answer(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    files
        .get(&path)
        .map_or_else(not_found, |file| file.answer(&headers))
}

/// A package before it is built.
struct Package {
    name: &'static str,
    version: &'static str,
    arch: &'static str,
    depends: &'static str,
}

fn packages() -> Vec<Package> {
    let ours = VERSIONS.iter().flat_map(|version| {
        ARCHITECTURES.map(|arch| Package {
            name: PACKAGE,
            version,
            arch,
            depends: OTHER_PACKAGE,
        })
    });
    let others = Package {
        name: OTHER_PACKAGE,
        version: OTHER_VERSION,
        arch: "all",
        depends: "",
    };
    ours.chain([others]).collect()
}

fn archive() -> Files {
    let mut files = Files::new();
    let mut lists = ARCHITECTURES.map(|arch| (arch, String::new()));
    for package in packages() {
        let (path, deb) = (package.path(), package.build());
        for (arch, list) in &mut lists {
            if package.arch == *arch || package.arch == "all" {
                list.push_str(&package.listed(&path, &deb));
            }
        }
        files.insert(
            path,
            Content::new(deb, "application/vnd.debian.binary-package"),
        );
    }
    let mut sums = String::new();
    for (arch, list) in lists {
        add_list(&mut files, &mut sums, arch, list.into_bytes());
    }
    let release = format!(
        "Origin: Weir demo\nLabel: Weir demo\nSuite: {SUITE}\nCodename: {SUITE}\n\
         Date: Wed, 01 Jul 2026 12:00:00 UTC\nArchitectures: {}\nComponents: main\n\
         Acquire-By-Hash: yes\nSHA256:\n{sums}",
        ARCHITECTURES.join(" ")
    );
    let release = Content::new(release.into_bytes(), "text/plain");
    files.insert(format!("dists/{SUITE}/Release"), release);
    files
}

/// Puts the list of one architecture under its name and its hash, plain and in gzip.
fn add_list(files: &mut Files, sums: &mut String, arch: &str, list: Vec<u8>) {
    let folder = format!("main/binary-{arch}");
    for (ending, bytes) in [(".gz", gzip(&list)), ("", list)] {
        let hash = sha256_hex(&bytes);
        let length = bytes.len();
        writeln!(sums, " {hash} {length} {folder}/Packages{ending}")
            .expect("memory takes every write");
        let content = Content::new(bytes, "application/octet-stream");
        let by_hash = format!("dists/{SUITE}/{folder}/by-hash/SHA256/{hash}");
        files.insert(by_hash, content.clone());
        files.insert(format!("dists/{SUITE}/{folder}/Packages{ending}"), content);
    }
}

impl Package {
    /// Where the pool has it.
    fn path(&self) -> String {
        let Self {
            name,
            version,
            arch,
            ..
        } = self;
        let folder = &name[..1];
        let plain = version.rsplit(':').next().unwrap_or(version);
        format!("pool/main/{folder}/{name}/{name}_{plain}_{arch}.deb")
    }

    /// Its own description, as a control file has it.
    fn control(&self) -> String {
        let depends = match self.depends {
            "" => String::new(),
            depends => format!("Depends: {depends}\n"),
        };
        format!(
            "Package: {}\nVersion: {}\nArchitecture: {}\nMaintainer: Weir demo <demo@demo.invalid>\n{depends}\
             Description: shows where north is\n",
            self.name, self.version, self.arch
        )
    }

    /// Its paragraph in a list of packages.
    fn listed(&self, path: &str, deb: &[u8]) -> String {
        format!(
            "{}Filename: {path}\nSize: {}\nSHA256: {}\n\n",
            self.control(),
            deb.len(),
            sha256_hex(deb)
        )
    }

    /// The package itself (`deb(5)`).
    fn build(&self) -> Vec<u8> {
        let program = format!(
            "#!/bin/sh\necho \"{} {}: north is that way\"\n",
            self.name, self.version
        );
        let control = tar_of(&[("control", 0o644, self.control().as_bytes())]);
        let data = tar_of(&[(&format!("usr/bin/{}", self.name), 0o755, program.as_bytes())]);
        ar(&[
            ("debian-binary", b"2.0\n"),
            ("control.tar.gz", &gzip(&control)),
            ("data.tar.gz", &gzip(&data)),
        ])
    }
}

/// An archive in the common format of ar: names of at most 16 letters, and members at even offsets.
fn ar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, content) in members {
        let head = format!(
            "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            0,
            0,
            0,
            100_644,
            content.len()
        );
        archive.extend_from_slice(head.as_bytes());
        archive.extend_from_slice(content);
        if content.len() % 2 == 1 {
            archive.push(b'\n');
        }
    }
    archive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pool_leaves_the_epoch_out_and_keeps_the_marks() {
        let mut paths: Vec<_> = archive().into_keys().collect();
        paths.retain(|path| path.starts_with("pool/"));
        paths.sort();
        insta::assert_snapshot!(paths.join("\n"), @r"
        pool/main/d/demo-compass/demo-compass_2.0.0~rc1-1_amd64.deb
        pool/main/d/demo-compass/demo-compass_2.0.0~rc1-1_arm64.deb
        pool/main/d/demo-compass/demo-compass_2.1.0+north-1_amd64.deb
        pool/main/d/demo-compass/demo-compass_2.1.0+north-1_arm64.deb
        pool/main/t/tideline-demo/tideline-demo_0.3.0-1_all.deb
        ");
    }

    #[test]
    fn what_release_says_of_a_list_is_true() {
        let files = archive();
        let release = &files["dists/stable/Release"].bytes;
        let release = String::from_utf8(release.clone()).expect("text");
        let sums = release.lines().filter(|line| line.starts_with(' '));
        for line in sums {
            let words: Vec<_> = line.split_whitespace().collect();
            let list = &files[&format!("dists/stable/{}", words[2])].bytes;
            assert_eq!(
                (words[0], words[1]),
                (sha256_hex(list).as_str(), list.len().to_string().as_str())
            );
        }
    }
}
