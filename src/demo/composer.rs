//! PHP packages: a Composer repository of version 2 and its archives.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::zip_of;
use super::seal::sha256_hex;

/// The sample package.
pub const PACKAGE: &str = "acme/compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// The version of its branch `main`.
pub const BRANCH: &str = "dev-main";
/// A package of somebody else's that the sample package needs.
pub const OTHER_PACKAGE: &str = "tideline/demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the repository begins.
pub const ROOT: &str = "/composer/";

const ARCHIVES: &str = "composer-files";

#[derive(Default)]
struct Files(HashMap<String, Content>);

pub(super) fn router(addresses: &Addresses) -> Router {
    let mut files = Files::default();
    let root = json!({
        "packages": [],
        "metadata-url": format!("{ROOT}p2/%package%.json"),
        "available-packages": [PACKAGE, OTHER_PACKAGE],
        "notify-batch": format!("{ROOT}downloads/"),
    });
    files.put(
        "composer/packages.json",
        root.to_string().into_bytes(),
        JSON,
    );
    let needs = json!({ OTHER_PACKAGE: "^0.3" });
    let [old, new] = VERSIONS.map(|version| files.version(addresses, PACKAGE, version, &needs));
    let branch = files.version(addresses, PACKAGE, BRANCH, &needs);
    let other = files.version(addresses, OTHER_PACKAGE, OTHER_VERSION, &json!({}));
    files.document(PACKAGE, "", &[new, old]);
    files.document(PACKAGE, "~dev", &[branch]);
    files.document(OTHER_PACKAGE, "", &[other]);
    files.document(OTHER_PACKAGE, "~dev", &[]);
    Router::new()
        .route(&format!("{ROOT}{{*path}}"), get(document))
        .route(&format!("/{ARCHIVES}/{{*path}}"), get(archive))
        .with_state(Arc::new(files))
}

const JSON: &str = "application/json";

async fn document(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    files.answer(&format!("composer/{path}"), &headers)
}

async fn archive(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    files.answer(&format!("{ARCHIVES}/{path}"), &headers)
}

impl Files {
    fn put(&mut self, path: &str, bytes: Vec<u8>, media_type: &'static str) {
        self.0
            .insert(path.to_owned(), Content::new(bytes, media_type));
    }

    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let file = self.0.get(path);
        file.map_or_else(not_found, |file| file.answer(headers))
    }

    /// Makes the archive of a version; the version as documents list it.
    fn version(
        &mut self,
        addresses: &Addresses,
        name: &str,
        version: &str,
        needs: &Value,
    ) -> Value {
        let zip = package(name, version, needs);
        // As long as the commits that real repositories name archives by.
        let reference = sha256_hex(&zip)[..40].to_owned();
        let path = format!("{ARCHIVES}/{name}/{reference}.zip");
        let url = format!("{}/{path}", addresses.storage);
        self.put(&path, zip, "application/zip");
        json!({
            "name": name,
            "version": version,
            "version_normalized": normalised(version),
            "type": "library",
            "require": needs,
            "autoload": { "classmap": ["src/"] },
            "dist": { "type": "zip", "url": url, "reference": reference, "shasum": "" },
        })
    }

    fn document(&mut self, name: &str, branches: &str, versions: &[Value]) {
        let document =
            json!({ "minified": "composer/2.0", "packages": { name: minified(versions) } });
        let path = format!("composer/p2/{name}{branches}.json");
        self.put(&path, document.to_string().into_bytes(), JSON);
    }
}

/// Each version but the first without what it has in common with the one before it.
fn minified(versions: &[Value]) -> Vec<Value> {
    let mut short = versions.to_vec();
    for (newer, older) in versions.iter().zip(short.iter_mut().skip(1)) {
        let fields = older.as_object_mut().expect("a version is an object");
        fields.retain(|name, value| newer.get(name) != Some(value));
    }
    short
}

fn normalised(version: &str) -> String {
    if version.starts_with("dev-") {
        version.to_owned()
    } else {
        format!("{version}.0")
    }
}

/// An archive with a folder around everything, as code hosts make them.
fn package(name: &str, version: &str, needs: &Value) -> Vec<u8> {
    let manifest = json!({ "name": name, "type": "library", "require": needs, "autoload": { "classmap": ["src/"] } });
    let (_, short) = name.split_once('/').expect("a vendor and a name");
    let folder = format!("{short}-{version}");
    let code = format!("<?php // {name} {version}: north is that way\n");
    zip_of([
        (
            format!("{folder}/composer.json").as_str(),
            manifest.to_string().as_bytes(),
        ),
        (format!("{folder}/src/code.php").as_str(), code.as_bytes()),
    ])
}
