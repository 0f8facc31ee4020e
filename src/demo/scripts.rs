//! The sample project's install script.

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::Addresses;
use super::answer::Content;
use super::files::{NAME, OWNER};

/// Where it lies.
pub const PATH: &str = "/acme/rocket/install.sh";

/// Everything the stand-in answers for scripts.
pub(super) fn router(_addresses: &Addresses) -> Router {
    let script = Content::new(script().into_bytes(), "text/plain; charset=utf-8");
    Router::new().route(
        PATH,
        get(move |headers: HeaderMap| async move { answer(&script, &headers) }),
    )
}

fn answer(script: &Content, headers: &HeaderMap) -> Response {
    script.answer(headers)
}

/// Fetches the archive for this machine from where `ROCKET_FROM` says, and unpacks it here.
fn script() -> String {
    format!(
        r#"#!/bin/sh
# Installs {NAME} of {OWNER} into the current folder.
set -eu
version="${{1:-latest}}"
os=$(uname -s | tr '[:upper:]' '[:lower:]')
arch=$(uname -m | sed -e s/x86_64/amd64/ -e s/aarch64/arm64/)
curl -fsSL "${{ROCKET_FROM:?say where from}}/$version/{NAME}-$os-$arch.tar.gz" | tar -xz --strip-components=1
./{NAME}
"#
    )
}
