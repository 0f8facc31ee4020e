//! A Python package index: pages in HTML and JSON, wheels and their metadata on another host.

mod accept;
mod page;
mod wheel;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use self::accept::Representation;
use self::page::Listed;
use self::wheel::Recipe;
use super::Addresses;
use super::answer::{Content, not_found};
use super::seal::sha256_hex;

/// The sample project.
pub const PROJECT: &str = "weir-demo-compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 3] = ["2.0.0", "2.0.1", "2.1.0"];
/// The one of them that was withdrawn.
pub const YANKED: &str = "2.0.1";
/// A project of somebody else's that the sample project needs: it passes through uncounted.
pub const OTHER_PROJECT: &str = "tideline-demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";

const REQUIRES_PYTHON: &str = ">=3.8,<4";
const UPLOAD_TIMES: [&str; 3] = [
    "2026-02-11T09:30:00Z",
    "2026-03-02T15:05:00Z",
    "2026-07-01T12:00:00Z",
];

/// Pages and files as they are answered.
struct Index {
    /// Listed files by project.
    projects: Vec<(&'static str, Vec<Listed>)>,
    /// Wheels and metadata by path under `/packages/`.
    files: HashMap<String, Content>,
}

pub(super) fn router(addresses: &Addresses) -> Router {
    Router::new()
        .route("/simple/", get(root))
        .route("/simple/{project}", get(slash))
        .route("/simple/{project}/", get(project))
        .route("/bare/{project}/", get(bare_project))
        .route("/packages/{*path}", get(file))
        .with_state(Arc::new(Index::new(addresses)))
}

async fn root(State(index): State<Arc<Index>>, headers: HeaderMap) -> Response {
    let names: Vec<_> = index.projects.iter().map(|(name, _)| *name).collect();
    page(
        &headers,
        || page::index_json(&names).to_string(),
        || page::index_html(&names),
    )
}

async fn slash(Path(name): Path<String>) -> Response {
    moved(&normalised(&name))
}

async fn project(
    Path(name): Path<String>,
    State(index): State<Arc<Index>>,
    headers: HeaderMap,
) -> Response {
    let normalised = normalised(&name);
    if name != normalised {
        return moved(&normalised);
    }
    let Some((name, files)) = index.projects.iter().find(|(name, _)| *name == normalised) else {
        return not_found();
    };
    project_page(&headers, name, files)
}

/// The same files on an index that does not know of metadata beside them.
async fn bare_project(
    Path(name): Path<String>,
    State(index): State<Arc<Index>>,
    headers: HeaderMap,
) -> Response {
    let Some((name, files)) = index.projects.iter().find(|(known, _)| *known == name) else {
        return not_found();
    };
    let files: Vec<_> = files.iter().map(Listed::without_metadata).collect();
    project_page(&headers, name, &files)
}

fn project_page(request: &HeaderMap, name: &str, files: &[Listed]) -> Response {
    page(
        request,
        || page::project_json(name, files).to_string(),
        || page::project_html(name, files),
    )
}

async fn file(
    Path(path): Path<String>,
    State(index): State<Arc<Index>>,
    headers: HeaderMap,
) -> Response {
    // A file's address holds its digest: clients may keep it for good.
    let caching = [(
        header::CACHE_CONTROL,
        "max-age=365000000, immutable, public",
    )];
    index.files.get(&path).map_or_else(not_found, |file| {
        (caching, file.answer(&headers)).into_response()
    })
}

/// A page in the representation that the client likes best.
fn page(
    request: &HeaderMap,
    json: impl FnOnce() -> String,
    html: impl FnOnce() -> String,
) -> Response {
    let accept = request
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    let Some(representation) = accept::best(accept) else {
        return (StatusCode::NOT_ACCEPTABLE, "no such representation\n").into_response();
    };
    let text = match representation {
        Representation::Json => json(),
        Representation::Html | Representation::PlainHtml => html(),
    };
    let content = Content::new(text.into_bytes(), representation.content_type());
    let caching = [
        (header::VARY, "Accept"),
        (header::CACHE_CONTROL, "max-age=600, public"),
    ];
    (caching, content.answer(request)).into_response()
}

/// Real indexes answer every other spelling of a project's name with its own address.
fn moved(project: &str) -> Response {
    let location = [(header::LOCATION, format!("/simple/{project}/"))];
    (StatusCode::MOVED_PERMANENTLY, location).into_response()
}

/// A project's name as PEP 503 spells it: lower case, runs of `-`, `_` and `.` one `-`.
fn normalised(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<_> = lower
        .split(['-', '_', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}

impl Index {
    fn new(addresses: &Addresses) -> Self {
        let mut index = Self {
            projects: vec![(PROJECT, Vec::new()), (OTHER_PROJECT, Vec::new())],
            files: HashMap::new(),
        };
        for (version, upload_time) in VERSIONS.into_iter().zip(UPLOAD_TIMES) {
            index.add(addresses, 0, &compass(version), version, upload_time);
        }
        index.add(addresses, 1, &tideline(), OTHER_VERSION, UPLOAD_TIMES[0]);
        index
    }

    fn add(
        &mut self,
        addresses: &Addresses,
        project: usize,
        recipe: &Recipe<'_>,
        version: &'static str,
        upload_time: &'static str,
    ) {
        let (wheel, metadata) = (recipe.wheel(), recipe.metadata());
        let (file_name, sha256) = (recipe.file_name(), sha256_hex(&wheel));
        let (first, rest) = sha256.split_at(2);
        let (second, rest) = rest.split_at(2);
        let path = format!("{first}/{second}/{rest}/{file_name}");
        self.projects[project].1.push(Listed {
            file_name,
            version,
            url: format!("{}/packages/{path}", addresses.storage),
            metadata_sha256: Some(sha256_hex(metadata.as_bytes())),
            size: wheel.len(),
            requires_python: REQUIRES_PYTHON,
            yanked: (version == YANKED).then_some("needle points \"south\" on <4 GiB machines"),
            upload_time,
            sha256,
        });
        let metadata = Content::new(metadata.into_bytes(), "application/octet-stream");
        let wheel = Content::new(wheel, "application/octet-stream");
        self.files.insert(format!("{path}.metadata"), metadata);
        self.files.insert(path, wheel);
    }
}

fn compass(version: &str) -> Recipe<'_> {
    Recipe {
        project: PROJECT,
        version,
        summary: "Points north; a sample package of the Weir demo.",
        requires_python: REQUIRES_PYTHON,
        requires: &["tideline-demo>=0.3"],
        says: "print(\"north is that way\")",
    }
}

fn tideline() -> Recipe<'static> {
    Recipe {
        project: OTHER_PROJECT,
        version: OTHER_VERSION,
        summary: "Somebody else's package in the Weir demo.",
        requires_python: REQUIRES_PYTHON,
        requires: &[],
        says: "print(\"high water at six\")",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_name_is_normalised_alike() {
        for name in [
            "Weir.Demo_Compass",
            "weir--demo__compass",
            "weir-demo-compass",
        ] {
            assert_eq!(normalised(name), PROJECT);
        }
    }

    #[test]
    fn wheels_lie_on_the_storage_host_with_their_metadata_beside_them() {
        let index = Index::new(&Addresses {
            registry: "http://index.example".to_owned(),
            storage: "http://files.example".to_owned(),
        });
        let (_, files) = &index.projects[0];
        assert_eq!(files.len(), VERSIONS.len());
        for file in files {
            let path = file.url.strip_prefix("http://files.example/packages/");
            let path = path.expect("files lie on the storage host");
            assert_eq!(sha256_hex(&index.files[path].bytes), file.sha256);
            let metadata = &index.files[&format!("{path}.metadata")];
            assert_eq!(Some(sha256_hex(&metadata.bytes)), file.metadata_sha256);
        }
    }
}
