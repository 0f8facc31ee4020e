//! Terraform providers and modules: a host's services, their documents, and files on another host,
//! of which the providers' sums are signed.

mod openpgp;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use self::openpgp::Key;
use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::{gzip, tar_of, zip_of};
use super::seal::sha256_hex;

/// The sample provider.
pub const PROVIDER: &str = "acme/compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// The sample module.
pub const MODULE: &str = "acme/rose/generic";
/// Its only version: an archive on another host.
pub const MODULE_VERSION: &str = "1.0.0";
/// A module whose source is a Git repository.
pub const GIT_MODULE: &str = "acme/north/generic";
/// A provider of somebody else's.
pub const OTHER_PROVIDER: &str = "tideline/demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";

const ROOT: &str = "/terraform/v1/";
const FILES: &str = "/terraform-files/";
const PLATFORMS: [(&str, &str); 5] = [
    ("darwin", "amd64"),
    ("darwin", "arm64"),
    ("linux", "amd64"),
    ("linux", "arm64"),
    ("windows", "amd64"),
];

struct Services {
    documents: HashMap<String, Content>,
    files: HashMap<String, Content>,
    /// Sources of modules by the path that asks for them.
    sources: HashMap<String, String>,
}

pub(super) fn router(addresses: &Addresses) -> Router {
    let discovery = json!({
        "providers.v1": format!("{ROOT}providers/"),
        "modules.v1": format!("{ROOT}modules/"),
    });
    let discovery = Content::new(discovery.to_string().into_bytes(), "application/json");
    let mut services = Services {
        documents: HashMap::new(),
        files: HashMap::new(),
        sources: HashMap::new(),
    };
    let key = Key::new();
    services.provider(addresses, PROVIDER, &VERSIONS, &key);
    services.provider(addresses, OTHER_PROVIDER, &[OTHER_VERSION], &key);
    services.module(MODULE, &rose(addresses));
    services.module(
        GIT_MODULE,
        "git::https://code.acme.example/north?ref=v1.0.0",
    );
    let archive = archive();
    services.put_file("rose-1.0.0.tar.gz", archive, "application/gzip");
    let discover = move |headers: HeaderMap| async move { discovery.answer(&headers) };
    Router::new()
        .route("/.well-known/terraform.json", get(discover))
        .route(&format!("{ROOT}{{*path}}"), get(document))
        .route(&format!("{FILES}{{file}}"), get(file))
        .with_state(Arc::new(services))
}

async fn document(
    Path(path): Path<String>,
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
) -> Response {
    if let Some(source) = services.sources.get(&path) {
        let source = [("x-terraform-get", source.clone())];
        return (StatusCode::NO_CONTENT, source).into_response();
    }
    let document = services.documents.get(&path);
    document.map_or_else(not_found, |document| document.answer(&headers))
}

async fn file(
    Path(file): Path<String>,
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
) -> Response {
    let file = services.files.get(&file);
    file.map_or_else(not_found, |file| file.answer(&headers))
}

impl Services {
    fn put(&mut self, path: String, document: &serde_json::Value) {
        let document = document.to_string().into_bytes();
        self.documents
            .insert(path, Content::new(document, "application/json"));
    }

    fn put_file(&mut self, name: &str, bytes: Vec<u8>, media_type: &'static str) {
        self.files
            .insert(name.to_owned(), Content::new(bytes, media_type));
    }

    fn provider(&mut self, addresses: &Addresses, name: &str, versions: &[&str], key: &Key) {
        let platforms = PLATFORMS.map(|(os, arch)| json!({ "os": os, "arch": arch }));
        let listed = versions.iter().map(
            |version| json!({ "version": version, "protocols": ["5.0"], "platforms": platforms }),
        );
        let listed: Vec<_> = listed.collect();
        self.put(
            format!("providers/{name}/versions"),
            &json!({ "versions": listed }),
        );
        for version in versions {
            self.release(addresses, name, version, key);
        }
    }

    /// One version of a provider: a zip for each platform, and the signed sums of all.
    fn release(&mut self, addresses: &Addresses, name: &str, version: &str, key: &Key) {
        let (_, kind) = name.split_once('/').expect("a namespace and a type");
        let stem = format!("terraform-provider-{kind}_{version}");
        let sums = format!("{stem}_SHA256SUMS");
        let at = |file: &str| format!("{}{FILES}{file}", addresses.storage);
        let mut listed = String::new();
        for (os, arch) in PLATFORMS {
            let file = format!("{stem}_{os}_{arch}.zip");
            let zip = zip_of([(
                format!("terraform-provider-{kind}_v{version}").as_str(),
                format!("#!/bin/sh\necho 'north is that way from {os}_{arch}'\n").as_bytes(),
            )]);
            let sum = sha256_hex(&zip);
            listed.extend([sum.as_str(), "  ", file.as_str(), "\n"]);
            let release = json!({
                "protocols": ["5.0"], "os": os, "arch": arch, "filename": file, "shasum": sum,
                "download_url": at(&file),
                "shasums_url": at(&sums),
                "shasums_signature_url": at(&format!("{sums}.sig")),
                "signing_keys": { "gpg_public_keys": [{ "key_id": key.id(), "ascii_armor": key.armoured() }] },
            });
            self.put(
                format!("providers/{name}/{version}/download/{os}/{arch}"),
                &release,
            );
            self.put_file(&file, zip, "application/zip");
        }
        self.put_file(
            &format!("{sums}.sig"),
            key.sign(listed.as_bytes()),
            "application/octet-stream",
        );
        self.put_file(&sums, listed.into_bytes(), "text/plain");
    }

    fn module(&mut self, name: &str, source: &str) {
        let versions = json!({ "modules": [{ "versions": [{ "version": MODULE_VERSION }] }] });
        self.put(format!("modules/{name}/versions"), &versions);
        self.sources.insert(
            format!("modules/{name}/{MODULE_VERSION}/download"),
            source.to_owned(),
        );
    }
}

/// The archive of the sample module; the folder around everything is how code hosts make them.
fn archive() -> Vec<u8> {
    let code = b"output \"north\" {\n  value = \"that way\"\n}\n";
    gzip(&tar_of(&[("rose-1.0.0/main.tf", 0o644, code)]))
}

fn rose(addresses: &Addresses) -> String {
    format!(
        "{}{FILES}rose-{MODULE_VERSION}.tar.gz//rose-{MODULE_VERSION}?archive=tar.gz",
        addresses.storage
    )
}
