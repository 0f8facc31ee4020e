//! Go modules, as a module proxy has them (Go Modules Reference, "GOPROXY protocol").

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::zip_of;

/// The sample module. Its path has a capital, which the protocol escapes.
pub const MODULE: &str = "acme.example/Compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["v1.0.0", "v1.1.0"];
/// Its version on the branch [`BRANCH`], which no tag names.
pub const UNTAGGED: &str = "v1.1.1-0.20260701120000-0123456789ab";
/// A branch of it.
pub const BRANCH: &str = "main";
/// A module of somebody else's that the sample module needs.
pub const OTHER_MODULE: &str = "tideline.example/demo";
/// Its only version.
pub const OTHER_VERSION: &str = "v0.3.0";
/// Where the proxy begins.
pub const ROOT: &str = "/go/";

#[derive(Default)]
struct Files(HashMap<String, Content>);

pub(super) fn router(_addresses: &Addresses) -> Router {
    let mut files = Files::default();
    let needs = format!("\nrequire {OTHER_MODULE} {OTHER_VERSION}\n");
    let code = format!(
        "// Package compass points north.\npackage compass\n\nimport \"{OTHER_MODULE}\"\n\n\
         // North says where north is.\nfunc North() string {{ return \"north is \" + demo.Way }}\n"
    );
    files.add(MODULE, &VERSIONS, &needs, &code);
    files.put_version(MODULE, UNTAGGED, &needs, &code);
    files.put_info(MODULE, BRANCH, UNTAGGED);
    let code = "// Package demo knows the way.\npackage demo\n\n// Way is the way.\nconst Way = \"that way\"\n";
    files.add(OTHER_MODULE, &[OTHER_VERSION], "", code);
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
    /// A module with its released `versions`, oldest first.
    fn add(&mut self, module: &str, versions: &[&str], needs: &str, code: &str) {
        for version in versions {
            self.put_version(module, version, needs, code);
        }
        let list = versions.join(
            "
",
        ) + "
";
        self.put(module, "@v/list", list.into_bytes(), "text/plain");
        let latest = versions.last().expect("a module has a version");
        self.put(module, "@latest", info(latest), "application/json");
    }

    fn put_version(&mut self, module: &str, version: &str, needs: &str, code: &str) {
        let go_mod = format!("module {module}\n\ngo 1.19\n{needs}");
        let folder = format!("{module}@{version}");
        let zip = zip_of([
            (format!("{folder}/go.mod").as_str(), go_mod.as_bytes()),
            (format!("{folder}/code.go").as_str(), code.as_bytes()),
        ]);
        self.put_info(module, version, version);
        self.put(
            module,
            &format!("@v/{version}.mod"),
            go_mod.into_bytes(),
            "text/plain",
        );
        self.put(module, &format!("@v/{version}.zip"), zip, "application/zip");
    }

    /// What the revision `named` is: a version is itself, a branch is one without a tag.
    fn put_info(&mut self, module: &str, named: &str, version: &str) {
        self.put(
            module,
            &format!("@v/{named}.info"),
            info(version),
            "application/json",
        );
    }

    fn put(&mut self, module: &str, file: &str, bytes: Vec<u8>, media_type: &'static str) {
        let path = format!("{}/{file}", escaped(module));
        self.0.insert(path, Content::new(bytes, media_type));
    }
}

fn info(version: &str) -> Vec<u8> {
    json!({ "Version": version, "Time": "2026-07-01T12:00:00Z" })
        .to_string()
        .into_bytes()
}

/// A capital becomes `!` and its small letter ("Module paths and versions", escaping).
fn escaped(module: &str) -> String {
    let letters = module.chars().flat_map(|letter| {
        let mark = letter.is_ascii_uppercase().then_some('!');
        mark.into_iter().chain([letter.to_ascii_lowercase()])
    });
    letters.collect()
}
