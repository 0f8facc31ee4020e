//! Hex packages, as a Hex repository has them: a signed registry and tarballs
//! (Hex specifications, "Registry v2" and "Package tarball").

mod package;
mod registry;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::Addresses;
use super::answer::{Content, not_found};
use package::Recipe;

/// The repository's own name, which its documents carry under their signature.
pub const REPOSITORY: &str = "demo";
/// What clients check the signatures with.
pub const PUBLIC_KEY: &str = include_str!("hex/key.pem");
/// The sample package.
pub const PACKAGE: &str = "demo_compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// A package of somebody else's that the sample package needs.
pub const OTHER_PACKAGE: &str = "tideline_demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the repository begins.
pub const ROOT: &str = "/hex/";

/// By path below [`ROOT`].
struct Files(HashMap<String, Content>);

pub(super) fn router(_addresses: &Addresses) -> Router {
    Router::new()
        .route(&format!("{ROOT}{{*path}}"), get(answer))
        .with_state(Arc::new(Files::of(&[sample(), other()])))
}

async fn answer(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    let file = files.0.get(&path);
    file.map_or_else(not_found, |file| file.answer(&headers))
}

/// Every version of the sample package.
fn sample() -> Vec<Recipe<'static>> {
    let version = |version| Recipe {
        name: PACKAGE,
        version,
        needs: Some((OTHER_PACKAGE, "~> 0.3")),
        code: "-export([north/0]).\n\nnorth() -> \"north is \" ++ tideline_demo:way().\n",
    };
    VERSIONS.map(version).into()
}

fn other() -> Vec<Recipe<'static>> {
    vec![Recipe {
        name: OTHER_PACKAGE,
        version: OTHER_VERSION,
        needs: None,
        code: "-export([way/0]).\n\nway() -> \"that way\".\n",
    }]
}

impl Files {
    /// A repository of `packages`, each with its versions.
    fn of(packages: &[Vec<Recipe<'_>>]) -> Self {
        let mut files = HashMap::new();
        let mut put = |path: String, bytes| {
            files.insert(path, Content::new(bytes, "application/octet-stream"));
        };
        for versions in packages {
            let name = versions[0].name;
            put(format!("packages/{name}"), registry::package(versions));
            for version in versions {
                let path = format!("tarballs/{name}-{}.tar", version.version);
                put(path, version.tarball());
            }
        }
        put("names".to_owned(), registry::names(packages));
        put("versions".to_owned(), registry::versions(packages));
        put("public_key".to_owned(), PUBLIC_KEY.into());
        Self(files)
    }
}
