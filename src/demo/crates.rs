//! Rust crates: a sparse index and the archives it leads to.

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
use super::archive::{gzip, tar_of};
use super::seal::sha256_hex;

/// The sample crate.
pub const CRATE: &str = "demo-compass";
/// Its versions, oldest first; the last has build metadata.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0+north.1"];
/// A crate of somebody else's that the sample crate needs.
pub const OTHER_CRATE: &str = "tideline-demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the index begins.
pub const ROOT: &str = "/crates-index/";

#[derive(Default)]
struct Files(HashMap<String, Content>);

pub(super) fn router(addresses: &Addresses) -> Router {
    let mut files = Files::default();
    let config =
        json!({ "dl": format!("{}/crate-files", addresses.storage), "api": addresses.registry });
    files.put("crates-index/config.json", config.to_string().into_bytes());
    let needs = json!([{
        "name": OTHER_CRATE, "req": "^0.3", "features": [], "optional": false, "default_features": true, "target": null, "kind": "normal",
    }]);
    files.add(
        "crates-index/de/mo",
        CRATE,
        &VERSIONS,
        &format!("[dependencies]\n{OTHER_CRATE} = \"0.3\"\n"),
        &needs,
    );
    files.add(
        "crates-index/ti/de",
        OTHER_CRATE,
        &[OTHER_VERSION],
        "",
        &json!([]),
    );
    Router::new()
        .route("/crates-index/{*path}", get(answer))
        .route("/crate-files/{*path}", get(archive))
        .with_state(Arc::new(files))
}

async fn answer(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    files.answer(&format!("crates-index/{path}"), &headers)
}

async fn archive(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    files.answer(&format!("crate-files/{path}"), &headers)
}

impl Files {
    fn put(&mut self, path: &str, bytes: Vec<u8>) {
        self.0.insert(
            path.to_owned(),
            Content::new(bytes, "application/octet-stream"),
        );
    }

    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        self.0
            .get(path)
            .map_or_else(not_found, |file| file.answer(headers))
    }

    fn add(
        &mut self,
        folder: &str,
        name: &str,
        versions: &[&str],
        dependencies: &str,
        needs: &Value,
    ) {
        let mut lines = String::new();
        for version in versions {
            let archive = package(name, version, dependencies);
            let line = json!({ "name": name, "vers": version, "deps": needs, "cksum": sha256_hex(&archive), "features": {}, "yanked": false });
            lines.extend([line.to_string(), "\n".to_owned()]);
            self.put(&format!("crate-files/{name}/{version}/download"), archive);
        }
        self.put(&format!("{folder}/{name}"), lines.into_bytes());
    }
}

fn package(name: &str, version: &str, dependencies: &str) -> Vec<u8> {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\nlicense = \"Apache-2.0\"\n\n{dependencies}"
    );
    let folder = format!("{name}-{version}");
    let files: [(&str, u32, &[u8]); 2] = [
        (&format!("{folder}/Cargo.toml"), 0o644, manifest.as_bytes()),
        (
            &format!("{folder}/src/lib.rs"),
            0o644,
            b"//! North is that way.\n",
        ),
    ];
    gzip(&tar_of(&files))
}
