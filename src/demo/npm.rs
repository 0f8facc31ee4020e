//! JavaScript packages: package documents in both forms and their tarballs, as an npm registry has them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha512};

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::{gzip, tar_of};

/// The sample package.
pub const PACKAGE: &str = "@acme/compass";
/// Its versions, oldest first; the last is `latest`.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// A package of somebody else's that the sample package needs: it passes through uncounted.
pub const OTHER_PACKAGE: &str = "tideline-demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the registry begins.
pub const ROOT: &str = "/npm/";

/// When everything here was published; long enough ago for clients that wait before they trust.
const PUBLISHED: &str = "2026-07-01T12:00:00.000Z";
const ABBREVIATED: &str = "application/vnd.npm.install-v1+json";

#[derive(Default)]
struct Packages {
    documents: HashMap<String, Value>,
    tarballs: HashMap<String, Content>,
}

pub(super) fn router(addresses: &Addresses) -> Router {
    let mut packages = Packages::default();
    packages.add(
        addresses,
        PACKAGE,
        &VERSIONS,
        &json!({ OTHER_PACKAGE: "^0.3.0" }),
    );
    packages.add(addresses, OTHER_PACKAGE, &[OTHER_VERSION], &json!({}));
    Router::new()
        .route(&format!("{ROOT}{{*path}}"), get(answer))
        .with_state(Arc::new(packages))
}

/// The path comes decoded, so `@acme%2fcompass` and `@acme/compass` are one.
async fn answer(
    Path(path): Path<String>,
    State(packages): State<Arc<Packages>>,
    headers: HeaderMap,
) -> Response {
    if let Some(tarball) = packages.tarballs.get(&path) {
        return tarball.answer(&headers);
    }
    let document = packages
        .documents
        .get(&path)
        .cloned()
        .or_else(|| packages.version(&path));
    let Some(mut document) = document else {
        return not_found();
    };
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    let media_type = if accept.contains(ABBREVIATED) {
        shorten(&mut document);
        ABBREVIATED
    } else {
        "application/json"
    };
    let caching = [
        (header::VARY, "accept-encoding, accept"),
        (header::CACHE_CONTROL, "public, max-age=300"),
    ];
    (
        caching,
        Content::new(document.to_string().into_bytes(), media_type).answer(&headers),
    )
        .into_response()
}

/// The short form does without the times of versions, which clients that keep away from what is new
/// read in the whole one.
fn shorten(document: &mut Value) {
    if let Some(fields) = document.as_object_mut() {
        fields.remove("time");
    }
}

impl Packages {
    fn add(&mut self, addresses: &Addresses, name: &str, versions: &[&str], dependencies: &Value) {
        let mut documents = serde_json::Map::new();
        for version in versions {
            let (file, tarball) = (
                file_name(name, version),
                tarball(name, version, dependencies),
            );
            let dist = json!({
                "tarball": format!("{}{ROOT}{name}/-/{file}", addresses.registry),
                "integrity": format!("sha512-{}", BASE64_STANDARD.encode(Sha512::digest(&tarball))),
            });
            documents.insert((*version).to_owned(), json!({ "name": name, "version": version, "dependencies": dependencies, "dist": dist }));
            self.tarballs.insert(
                format!("{name}/-/{file}"),
                Content::new(tarball, "application/octet-stream"),
            );
        }
        let latest = versions.last().expect("a package has a version");
        let document = json!({ "name": name, "dist-tags": { "latest": latest }, "versions": documents, "modified": PUBLISHED, "time": times(versions) });
        self.documents.insert(name.to_owned(), document);
    }

    /// The document of `NAME/VERSION` or `NAME/TAG`.
    fn version(&self, path: &str) -> Option<Value> {
        let (name, wanted) = path.rsplit_once('/')?;
        let document = self.documents.get(name)?;
        let version = document["dist-tags"][wanted].as_str().unwrap_or(wanted);
        document["versions"].get(version).cloned()
    }
}

/// When the package and its versions came to be.
fn times(versions: &[&str]) -> Value {
    let names = ["created", "modified"].iter().chain(versions);
    names.map(|name| (*name, PUBLISHED)).collect()
}

fn file_name(name: &str, version: &str) -> String {
    format!("{}-{version}.tgz", name.rsplit('/').next().unwrap_or(name))
}

fn tarball(name: &str, version: &str, dependencies: &Value) -> Vec<u8> {
    let manifest = json!({ "name": name, "version": version, "main": "index.js", "license": "Apache-2.0", "dependencies": dependencies }).to_string();
    let files: [(&str, u32, &[u8]); 2] = [
        ("package/package.json", 0o644, manifest.as_bytes()),
        (
            "package/index.js",
            0o644,
            b"module.exports = 'north is that way'\n",
        ),
    ];
    gzip(&tar_of(&files))
}
