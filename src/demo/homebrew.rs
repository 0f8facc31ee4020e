//! Homebrew bottles, as a tap's releases have them: each is a redirect to storage.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::{gzip, tar_of};

/// The sample formula.
pub const FORMULA: &str = "demo-compass";
/// Its versions, oldest first; the last is a formula's second revision.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0_1"];
/// Platforms with bottles.
pub const TAGS: [&str; 3] = ["arm64_sequoia", "sonoma", "x86_64_linux"];
/// Where the bottles are: the formula's `root_url`.
pub const ROOT: &str = "/homebrew/";

const STORAGE: &str = "/homebrew-files/";

/// Bottles by file name, and where storage is.
struct Bottles {
    files: HashMap<String, Content>,
    storage: String,
}

/// Everything the stand-in answers for Homebrew.
pub(super) fn router(addresses: &Addresses) -> Router {
    let versions = VERSIONS
        .iter()
        .flat_map(|version| TAGS.map(|tag| (*version, tag)));
    let files = versions.map(|(version, tag)| (file_name(version, tag), bottle(version)));
    let bottles = Bottles {
        files: files.collect(),
        storage: addresses.storage.clone(),
    };
    Router::new()
        .route(&format!("{ROOT}{{file}}"), get(release))
        .route(&format!("{STORAGE}{{file}}"), get(stored))
        .with_state(Arc::new(bottles))
}

async fn release(Path(file): Path<String>, State(bottles): State<Arc<Bottles>>) -> Response {
    if !bottles.files.contains_key(&file) {
        return not_found();
    }
    let location = format!("{}{STORAGE}{file}", bottles.storage);
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

async fn stored(
    Path(file): Path<String>,
    State(bottles): State<Arc<Bottles>>,
    headers: HeaderMap,
) -> Response {
    let file = bottles.files.get(&file);
    file.map_or_else(not_found, |file| file.answer(&headers))
}

/// The name of a bottle's file; the last version was built a second time.
pub fn file_name(version: &str, tag: &str) -> String {
    let rebuild = if version == VERSIONS[1] { ".1" } else { "" };
    format!("{FORMULA}-{version}.{tag}.bottle{rebuild}.tar.gz")
}

/// What brew unpacks into its cellar.
fn bottle(version: &str) -> Content {
    let keg = format!("{FORMULA}/{version}");
    let program = format!("#!/bin/sh\necho \"{FORMULA} {version}: north is that way\"\n");
    let formula = "class DemoCompass < Formula\n  desc \"Shows where north is\"\nend\n";
    let files: [(&str, u32, &[u8]); 3] = [
        (
            &format!("{keg}/.brew/{FORMULA}.rb"),
            0o644,
            formula.as_bytes(),
        ),
        (
            &format!("{keg}/INSTALL_RECEIPT.json"),
            0o644,
            b"{\"poured_from_bottle\":true}\n",
        ),
        (&format!("{keg}/bin/{FORMULA}"), 0o755, program.as_bytes()),
    ];
    Content::new(gzip(&tar_of(&files)), "application/gzip")
}
